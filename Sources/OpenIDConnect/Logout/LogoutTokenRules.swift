import FoundationEssentials
import JOSE

/// The rules over a logout token's claims (Back-Channel Logout §2.4, §2.6). Claims that are not named here are ignored.
struct LogoutTokenRules: ClaimRules {
    let claims: JSONObject
    let token: TokenExpectations

    /// How long ago a token without `exp` may have been issued, in seconds (Back-Channel Logout §4).
    static let maximumAgeWithoutExpiry: TimeInterval = 120
    /// `jti` and `sid`, in bytes.
    static let maximumIdentifierSize = 1024
    static let event = "http://schemas.openid.net/event/backchannel-logout"

    /// The rules in the order in which they are applied.
    var inOrder: [(rule: LogoutTokenRule, judge: () -> Finding)] {
        [
            (.issuer, issuerOfTenant), (.audience, audience), (.additionalAudiences, additionalAudiences),
            (.expiry, { claims["exp"] == nil ? absent : expiry() }),
            (.issuedAt, { issuedAt(within: maximumAge) }), (.notBefore, notBefore), (.identified, identified),
            (.tokenID, tokenID), (.events, events), (.noNonce, noNonce),
        ]
    }

    /// How long ago this token may have been issued, in seconds.
    var maximumAge: TimeInterval {
        claims["exp"] == nil ? min(Self.maximumAgeWithoutExpiry, token.maximumAge) : token.maximumAge
    }

    /// From when on the rules refuse the token, in seconds since 1970; `nil` where it has no time of issue.
    var end: TimeInterval? {
        claims.numericDate("iat").map { issued in
            min(claims.numericDate("exp") ?? .infinity, issued + maximumAge) + token.clockSkew
        }
    }

    var subject: Subject? { claims["sub"]?.string.flatMap { Subject($0) } }

    /// Its syntax is a client identifier's (Back-Channel Logout §2.1).
    var sessionID: String? {
        claims["sid"]?.string.flatMap { text in
            !text.isEmpty && text.utf8.count <= Self.maximumIdentifierSize && isVisibleASCII(text) ? text : nil
        }
    }

    /// A tenant's issuer is one whose users may log in here: of others there are no sessions to end.
    private func issuerOfTenant() -> Finding {
        let finding = issuerAndKey()
        guard finding.verdict == .passed, let issuers = token.entraIssuers, let allowed = issuers.allowed,
            let issuer = claims["iss"]?.string, !issuers.contains(issuer)
        else { return finding }
        return judge(
            false, expected: "tid: \(allowed.sorted().joined(separator: " or "))", actual: "tid: " + shown("tid"))
    }

    /// Neither is shown: who knows a `sid` can end the session (Front-Channel Logout §2), and a `sub` is whose it is.
    private func form(of name: String, isRight: Bool) -> String {
        guard let value = claims[name] else { return "no \(name)" }
        return "\(name) of \((value.string ?? value.text).utf8.count) bytes" + (isRight ? "" : ", which is none")
    }

    private func identified() -> Finding {
        let isMalformed = (claims["sub"] != nil && subject == nil) || (claims["sid"] != nil && sessionID == nil)
        return judge(
            !isMalformed && (subject != nil || sessionID != nil),
            expected: "sub or sid or both, of visible ASCII, at most 255 and 1,024 characters",
            actual: form(of: "sub", isRight: subject != nil) + ", " + form(of: "sid", isRight: sessionID != nil))
    }

    private func tokenID() -> Finding {
        let fits = claims["jti"]?.string.map { !$0.isEmpty && $0.utf8.count <= Self.maximumIdentifierSize }
        return judge(
            fits ?? false, expected: "a text of 1 to \(Self.maximumIdentifierSize) bytes", actual: shown("jti"))
    }

    private func events() -> Finding {
        judge(
            claims["events"]?.object?[Self.event]?.object != nil,
            expected: "an object with the member \(Self.event), an object", actual: shown("events"))
    }

    private func noNonce() -> Finding {
        judge(claims["nonce"] == nil, expected: "no nonce", actual: claims["nonce"] == nil ? "none" : "one")
    }
}
