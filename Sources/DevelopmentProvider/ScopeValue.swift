import ByteText

/// The scope values that the provider knows (OIDC Core §5.4, §11); others are ignored (OIDC Core §3.1.2.1).
enum ScopeValue: String, CaseIterable, Sendable {
    case openid
    case profile
    case email
    /// No standard: what this provider, like others, calls the user's roles.
    case roles
    case offlineAccess = "offline_access"

    /// The claims that the value asks for.
    var claims: [UserClaim] {
        switch self {
        case .openid: [.subject]
        case .profile: [.name, .givenName, .familyName, .preferredUsername]
        case .email: [.email, .isEmailVerified]
        case .roles: [.roles]
        case .offlineAccess: []
        }
    }
}

/// The claims about a user (OIDC Core §5.1).
enum UserClaim: String, CaseIterable, Sendable {
    case subject = "sub"
    case name
    case givenName = "given_name"
    case familyName = "family_name"
    case preferredUsername = "preferred_username"
    case email
    case isEmailVerified = "email_verified"
    case roles
}

extension Set<ScopeValue> {
    /// `nil` where the text is no list of scope tokens separated by single spaces (RFC 6749 §3.3).
    init?(scope text: String) {
        let tokens = text.utf8.split(at: " ")
        let isScope = tokens.allSatisfy { token in
            !token.isEmpty
                && token.utf8.allSatisfy {
                    $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
                }
        }
        guard isScope else { return nil }
        self.init(tokens.compactMap { ScopeValue(rawValue: String($0)) })
    }

    /// The values separated by spaces.
    var text: String { ScopeValue.allCases.filter(contains).map(\.rawValue).joined(separator: " ") }
}
