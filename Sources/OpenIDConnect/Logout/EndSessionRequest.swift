/// A logout at the provider (RP-Initiated Logout §2).
public struct EndSessionRequest: Sendable {
    /// The address to send the browser to.
    public let url: String

    /// A request to an `end_session_endpoint`. `idTokenHint` is the compact ID Token of the session that ends;
    /// `postLogoutRedirectURI` has to be registered at the provider; `state` comes back with it.
    public init(
        endpoint: EndpointURL, clientID: ClientID, idTokenHint: String?, postLogoutRedirectURI: EndpointURL?,
        state: State? = nil
    ) {
        var parameters: [(name: String, value: String)] = []
        if let idTokenHint { parameters.append(("id_token_hint", idTokenHint)) }
        parameters.append(("client_id", clientID.string))
        if let postLogoutRedirectURI {
            parameters.append(("post_logout_redirect_uri", postLogoutRedirectURI.string))
        }
        if let state { parameters.append(("state", state.string)) }
        url = endpoint.string + (endpoint.query == nil ? "?" : "&") + formEncoded(parameters)
    }
}
