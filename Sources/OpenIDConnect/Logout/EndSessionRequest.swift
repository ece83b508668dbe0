/// A logout at the provider (RP-Initiated Logout §2): by `GET`, the browser is sent to ``url``; by `POST`, it sends
/// ``parameters`` as a form to ``endpoint``. Prints without the parameters: the ID Token is as secret as a session.
public struct EndSessionRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// The `end_session_endpoint`.
    public let endpoint: EndpointURL
    /// The parameters in order, as they are before form encoding.
    public let parameters: [(name: String, value: String)]

    /// A request to an `end_session_endpoint`.
    ///
    /// - Parameters:
    ///   - endpoint: The provider's.
    ///   - clientID: Who asks.
    ///   - idTokenHint: The compact ID Token of the session that ends.
    ///   - logoutHint: Who logs out, in the provider's terms; where there is an ID Token that says it too.
    ///   - postLogoutRedirectURI: Where the browser comes back to; it has to be registered at the provider.
    ///   - state: Comes back with the browser.
    ///   - uiLocales: Language tags in order of preference.
    public init(
        endpoint: EndpointURL, clientID: ClientID, idTokenHint: String?, logoutHint: String? = nil,
        postLogoutRedirectURI: EndpointURL?, state: State? = nil, uiLocales: [String] = []
    ) {
        var parameters: [(name: String, value: String)] = []
        if let idTokenHint { parameters.append(("id_token_hint", idTokenHint)) }
        if let logoutHint { parameters.append(("logout_hint", logoutHint)) }
        parameters.append(("client_id", clientID.string))
        if let postLogoutRedirectURI {
            parameters.append(("post_logout_redirect_uri", postLogoutRedirectURI.string))
        }
        if let state { parameters.append(("state", state.string)) }
        if !uiLocales.isEmpty { parameters.append(("ui_locales", uiLocales.joined(separator: " "))) }
        self.endpoint = endpoint
        self.parameters = parameters
    }

    /// The address to send the browser to.
    public var url: String { endpoint.appending(parameters) }

    /// The endpoint; never the parameters.
    public var description: String { "EndSessionRequest(\(endpoint))" }
    /// Without the parameters.
    public var customMirror: Mirror { Mirror(self, children: ["endpoint": endpoint.string]) }
}
