/// The rules of JWT access token validation, in the order in which they are applied (RFC 9068 §2, §4). Each is checked always
/// or, where its claim is optional, whenever the claim is there.
public enum AccessTokenRule: String, Sendable, Hashable, CaseIterable {
    /// It is a compact JWS of strict form, at most 64 KiB (RFC 7515 §7.1; RFC 8725 §3.10). Encrypted ones are not read.
    case form
    /// Its `typ` is `at+jwt` (RFC 9068 §4); with ``AccessTokenType/jwt`` it is that, `JWT` or none.
    case type
    /// Its `alg` is an asymmetric one that this library has (RFC 9068 §2.1); `none` never is.
    case algorithm
    /// Its signature is by one of the provider's keys (RFC 9068 §4).
    case signature
    /// Its payload is a strict JSON object (RFC 7519 §7.2 item 10).
    case claims
    /// With ``AccessTokenType/jwt``: nothing in the claims says that it is an ID Token or a logout token (RFC 8725 §3.12):
    /// there is no `at_hash`, `c_hash` or `events`, and a claim `typ`, which Keycloak puts there, says `Bearer`.
    case kind
    /// `iss` is the provider's issuer, byte for byte (RFC 9068 §4).
    case issuer
    /// `sub` is there, at most 255 ASCII characters (RFC 9068 §2.2).
    case subject
    /// `aud` is, or holds, the identifier of this API (RFC 9068 §4).
    case audience
    /// `exp` is in the future (RFC 9068 §4).
    case expiry
    /// `iat` is there and not in the future (RFC 9068 §2.2).
    case issuedAt
    /// `nbf`, where there is one, is past (RFC 7519 §4.1.5).
    case notBefore
    /// `client_id` is there (RFC 9068 §2.2); with ``AccessTokenType/jwt`` it may be called `azp`.
    case client
    /// `jti` is there: a text of 1 to 1,024 bytes (RFC 9068 §2.2); with ``AccessTokenType/jwt`` it may be missing.
    case tokenID
    /// `scope`, where there is one, is a list of scopes with spaces between (RFC 9068 §2.2.3).
    case scope
    /// There is no `cnf`, whatever its value: such a token is good only together with a proof that its sender has a key (RFC
    /// 7800 §3; RFC 8705 §3; RFC 9449 §6), which is not checked here. Whoever stole it would pass.
    case confirmation
}

/// How a provider marks its access tokens.
public enum AccessTokenType: String, Sendable, Hashable, CaseIterable {
    /// By the `typ` that RFC 9068 wants, so that no other token of the provider passes for one.
    case accessTokenJWT = "at+jwt"
    /// Not at all, as Keycloak does unless it is told to. Then ``AccessTokenRule/kind`` looks at the claims, and the API must
    /// have an identifier of its own, which is no client's: an ID Token is for a client.
    case jwt = "JWT"
}

extension AccessTokenRule: TokenRule {
    static var tokenName: String { "access token" }
    static var ownType: String? { "at+jwt" }
    static var algorithmRemedy: String { "Have the provider sign access tokens with RS256 or better." }
    var code: OpenIDError.Code { .accessToken(self) }
    var remedy: String {
        switch self {
        case .issuer: "Configure the address under which the provider knows itself, to the byte."
        case .audience:
            "Have the provider put this API's identifier into aud, and the client ask for it (resource, audience or a scope)."
        case .expiry, .issuedAt, .notBefore:
            "Get a new access token; if it stays so, compare this machine's clock with the provider's."
        case .confirmation:
            "Have the provider issue bearer tokens for this API, bound to no key: without DPoP and certificate-bound access tokens."
        default: "The provider has to issue access tokens in the form of RFC 9068 for this API."
        }
    }
}
