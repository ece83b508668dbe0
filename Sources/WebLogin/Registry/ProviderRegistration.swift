import JOSE
public import OpenIDConnect

/// A provider as an application registers it.
public struct ProviderRegistration: Sendable {
    /// The name in paths and settings.
    public var name: ProviderName
    /// What a user sees, such as `Google`.
    public var title: String
    /// Which product or service it is: what follows from that is set when the provider is registered.
    public internal(set) var kind = ProviderKind.other
    /// Where the provider's metadata lies.
    public var location: MetadataLocation
    /// What the application is at the provider.
    public var client: ClientRegistration
    /// The scopes to ask for; `nil` for those of the ``kind``.
    public var scopes: [Scope]?
    /// What else each login asks for.
    public var options = AuthorizationOptions()
    /// Which claims are roles; `nil` for those of the ``kind``, and for none where every tenant's users may log in
    /// (`EntraTenants.every`): there each organisation's administrators decide which roles its users have.
    public var roles: RoleMapping?
    /// The domains of e-mail addresses whose owners log in here: a `login_hint` with one of them leads here where several
    /// providers are registered.
    public var emailDomains: Set<EmailDomain> = []
    /// The path of a picture for the provider's button, at this application.
    public var logoPath: String?
    /// Replaces the provider's `end_session_endpoint`.
    public var logoutURL: EndpointURL?
    /// The way to this provider; `nil` for the one that all have.
    public var transport: (any HTTPTransport)?

    /// Whether pages with the frame of ``WebLogin/sessionFramePath`` watch the user's session at the provider
    /// (Session Management §3); the provider has to have a `check_session_iframe`. Many browsers keep a frame of another
    /// site from its cookies: then it does not work. The logouts that come to `/external-logout` do without.
    public var watchesSession = false

    /// Whether the browser goes to the end of its session at the provider by `POST`, so that the ID Token stands in no
    /// address (RP-Initiated Logout §2); else only where the address would be too long.
    public var logsOutByPost = false

    /// The claims that are roles.
    var roleMapping: RoleMapping {
        roles ?? (client.tenants == .every ? RoleMapping([]) : kind.usualRoles(of: client.clientID))
    }

    /// Whether the text is an issuer that this provider's users may have.
    func mayHaveIssuer(_ issuer: String) -> Bool {
        location.issuers.contains { isIdentical($0.string, issuer) }
            || (client.tenants.flatMap { EntraIssuers(location, $0) }?.contains(issuer) ?? false)
    }

    /// The scopes for a login: those that were set, as they are; else the usual ones. `roles` is asked for only where the
    /// provider advertises it: others would refuse the whole request with `invalid_scope`.
    package func scopes(at metadata: ProviderMetadata) -> [Scope] {
        if let scopes = scopes ?? kind.usualScopes { return scopes }
        let advertised = metadata.scopesSupported?.containsIdentical(Scope.roles.string) ?? false
        return [.openid, .profile, .email] + (advertised ? [.roles] : [])
    }
}

/// Why a provider cannot be registered.
public struct RegistrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The value that will not do.
    public enum Code: String, Sendable, Hashable {
        /// The name is no ``ProviderName``.
        case name
        /// The name is taken.
        case duplicateName
        /// The client identifier.
        case clientID
        /// The client secret.
        case clientSecret
        /// The address of the metadata.
        case serverMetadataURL
    }

    /// The value that will not do.
    public let code: Code
    /// The provider's name as it was given.
    public let provider: String

    /// What is wrong and what would be right; never a secret.
    public var description: String {
        let wanted =
            switch code {
            case .name: "a provider's name has 1 to 64 letters, digits, hyphens and underscores"
            case .duplicateName: "each provider needs a name of its own"
            case .clientID: "the client identifier has to be visible ASCII, at most 1,024 characters"
            case .clientSecret: "the client secret has to be visible ASCII, at most 4,096 characters"
            case .serverMetadataURL:
                "the metadata URL has to be https (http for loopback only) and end in /.well-known/openid-configuration"
            }
        return "provider \(provider): \(wanted)"
    }

    /// Equal by code, so that tests match simply.
    public static func == (left: RegistrationError, right: RegistrationError) -> Bool { left.code == right.code }
}
