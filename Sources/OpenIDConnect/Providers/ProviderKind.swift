import JOSE

/// Which product or service a provider is, as far as that makes a difference: what it is asked for, where its roles
/// stand, and what its operator's pages call things.
///
/// A kind is a guess for convenience, never a ground to trust anything: what a kind makes stricter can only be made so, and
/// the one rule that a kind loosens (``entra``'s issuer template) names the one host that it holds for.
public enum ProviderKind: String, Sendable, Hashable, CaseIterable {
    /// Google, with or without Workspace.
    case google
    /// Keycloak, and what is built of it.
    case keycloak
    /// Microsoft Entra ID, formerly Azure Active Directory.
    case entra
    /// Sign in with Apple.
    case apple
    /// Okta: the organisation's own authorization server or a custom one.
    case okta
    /// Auth0.
    case auth0
    /// LS Login, formerly ELIXIR AAI.
    case lsLogin = "ls-login"
    /// GitLab, at gitlab.com or one's own.
    case gitLab = "gitlab"
    /// Any other.
    case other

    /// The kind by an issuer alone: by the service's own host, and Keycloak by its path `/realms/`. A provider at a domain
    /// of one's own is ``other`` here, and is named by configuration.
    public init(issuer: Issuer) {
        let host = issuer.url.host
        let path = issuer.url.path
        func isHost(_ name: String) -> Bool { host == name }
        func isBelow(_ domain: String) -> Bool { host.hasSuffix("." + domain) }
        self =
            if isHost("accounts.google.com") {
                .google
            } else if isHost("appleid.apple.com") || isHost("account.apple.com") {
                .apple
            } else if isHost("login.microsoftonline.com") || isHost("login.microsoftonline.us")
                || isHost("login.partner.microsoftonline.cn") || isHost("sts.windows.net")
            {
                .entra
            } else if isHost("login.aai.lifescience-ri.eu") || isHost("login.elixir-czech.org") {
                .lsLogin
            } else if isHost("gitlab.com") {
                .gitLab
            } else if isBelow("auth0.com") {
                .auth0
            } else if isBelow("okta.com") || isBelow("oktapreview.com") || isBelow("okta-emea.com") {
                .okta
            } else if path.contains("/realms/") {
                .keycloak
            } else {
                .other
            }
    }

    /// The kind by the issuer; else, for products that people run at hosts of their own, by the shape of their metadata.
    public init(metadata: ProviderMetadata) {
        let kind = ProviderKind(issuer: metadata.issuer)
        guard kind == .other else {
            self = kind
            return
        }
        let claims = metadata.document["claims_supported"]?.array?.compactMap(\.string) ?? []
        let authorizationPath = metadata.authorizationEndpoint.path
        self =
            if claims.contains(where: { $0.utf8.starts(with: "https://gitlab.org/claims/".utf8) })
                || (authorizationPath.hasSuffix("/oauth/authorize") && claims.containsIdentical("groups_direct"))
            {
                .gitLab
            } else if authorizationPath.hasSuffix("/protocol/openid-connect/auth") {
                .keycloak
            } else {
                .other
            }
    }

    /// The kind by its name in settings: the raw value, in any case.
    public init?(named name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// The name for people; `nil` for ``other``.
    public var title: String? {
        switch self {
        case .google: "Google"
        case .keycloak: "Keycloak"
        case .entra: "Microsoft Entra"
        case .apple: "Apple"
        case .okta: "Okta"
        case .auth0: "Auth0"
        case .lsLogin: "LS Login"
        case .gitLab: "GitLab"
        case .other: nil
        }
    }
}
