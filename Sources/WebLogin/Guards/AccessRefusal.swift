public import JOSE
public import OpenIDConnect

/// Why a signed-in user may not see a page, without any token. Texts that came from a provider have to be escaped in a page.
public struct AccessRefusal: Sendable {
    /// With the subject, who the user is.
    public let issuer: Issuer
    /// With the issuer, who the user is.
    public let subject: Subject
    /// What is known of the user.
    public let claims: JSONObject
    /// The user's roles.
    public let roles: Set<String>
    /// The provider at which they are logged in.
    public let provider: ProviderChoice
    /// What they lack: each of these.
    public let missing: [Requirement]
    /// The provider at which a login might change that, where the page is for its users only.
    public let otherProvider: ProviderChoice?

    /// A refusal as it stands.
    public init(
        issuer: Issuer, subject: Subject, claims: JSONObject, roles: Set<String>, provider: ProviderChoice,
        missing: [Requirement], otherProvider: ProviderChoice? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.claims = claims
        self.roles = roles
        self.provider = provider
        self.missing = missing
        self.otherProvider = otherProvider
    }

    /// What they lack, in words, such as `the role admin`.
    public var missingText: String { Requirement.all(missing).description }

    /// What to call the user: the name, or the e-mail address, or the subject.
    public var userName: String { claims["name"]?.string ?? claims["email"]?.string ?? subject.string }
}
