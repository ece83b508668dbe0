import ByteText

/// An authorization request of the code flow (OIDC Core §3.1.2.1) with `state`, `nonce` and PKCE S256 (RFC 7636 §4.3).
struct AuthorizationRequest {
    let endpoint: EndpointURL
    let parameters: [(name: String, value: String)]

    init(
        client: ClientID, metadata: ProviderMetadata, pending: PendingLogin, scopes: [Scope],
        options: AuthorizationOptions
    ) {
        endpoint = metadata.authorizationEndpoint
        // `openid` makes it OpenID Connect: it is sent whether or not it was asked for, and first.
        let scopes = [Scope.openid] + scopes.filter { $0 != .openid }
        var parameters: [(name: String, value: String)] = [
            ("response_type", "code"),
            ("client_id", client.string),
            ("redirect_uri", pending.redirectURI.url.string),
            ("scope", scopes.map(\.string).joined(separator: " ")),
            ("state", pending.state.string),
            ("nonce", pending.nonce.string),
            ("code_challenge", pending.codeVerifier.challenge),
            ("code_challenge_method", "S256"),
        ]
        if options.responseMode != .query { parameters.append(("response_mode", options.responseMode.rawValue)) }
        if !options.prompt.isEmpty {
            parameters.append(("prompt", options.prompt.map(\.rawValue).joined(separator: " ")))
        }
        if let maxAge = options.maxAge { parameters.append(("max_age", String(maxAge))) }
        if !options.uiLocales.isEmpty { parameters.append(("ui_locales", options.uiLocales.joined(separator: " "))) }
        if !options.acrValues.isEmpty { parameters.append(("acr_values", options.acrValues.joined(separator: " "))) }
        if let hint = options.idTokenHint { parameters.append(("id_token_hint", hint)) }
        if let hint = options.loginHint { parameters.append(("login_hint", hint)) }
        let names = Set(parameters.map(\.name)).union(Self.ownNames)
        self.parameters =
            parameters
            + options.additionalParameters.sorted { $0.key < $1.key }.filter { !names.containsExactly($0.key) }
            .map { ($0.key, $0.value) }
    }

    /// Parameters that change what a request is, and are set by what they are part of or not at all.
    private static let ownNames: Set<String> = [
        "response_mode", "request", "request_uri", "prompt", "max_age", "id_token_hint", "claims", "registration",
    ]

    /// The address to send the browser to.
    var url: String { endpoint.appending(parameters) }
}
