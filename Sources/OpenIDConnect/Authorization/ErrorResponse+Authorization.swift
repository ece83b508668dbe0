import ByteText

extension ErrorResponse {
    /// What to do when a provider answers an authorization request with this error (RFC 6749 §4.1.2.1; OIDC Core §3.1.2.6).
    func authorizationRemedy(_ description: String?) -> String {
        if saysLoginPageExpired(description) {
            return "The provider's login page was open for too long: begin the login again."
        }
        return Self.authorizationRemedies[name]
            ?? "See what the provider says, and its log and documentation for this error."
    }

    private static let authorizationRemedies: [String: String] = {
        let question =
            "The provider has to ask the user something and was told not to: log in without prompt=none (PROMPT)."
        let flow = "Allow the authorization code flow for this client at the provider; check CLIENT_ID."
        let trouble = "The provider says that it is in trouble; try again later, and see its log."
        return [
            "access_denied": "The user, or the provider for them, said no. Try again, or use another account.",
            "login_required": question, "interaction_required": question, "account_selection_required": question,
            "consent_required": question,
            "invalid_scope": "Set SCOPE to scopes that the provider knows for this client.",
            "unauthorized_client": flow, "unsupported_response_type": flow,
            "invalid_request":
                "The provider does not take a part of the request: compare SCOPE, PROMPT, MAX_AGE, ACR_VALUES and RESPONSE_MODE with what it supports, and read what it says.",
            "unsupported_response_mode": "Set RESPONSE_MODE to one that the provider has.",
            "unmet_authentication_requirements":
                "The provider cannot log this user in as strongly as ACR_VALUES, or the page, demands.",
            "invalid_target": "The provider does not know the API that the scopes in SCOPE are for.",
            "invalid_client": "Check CLIENT_ID, and that the client is not switched off at the provider.",
            "temporarily_unavailable": trouble, "server_error": trouble,
        ]
    }()
}

extension OpenIDError {
    /// Whether the provider says that its own login page was open for too long.
    package var isExpiredLoginPage: Bool {
        guard case .authorizationRefused(let error) = code else { return false }
        return actual.utf8.rest(after: error.name + ": ").map { saysLoginPageExpired(String($0)) } ?? false
    }
}

/// Keycloak says so in the words of `temporarily_unavailable` alone.
private func saysLoginPageExpired(_ description: String?) -> Bool {
    description.isExactly("authentication_expired")
}
