import ByteText
import JOSE

/// What the standard claims mean, in a few words each (OIDC Core §5.1 and §2, and others in wide use).
enum ClaimMeaning {
    /// What is known of a claim.
    struct Known: Sendable {
        let meaning: String
        let html: HTML
        /// Whether it is a time in seconds since 1970.
        let isTime: Bool
    }

    /// Where a claim stands among the others: the standard ones first, in the order below, then those that the provider
    /// alone knows.
    static func rank(of claim: String) -> Int { ranks[ExactText(claim)] ?? ordered.count }

    /// What is known of the claim of this rank; `nil` where the provider alone knows.
    static func known(at rank: Int) -> Known? { rank < known.count ? known[rank] : nil }

    /// The meaning of a claim.
    static func of(_ claim: String) -> String? { known(at: rank(of: claim))?.meaning }

    /// Whether the claim is a time in seconds since 1970.
    static func isTime(_ claim: String) -> Bool { known(at: rank(of: claim))?.isTime ?? false }

    private static let ranks = Dictionary(
        ordered.enumerated().map { (ExactText($1.0), $0) }, uniquingKeysWith: { first, _ in first })

    private static let known: [Known] = {
        let times: Set = ["updated_at", "iat", "exp", "auth_time", "nbf"]
        return ordered.map { Known(meaning: $1, html: "\($1)", isTime: times.containsExactly($0)) }
    }()

    private static let ordered: [(String, String)] = [
        ("sub", "The user's identifier at this provider; it never changes"),
        ("name", "Full name"),
        ("given_name", "First name"),
        ("family_name", "Last name"),
        ("middle_name", "Middle name"),
        ("nickname", "Casual name"),
        ("preferred_username", "The name the user goes by here; may change"),
        ("profile", "Address of the profile page"),
        ("picture", "Address of a picture"),
        ("website", "Address of the user's own page"),
        ("email", "E-mail address; may change"),
        ("email_verified", "Whether the provider made sure that the e-mail address is the user's"),
        ("gender", "Gender"),
        ("birthdate", "Date of birth"),
        ("zoneinfo", "Time zone"),
        ("locale", "Language and country"),
        ("phone_number", "Telephone number"),
        ("phone_number_verified", "Whether the provider made sure that the number is the user's"),
        ("address", "Postal address"),
        ("updated_at", "When these details last changed"),
        ("roles", "What the user may do, in the provider's words"),
        ("groups", "The groups that the user belongs to"),
        ("iss", "Who says so: the provider's issuer"),
        ("aud", "Who it is said to: this app's client identifier"),
        ("azp", "The client to which the ID Token was issued"),
        ("iat", "When the ID Token was issued"),
        ("exp", "Until when the ID Token may be accepted"),
        ("nbf", "From when the ID Token may be accepted"),
        ("auth_time", "When the user logged in at the provider"),
        ("acr", "How strong the login was"),
        ("amr", "How the user logged in"),
        ("sid", "The provider's name for this session"),
        ("nonce", "Ties the ID Token to this browser's login"),
        ("at_hash", "Ties the ID Token to the access token"),
        ("jti", "The token's own identifier"),
    ]
}
