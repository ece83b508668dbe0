import ByteText
import JOSE
import OpenIDConnect
import WebLogin

/// What the metadata say, held against how the client is registered.
extension ProviderCheck {
    mutating func examineClientAuthentication(_ metadata: ProviderMetadata) -> ClientAuthenticationMethod? {
        let offered = metadata.tokenEndpointAuthMethodsSupported
        let method: ClientAuthenticationMethod
        do throws(OpenIDError) {
            method = try registration.client.authenticationMethod(at: metadata)
        } catch {
            add(.problem(.clientAuthentication, error))
            return nil
        }
        let usual = ClientAuthenticationMethod.clientSecretBasic.rawValue
        if method == .none {
            add(.ok(.clientAuthentication, "a public client: it has no secret, and PKCE alone protects its codes"))
        } else if (offered ?? [usual]).containsExactly(method.rawValue) {
            add(.ok(.clientAuthentication, "\(method.rawValue), which the provider has"))
        } else {
            add(
                .warning(
                    .clientAuthentication,
                    "\(method.rawValue) is configured, and the provider names \(list(offered ?? [usual]))",
                    remedy: "Unset TOKEN_ENDPOINT_AUTH_METHOD, or set it to one of those."))
        }
        return method
    }

    mutating func examinePKCE(_ metadata: ProviderMetadata) {
        switch metadata.codeChallengeMethodsSupported {
        case nil:
            add(.warning(.pkce, "the provider does not say whether it supports PKCE; S256 is sent all the same"))
        case let methods? where methods.containsExactly("S256"): add(.ok(.pkce, "the provider supports S256"))
        case let methods?:
            // Whether it refuses S256 shows at the authorization endpoint.
            add(
                .warning(
                    .pkce, "the provider names \(list(methods)) for PKCE, and not S256, which every login sends",
                    remedy: "Switch PKCE with S256 on at the provider, for this client or for all."))
        }
    }

    mutating func examineResponseMode(_ metadata: ProviderMetadata) {
        let mode = registration.options.responseMode
        let supported = metadata.document["response_modes_supported"]?.array?.compactMap(\.string)
        // What a provider has that does not say (OIDC Discovery §3).
        if (supported ?? ["query", "fragment"]).containsExactly(mode.rawValue) {
            add(.ok(.responseMode, "\(mode.rawValue), which the provider has"))
        } else if supported == nil || mode == .query {
            add(
                .warning(
                    .responseMode, "\(mode.rawValue) is asked for, and the provider names \(list(supported ?? []))",
                    remedy: "If answers do not come back, set RESPONSE_MODE to another."))
        } else {
            add(
                .warning(
                    .responseMode, "\(mode.rawValue) is configured, and the provider has \(list(supported ?? []))",
                    remedy: "If answers do not come back, unset RESPONSE_MODE, or set it to one that the provider has.")
            )
        }
    }

    mutating func examineScopes(_ metadata: ProviderMetadata) {
        let asked = registration.scopes(at: metadata)
        guard let supported = metadata.scopesSupported else {
            add(.ok(.scopes, "the provider does not say which it has; asked for are \(list(asked.map(\.string)))"))
            return
        }
        if !supported.containsExactly(Scope.openid.string) {
            // A provider need not name all of its scopes (OIDC Discovery §3).
            add(
                .warning(
                    .scopes, "the provider does not name openid among its scopes",
                    remedy: "Switch OpenID Connect on at the provider: without it, it gives no ID Token."))
            return
        }
        let unknown = asked.filter { !supported.containsExactly($0.string) }
        if unknown.isEmpty {
            let roles = supported.containsExactly(Scope.roles.string) ? "" : "; the provider names no roles"
            add(.ok(.scopes, "asked for are \(list(asked.map(\.string))), which the provider has\(roles)"))
        } else {
            add(
                .warning(
                    .scopes, "the provider does not name \(list(unknown.map(\.string))), which a login asks for",
                    remedy: "Set SCOPE to what the provider has, if it refuses logins with invalid_scope."))
        }
    }

    mutating func examineLogout(_ metadata: ProviderMetadata) {
        if let url = registration.logoutURL {
            add(.ok(.logout, "/logout goes on to LOGOUT_URL, \(url)"))
        } else if metadata.endSessionEndpoint != nil {
            add(.ok(.logout, "/logout ends the session at the provider too (end_session_endpoint)"))
        } else {
            add(
                .warning(
                    .logout, "the provider has no end_session_endpoint: /logout ends the session here only",
                    remedy: "Set LOGOUT_URL if the provider has such an address under another name."))
        }
        func withSession(_ has: Bool) -> String { has ? ", session by session" : ", for all sessions of a user" }
        var ways: [String] = []
        if metadata.backchannelLogoutSupported {
            ways.append("back-channel" + withSession(metadata.backchannelLogoutSessionSupported))
        }
        if metadata.frontchannelLogoutSupported {
            ways.append("front-channel" + withSession(metadata.frontchannelLogoutSessionSupported))
        }
        add(
            .ok(
                .logout,
                ways.isEmpty
                    ? "the provider does not tell the app of logouts of its own"
                    : "the provider tells of its own logouts: \(ways.joined(separator: "; "))"))
        if registration.watchesSession, metadata.checkSessionIframe == nil {
            add(
                .warning(
                    .logout, "SESSION_MANAGEMENT is on, and the provider has no check_session_iframe",
                    remedy: "Unset SESSION_MANAGEMENT."))
        }
        add(
            .ok(
                .responseIssuer,
                metadata.authorizationResponseIssSupported
                    ? "the provider's answers name it (RFC 9207), and that is demanded"
                    : "the provider's answers do not name it (RFC 9207); each provider has a redirect URI of its own"))
    }

    func list(_ words: [String]) -> String { words.isEmpty ? "none" : excerpt(words.joined(separator: ", ")) }
}
