/// The rules of ID Token validation, in the order in which they are applied. Each is checked always or, where its claim
/// is optional, whenever the claim is there.
public enum IDTokenRule: String, Sendable, Hashable, CaseIterable {
    /// The answer has an ID Token (OIDC Core §3.1.3.3).
    case present
    /// It is a compact JWS of strict form, at most 64 KiB (RFC 7515 §7.1; RFC 8725 §3.10).
    case form
    /// Its `typ`, where there is one, does not name another kind of JWT (RFC 8725 §3.11).
    case type
    /// Its `alg` is one that is pinned for this client (OIDC Core §3.1.3.7 item 7).
    case algorithm
    /// Its signature is by one of the provider's keys (OIDC Core §3.1.3.7 item 6).
    case signature
    /// Its payload is a strict JSON object (RFC 7519 §7.2 item 10).
    case claims
    /// `iss` is the provider's issuer, byte for byte (OIDC Core §3.1.3.7 item 2).
    case issuer
    /// `sub` is there, at most 255 ASCII characters (OIDC Core §2).
    case subject
    /// `aud` is, or holds, the client identifier (OIDC Core §3.1.3.7 item 3).
    case audience
    /// `aud` holds nobody who is not trusted (OIDC Core §3.1.3.7 item 3).
    case additionalAudiences
    /// `azp`, where there is one, is the client identifier; with several audiences there is one (OIDC Core §2, §3.1.3.7
    /// items 4 and 5).
    case authorizedParty
    /// The claims that the registration demands, such as Google's `hd`, have one of the values that it names: this client's
    /// users, and not everybody's (``ClientRegistration/requiredClaims``).
    case requiredClaims
    /// `exp` is in the future (OIDC Core §3.1.3.7 item 9).
    case expiry
    /// `iat` is there, not in the future, and not longer ago than allowed (OIDC Core §3.1.3.7 item 10).
    case issuedAt
    /// `nbf`, where there is one, is past (RFC 7519 §4.1.5).
    case notBefore
    /// `nonce` is the request's (OIDC Core §3.1.3.7 item 11).
    case nonce
    /// `auth_time` is within the `max_age` that was asked for (OIDC Core §3.1.3.7 item 13).
    case authenticationTime
    /// `acr` is one of those that were demanded (OIDC Core §3.1.3.7 item 12).
    case authenticationContext
    /// `at_hash`, where there is one, fits the access token (OIDC Core §3.1.3.8).
    case accessTokenHash
    /// After a refresh: `iss`, `sub`, `aud`, `azp`, `auth_time` and any `nonce` are those of the login (OIDC Core §12.2).
    case continuity
}
