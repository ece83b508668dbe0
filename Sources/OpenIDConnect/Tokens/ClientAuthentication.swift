import JOSE

/// How the client proves itself at the token endpoint (OIDC Core §9).
public enum ClientAuthenticationMethod: String, Sendable, Hashable, CaseIterable {
    /// Identifier and secret in an `Authorization: Basic` header (RFC 6749 §2.3.1).
    case clientSecretBasic = "client_secret_basic"
    /// Identifier and secret in the body (RFC 6749 §2.3.1).
    case clientSecretPost = "client_secret_post"
    /// No proof but PKCE: a public client.
    case none
}

extension ClientAuthenticationMethod {
    /// The method for a client: the one configured; else, with a secret, `client_secret_basic` if the provider has it
    /// (it has, where it does not say: OIDC Discovery §3), or `client_secret_post`; without a secret, none.
    ///
    /// Throws ``OpenIDError`` `.registration` where a secret is wanted and missing, `.unsupported` where the provider
    /// offers neither method.
    static func choose(
        configured: ClientAuthenticationMethod?, secret: ClientSecret?, offered: [String]?
    ) throws(OpenIDError) -> ClientAuthenticationMethod {
        if let configured {
            if configured != .none, secret == nil {
                throw OpenIDError(
                    .registration, expected: "a client secret for \(configured.rawValue)", actual: "none",
                    remedy: "Configure the client secret, or the method none for a public client.")
            }
            return configured
        }
        guard secret != nil else { return .none }
        let offered = offered ?? [Self.clientSecretBasic.rawValue]
        for method in [Self.clientSecretBasic, .clientSecretPost] where offered.contains(method.rawValue) {
            return method
        }
        throw OpenIDError(
            .unsupported, expected: "client_secret_basic or client_secret_post at the token endpoint",
            actual: offered.joined(separator: ", "),
            remedy: "Register the client at the provider for a method that both sides have.")
    }

    /// Adds the proof to a request: exactly one way (RFC 6749 §2.3).
    func prove(
        _ client: ClientID, secret: ClientSecret?, fields: inout [(name: String, value: String)],
        parameters: inout [(name: String, value: String)]
    ) {
        switch self {
        case .clientSecretBasic:
            // Both are form-urlencoded before they are joined (RFC 6749 §2.3.1, Appendix B).
            let pair = formEncoded(client.string) + ":" + formEncoded(secret?.string ?? "")
            fields.append(("Authorization", "Basic " + base64(Array(pair.utf8))))
        case .clientSecretPost:
            parameters.append(("client_id", client.string))
            parameters.append(("client_secret", secret?.string ?? ""))
        case .none:
            parameters.append(("client_id", client.string))
        }
    }
}

/// Standard base64 with padding, which HTTP Basic wants (RFC 7617 §2; RFC 4648 §4).
private func base64(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    return String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4)
}
