public import OpenIDConnect

/// What a kind of provider is asked for, and where it says what, unless a registration says otherwise. The sources are in
/// `docs/providers`.
extension ProviderKind {
    /// The scopes of a login; `nil` for `openid profile email`, with `roles` where the provider advertises it. Google, GitLab
    /// and the like refuse a request with a scope that they do not know; Apple calls the name a scope of its own.
    public var usualScopes: [Scope]? {
        switch self {
        case .apple: [.openid, .email] + [Scope("name")].compactMap { $0 }
        case .google, .entra, .okta, .auth0, .gitLab, .lsLogin: [.openid, .profile, .email]
        case .keycloak, .other: nil
        }
    }

    /// How the answer comes back: Apple sends a name or an e-mail address by a form only.
    public var usualResponseMode: ResponseMode { self == .apple ? .formPost : .query }

    /// The claims that are roles, for a client of this identifier.
    public func usualRoles(of client: ClientID) -> RoleMapping {
        switch self {
        case .keycloak:
            RoleMapping(
                [
                    RoleMapping.Source(["realm_access", "roles"]),
                    RoleMapping.Source(["resource_access", client.string, "roles"], prefix: client.string + ":"),
                ] + RoleMapping.usual.sources)
        case .gitLab:
            // Whoever has an account there can make a group of any free name, so that none may pass for a role of ours.
            RoleMapping(
                ["groups", "groups_direct"].map { RoleMapping.Source([$0], prefix: "group:") }
                    + ["owner", "maintainer", "developer"].map {
                        RoleMapping.Source(["https://gitlab.org/claims/groups/" + $0], prefix: $0 + ":")
                    })
        case .lsLogin: RoleMapping(RoleMapping.usual.sources + [RoleMapping.Source(["eduperson_entitlement"])])
        default: .usual
        }
    }
}

extension ProviderRegistration {
    /// Sets what the kind has as its usual.
    mutating func apply(_ kind: ProviderKind) {
        self.kind = kind
        options.responseMode = kind.usualResponseMode
    }

    /// One organisation's accounts of Google only: the domain is sent as `hd`, so that Google offers no others, and demanded
    /// of the ID Token's `hd`, since what is sent can be changed on its way
    /// (<https://developers.google.com/identity/openid-connect/openid-connect#hd-param>).
    public mutating func restrict(toHostedDomain domain: String) {
        options.additionalParameters["hd"] = domain
        client.requiredClaims["hd"] = [domain]
    }

    /// Asks for a refresh token, in the provider's way: Google wants `access_type=offline`, and gives another one only where
    /// the user consents anew; Apple always gives one; the others take the scope `offline_access` (OIDC Core §11).
    public mutating func requestRefreshTokens() {
        switch kind {
        case .google:
            options.additionalParameters["access_type"] = "offline"
            if !options.prompt.contains(.consent) { options.prompt.append(.consent) }
        case .apple, .gitLab: break
        default:
            let scopes = self.scopes ?? kind.usualScopes ?? [.openid, .profile, .email]
            self.scopes = scopes.contains(.offlineAccess) ? scopes : scopes + [.offlineAccess]
        }
    }
}
