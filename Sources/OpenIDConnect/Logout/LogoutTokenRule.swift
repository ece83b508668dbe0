/// The rules of logout token validation, in the order in which they are applied (Back-Channel Logout §2.4, §2.6). Each is
/// checked always or, where its claim is optional, whenever the claim is there.
public enum LogoutTokenRule: String, Sendable, Hashable, CaseIterable {
    /// It is a compact JWS of strict form, at most 64 KiB (RFC 7515 §7.1; RFC 8725 §3.10). Encrypted ones are not read.
    case form
    /// Its `typ` is `logout+jwt`, `JWT` or none, or at least does not name another kind of JWT (Back-Channel Logout §2.4;
    /// RFC 8725 §3.11).
    case type
    /// Its `alg` is one that is pinned for this client, as for ID Tokens; `none` never is (Back-Channel Logout §2.6
    /// item 3).
    case algorithm
    /// Its signature is by one of the provider's keys (Back-Channel Logout §2.6 item 2).
    case signature
    /// Its payload is a strict JSON object (RFC 7519 §7.2 item 10).
    case claims
    /// `iss` is the provider's issuer, byte for byte (Back-Channel Logout §2.6 item 4); at a provider of many tenants that of
    /// the tenant in `tid`, whose users may log in (``EntraIssuers``).
    case issuer
    /// `aud` is, or holds, the client identifier (Back-Channel Logout §2.6 item 4).
    case audience
    /// `aud` holds nobody who is not trusted (Back-Channel Logout §2.6 item 4; OIDC Core §3.1.3.7 item 3).
    case additionalAudiences
    /// `exp`, where there is one, is in the future (Back-Channel Logout §2.6 item 4).
    ///
    /// Errata set 1 (December 2023) made `exp` required; the final text of 2022 did not have it. Glewlwyd 2.7, Ory Hydra
    /// and LemonLDAP::NG send none, Keycloak did not before 2024, authentik not before 2025.8.2: from those no logout would
    /// ever arrive. A token without it is held to ``issuedAt`` the more strictly.
    case expiry
    /// `iat` is there, not in the future, and not longer ago than
    /// ``ClientRegistration/maximumIDTokenAge``; without `exp` not longer ago than two minutes, which is as long as logout
    /// tokens should live (Back-Channel Logout §2.6 item 4, §4).
    case issuedAt
    /// `nbf`, where there is one, is past (RFC 7519 §4.1.5).
    case notBefore
    /// It says whose logout it is: there is `sub`, or `sid`, or both, each of the right form (Back-Channel Logout §2.6
    /// item 5).
    case identified
    /// `jti` is there: a text of 1 to 1,024 bytes (Back-Channel Logout §2.4).
    case tokenID
    /// `events` is an object with a member `http://schemas.openid.net/event/backchannel-logout`, itself an object
    /// (Back-Channel Logout §2.6 item 6).
    case events
    /// There is no `nonce`, whatever its value: an ID Token is no logout token (Back-Channel Logout §2.6 item 7).
    case noNonce
}

extension LogoutTokenRule: TokenRule {
    static var tokenName: String { "logout token" }
    static var ownType: String? { "logout+jwt" }
    var code: OpenIDError.Code { .logoutToken(self) }
    var remedy: String {
        "The provider's operator has to mend the logout token."
    }
}
