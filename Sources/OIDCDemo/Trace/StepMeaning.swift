import ByteText
import OpenIDConnect

/// What each step of a login is, in words for who sees one for the first time.
struct StepMeaning: Sendable {
    /// What happens, as a heading.
    let title: String
    /// Why it happens.
    let why: String
    /// Where it is specified.
    let specification: String

    /// The meaning of a step.
    init(_ kind: LoginRecord.Step.Kind) {
        (title, why, specification) =
            switch kind {
            case .discovery:
                (
                    "The app learns about the provider",
                    "A provider publishes one document that says where its endpoints are and what it can do. The app was "
                        + "given the document's address and nothing else. The issuer in it has to be the one that the "
                        + "address belongs to, to the byte: otherwise one provider could speak for another.",
                    "OpenID Connect Discovery 1.0 §4"
                )
            case .authorizationRequest:
                (
                    "The app sends the browser to the provider",
                    "The browser takes the request along in an address. What only this login knows goes with it: state, "
                        + "nonce and the code challenge. A sealed cookie keeps them in this browser meanwhile.",
                    "OpenID Connect Core 1.0 §3.1.2.1"
                )
            case .authorizationResponse:
                (
                    "The browser comes back with an answer",
                    "The user has logged in at the provider, where the app sees nothing of it. The answer has a code that "
                        + "serves once, or an error. It is taken only in the browser that asked, and only from the "
                        + "provider that was asked.",
                    "OpenID Connect Core 1.0 §3.1.2.5 to §3.1.2.7"
                )
            case .tokenRequest:
                (
                    "The app exchanges the code for tokens",
                    "From here on the app talks to the provider itself. It proves who it is, and with the code verifier "
                        + "that it is the one who asked: a code that somebody else has seen is worth nothing.",
                    "OpenID Connect Core 1.0 §3.1.3, RFC 7636 §4.5"
                )
            case .keys:
                (
                    "The app looks for the provider's key",
                    "The ID Token names the key that it is signed with. The app takes keys from the provider's own "
                        + "address only, never from the token, and keeps them for a quarter of an hour.",
                    "OpenID Connect Core 1.0 §10.1, RFC 7517 §5"
                )
            case .idToken:
                (
                    "The app checks the ID Token, rule by rule",
                    "The ID Token says who has logged in. It counts when every rule holds: who signed it, for whom, for "
                        + "which login, and when. The first rule that fails ends the login.",
                    "OpenID Connect Core 1.0 §3.1.3.7"
                )
            case .userInfo:
                (
                    "The app asks what is known about the user",
                    "With the access token the app gets the claims that do not stand in the ID Token. They count only if "
                        + "they are about the same user.",
                    "OpenID Connect Core 1.0 §5.3"
                )
            case .session:
                (
                    "The app begins a session of its own",
                    "The provider has done its part. The browser gets a new session cookie: whatever it had before is "
                        + "worth nothing any more, so that nobody can plant a session and wait for a login in it.",
                    "OWASP ASVS 4.0 §3.2.1; RFC 9700 §4.7"
                )
            }
    }
}

/// What a rule is for.
enum RuleMeaning {
    /// The meaning of a rule by its name in a record, such as `idToken.nonce`; `nil` for one that has none here.
    static func of(_ name: String) -> (text: String, specification: String)? {
        if let rule = name.utf8.rest(after: "idToken.").flatMap({ IDTokenRule(rawValue: String($0)) }) {
            return of(rule)
        }
        return others[name]
    }

    private static let others: [String: (text: String, specification: String)] = [
        "metadata.issuer": (
            "The document is by the issuer whose address it has", "OIDC Discovery §4.3"
        ),
        "authorizationResponse.state": (
            "The answer belongs to the request that this browser made", "OIDC Core §3.1.2.7, RFC 6749 §10.12"
        ),
        "authorizationResponse.iss": (
            "The answer is by the provider that was asked, and not by another that was mixed in", "RFC 9207 §2.4"
        ),
        "authorizationResponse.form": (
            "The answer came the way that was asked for", "OAuth 2.0 Multiple Response Types §2.1"
        ),
        "userInfo.subject": ("The claims are about the user of the ID Token", "OIDC Core §5.3.2"),
    ]

    private static func of(_ rule: IDTokenRule) -> (text: String, specification: String) {
        switch rule {
        case .present: ("There is an ID Token in the answer", "OIDC Core §3.1.3.3")
        case .form: ("It is a signed token of strict form", "RFC 7515 §7.1, RFC 8725 §3.10")
        case .type: ("It does not say that it is a token of another kind", "RFC 8725 §3.11")
        case .algorithm:
            ("It is signed with an algorithm that was agreed on, not one that it chose", "OIDC Core §3.1.3.7 (7)")
        case .signature: ("The provider signed it, and nothing in it was changed", "OIDC Core §3.1.3.7 (6)")
        case .claims: ("What it carries is a JSON object without double names", "RFC 7519 §7.2, RFC 8725 §3.10")
        case .issuer: ("The provider that was asked issued it", "OIDC Core §3.1.3.7 (2)")
        case .subject: ("It names a user", "OIDC Core §2")
        case .audience: ("It was made for this app", "OIDC Core §3.1.3.7 (3)")
        case .additionalAudiences: ("It was made for nobody else who is not trusted", "OIDC Core §3.1.3.7 (3)")
        case .authorizedParty: ("Who asked for it is this app", "OIDC Core §3.1.3.7 (4, 5)")
        case .requiredClaims:
            (
                "The user is one of those that this app is for, such as of one domain",
                "OIDC Core §5.6, this app's settings"
            )
        case .expiry: ("It has not ended", "OIDC Core §3.1.3.7 (9)")
        case .issuedAt: ("It was issued just now, not in the future and not long ago", "OIDC Core §3.1.3.7 (10)")
        case .notBefore: ("It is valid already", "RFC 7519 §4.1.5")
        case .nonce: ("It was made for this very login", "OIDC Core §3.1.3.7 (11)")
        case .authenticationTime: ("The user logged in as recently as was asked for", "OIDC Core §3.1.3.7 (13)")
        case .authenticationContext: ("The user logged in as strongly as was demanded", "OIDC Core §3.1.3.7 (12)")
        case .accessTokenHash: ("It belongs to the access token that came with it", "OIDC Core §3.1.3.8")
        case .continuity: ("It is about the same login as before", "OIDC Core §12.2")
        }
    }
}
