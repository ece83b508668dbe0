import ByteText

/// One scope value (RFC 6749 §3.3).
public struct Scope: Sendable, Hashable, CustomStringConvertible {
    /// The value as it is sent.
    public let string: String

    /// `nil` where the text is no `scope-token`: empty, or with a space, a quote, a backslash or anything outside ASCII.
    public init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5B).contains($0) || (0x5D...0x7E).contains($0) }
        guard !text.isEmpty, allowed else { return nil }
        string = text
    }

    /// Reads a space-separated list: each value once, in the order in which they come. `nil` where one of them is no scope.
    public static func list(_ text: String) -> [Scope]? {
        var scopes: [Scope] = []
        var seen: Set<Scope> = []
        for part in text.utf8.words(separatedBy: " ") {
            guard let scope = Scope(String(part)) else { return nil }
            if seen.insert(scope).inserted { scopes.append(scope) }
        }
        return scopes
    }

    /// The value as it is sent.
    public var description: String { string }

    /// Makes it an OpenID Connect request (OIDC Core §3.1.2.1).
    public static let openid = Scope(known: "openid")
    /// Name, picture and the like (OIDC Core §5.4).
    public static let profile = Scope(known: "profile")
    /// E-mail address (OIDC Core §5.4).
    public static let email = Scope(known: "email")
    /// Postal address (OIDC Core §5.4).
    public static let address = Scope(known: "address")
    /// Telephone number (OIDC Core §5.4).
    public static let phone = Scope(known: "phone")
    /// A refresh token for use while the user is away (OIDC Core §11).
    public static let offlineAccess = Scope(known: "offline_access")
    /// Roles, as some providers name them.
    public static let roles = Scope(known: "roles")

    private init(known: String) { string = known }
}
