import ByteText
public import JOSE

/// What is known of the user after a login: the claims of the verified ID Token, with those of the UserInfo answer, whose
/// `sub` was compared, over them (OIDC Core §5.3.2). Claims about the token itself are left out. `email` and `email_verified` are
/// both of the answer that has `email`, and so with `phone_number`: what one says to be verified is not what the other says.
///
/// Only issuer and subject name a user for good: an e-mail address or a user name may change hands (OIDC Core §5.7).
public struct UserInfo: Sendable, Hashable {
    /// All claims about the user.
    public let claims: JSONObject
    /// `sub`.
    public let subject: Subject

    /// Claims about the ID Token and not about the user (OIDC Core §2, §3.1.3.6, §3.3.2.11; RFC 7519 §4.1).
    private static let aboutTheToken: Set<ExactText> = [
        "iss", "aud", "exp", "iat", "nbf", "jti", "nonce", "at_hash", "c_hash", "s_hash", "azp", "auth_time", "acr",
        "amr",
        "sid", "typ",
    ]

    /// Claims that say of another one whether it was verified (OIDC Core §5.1).
    private static let verifications: [ExactText: String] = [
        "email_verified": "email", "phone_number_verified": "phone_number",
    ]

    /// The two answers that claims come in.
    enum Source {
        case idToken
        case userInfo
    }

    init(idToken: IDToken, answer: JSONObject?) {
        claims = Self.merged(idToken.claims, answer)
        subject = idToken.subject
    }

    /// The claims about the user of both answers; one that is `null` is absent.
    static func merged(_ idToken: JSONObject, _ answer: JSONObject?) -> JSONObject {
        var merged = JSONObject()
        for (name, value) in idToken.members where !value.isNull && !aboutTheToken.contains(ExactText(name)) {
            merged[name] = source(of: name, idToken: idToken, answer: answer) == .idToken ? value : answer?[name]
        }
        for (name, value) in answer?.members ?? [] where !aboutTheToken.contains(ExactText(name)) {
            if source(of: name, idToken: idToken, answer: answer) == .userInfo { merged[name] = value }
        }
        return merged
    }

    /// Which answer a claim is taken from: UserInfo's where it has it. A verification is taken from where the claim is that it
    /// is about, and is left out where that answer has none.
    static func source(of name: String, idToken: JSONObject, answer: JSONObject?) -> Source {
        for decisive in [verifications[ExactText(name)], name].compactMap({ $0 }) {
            if answer?[decisive] != nil { return .userInfo }
            if idToken[decisive] != nil { return .idToken }
        }
        return .idToken
    }

    /// `name`: the full name as it is shown.
    public var name: String? { claims["name"]?.string }
    /// `given_name`.
    public var givenName: String? { claims["given_name"]?.string }
    /// `family_name`.
    public var familyName: String? { claims["family_name"]?.string }
    /// `preferred_username`: not unique, not for identification (OIDC Core §5.7).
    public var preferredUsername: String? { claims["preferred_username"]?.string }
    /// `email`: not for identification (OIDC Core §5.7).
    public var email: String? { claims["email"]?.string }
    /// `email_verified`; some providers send a string.
    public var emailVerified: Bool? {
        claims["email_verified"]?.bool ?? claims["email_verified"]?.string.flatMap(Bool.init)
    }
    /// `picture`: an address that the user or the provider chose; check it before a page loads it.
    public var picture: String? { claims["picture"]?.string }
    /// `locale`, a language tag.
    public var locale: String? { claims["locale"]?.string }
    /// Whether the user is in more groups than a token of Microsoft Entra holds: `groups` is then missing, and
    /// `_claim_names` points elsewhere for it (OIDC Core §5.6.2). Nothing is fetched from there: who decides by groups has to
    /// ask Microsoft Graph, or let only the application's own groups into its tokens.
    public var hasGroupsOverage: Bool { claims.hasGroupsOverage }
    /// `roles`, where the provider sends an array of strings or one string.
    public var roles: [String] {
        claims["roles"]?.array?.compactMap(\.string) ?? claims["roles"]?.string.map { [$0] } ?? []
    }
}

extension JSONObject {
    /// Whether `groups` is not here but named as a claim that lies elsewhere.
    package var hasGroupsOverage: Bool {
        self["groups"] == nil && (self["_claim_names"]?.object?["groups"] != nil || self["hasgroups"] == true)
    }
}
