/// Somebody who can log in at the development provider, with one click and no password.
public struct DevelopmentUser: Sendable, Hashable {
    /// The `sub` claim: never changes, never reassigned, at most 255 ASCII characters (OIDC Core §2).
    public var subject: String
    /// The `given_name` claim.
    public var givenName: String
    /// The `family_name` claim.
    public var familyName: String
    /// The `preferred_username` claim.
    public var preferredUsername: String
    /// The `email` claim.
    public var email: String
    /// The `email_verified` claim.
    public var isEmailVerified: Bool
    /// The `roles` claim.
    public var roles: [String]

    /// The `name` claim: given name and family name.
    public var name: String { [givenName, familyName].filter { !$0.isEmpty }.joined(separator: " ") }

    /// A user; what makes a subject unusable is refused when a ``DevelopmentProvider`` is made.
    public init(
        subject: String, givenName: String, familyName: String, preferredUsername: String, email: String,
        isEmailVerified: Bool = true, roles: [String] = []
    ) {
        self.subject = subject
        self.givenName = givenName
        self.familyName = familyName
        self.preferredUsername = preferredUsername
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.roles = roles
    }
}

extension [DevelopmentUser] {
    /// Three users who differ in what applications look at: roles from administrator to none, and one e-mail address
    /// that is not verified.
    public static var readyUsers: [DevelopmentUser] {
        [
            DevelopmentUser(
                subject: "7d1f6c0a-ada", givenName: "Ada", familyName: "Admin", preferredUsername: "ada",
                email: "ada@example.com", roles: ["admin", "user"]),
            DevelopmentUser(
                subject: "c2905b3e-ben", givenName: "Ben", familyName: "Builder", preferredUsername: "ben",
                email: "ben@example.com", roles: ["editor", "user"]),
            DevelopmentUser(
                subject: "e84a71d5-cleo", givenName: "Cleo", familyName: "Customer", preferredUsername: "cleo",
                email: "cleo@example.org", isEmailVerified: false),
        ]
    }
}
