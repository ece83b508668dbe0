import ByteText
import OpenIDConnect

/// What the details of a login are there for, by their names in the specifications.
enum PartMeaning {
    /// The meaning of a detail; `nil` where it has none that is known here.
    static func of(_ part: LoginRecord.Part, in kind: LoginRecord.Step.Kind) -> String? {
        switch part.role {
        case .used: metadata[part.name]
        case .sent:
            part.name.isExactly("GET") || part.name.isExactly("POST") ? "Where the request goes" : sent[part.name]
        case .received: received[part.name]
        case .measured: measured[part.name]
        case .header: header[part.name]
        case .claim: ClaimMeaning.of(part.name)
        case .leftOut: part.expected.map { "Not used: it has to be \($0)" }
        case .merged, .key, .rule: nil
        }
    }

    private static let metadata: [String: String] = [
        "issuer": "The provider's name for itself: with it begins everything that the app trusts",
        "authorization_endpoint": "Where the browser is sent",
        "token_endpoint": "Where the app exchanges the code",
        "jwks_uri": "Where the provider's keys are",
        "userinfo_endpoint": "Where the app asks about the user",
        "end_session_endpoint": "Where the browser is sent to log out at the provider too",
        "scopes_supported": "What can be asked for; roles is asked for only where it stands here",
        "response_types_supported": "The app uses code, the only one that keeps tokens out of the browser",
        "id_token_signing_alg_values_supported": "The app takes no other algorithm, and none that is symmetric",
        "token_endpoint_auth_methods_supported": "How the app may prove itself at the token endpoint",
        "code_challenge_methods_supported": "Whether the provider knows PKCE; S256 is sent in any case",
        "authorization_response_iss_parameter_supported": "If true, an answer without iss is refused",
    ]

    private static let sent: [String: String] = [
        "response_type": "The app wants a code, and gets the tokens itself (OIDC Core §3.1.2.1)",
        "client_id": "Which app this is",
        "redirect_uri": "Where the browser is to come back to; it has to be registered, to the byte",
        "scope": "What the app wants to know; openid makes it OpenID Connect",
        "state": "Ties the answer to this browser; a secret of this login",
        "nonce": "Ties the ID Token to this login; it has to come back in it",
        "code_challenge": "The SHA-256 of a secret that the app keeps: only who knows it can use the code (RFC 7636)",
        "code_challenge_method": "How the challenge was made; never plain",
        "response_mode": "How the answer is to come back",
        "prompt": "Whether the provider is to ask the user anything",
        "max_age": "How old the user's login at the provider may be, in seconds",
        "ui_locales": "The languages that the pages should have",
        "acr_values": "How strong the login should be",
        "login_hint": "Who is likely to log in",
        "domain_hint": "At which organisation the user is",
        "hd": "Of which domain the user has to be",
        "id_token_hint": "Who is logged in, as far as the app knows",
        "grant_type": "What the app offers for the tokens: a code",
        "code": "The code from the answer; it serves once",
        "code_verifier": "The secret behind the code challenge (RFC 7636 §4.5)",
        "Authorization": "Proves that the app is who it says: client_secret_basic (RFC 6749 §2.3.1)",
        "client_secret": "Proves that the app is who it says: client_secret_post (RFC 6749 §2.3.1)",
        "client_assertion": "Proves that the app is who it says, by a signature (RFC 7523)",
        "client_assertion_type": "That the proof is a signed JWT (RFC 7523 §2.2)",
        "access_token": "What the UserInfo endpoint is asked with",
    ]

    private static let received: [String: String] = [
        "response_mode": "How the answer came",
        "code": "To be exchanged for tokens",
        "state": "Has to be the one that was sent",
        "iss": "Who answers: protects from mix-ups (RFC 9207)",
        "session_state": "To watch the session at the provider with (Session Management §2)",
        "error": "Why the provider refused (RFC 6749 §4.1.2.1, §5.2)",
        "error_description": "The provider's words for it",
        "status": "200 is success",
        "Content-Type": "What the answer says that it is",
        "access_token": "Opens the UserInfo endpoint; this app gives it to nobody",
        "token_type": "How the access token is used: Bearer, also where the answer does not say",
        "expires_in": "For how many seconds the access token is good",
        "refresh_token": "Gets new access tokens without the user",
        "id_token": "Says who has logged in; checked in the steps below",
        "scope": "What was granted, where it is not what was asked for",
    ]

    private static let measured: [String: String] = [
        "time at the provider": "From the redirect until the browser came back",
        "body": "The size of the answer",
        "members": "How much of the document there is",
        "keys": "Keys that are weak, malformed or of an unknown kind are left out",
    ]

    private static let header: [String: String] = [
        "alg": "The algorithm that the token says it is signed with",
        "kid": "The key that the token says it is signed with",
        "typ": "What kind of token it says it is",
        "jku": "An address of keys: not followed",
        "jwk": "A key that the token brings itself: not used",
        "x5u": "An address of certificates: not followed",
        "x5c": "Certificates that the token brings itself: not used",
    ]
}
