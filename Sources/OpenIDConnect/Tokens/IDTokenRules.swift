import ByteText
import Cryptography
import FoundationEssentials
import JOSE

/// The rules over an ID Token's claims (OIDC Core §2, §3.1.3.7, §3.1.3.8, §12.2).
///
/// A class, since each rule in the list refers to all of it.
final class IDTokenRules: ClaimRules {
    let claims: JSONObject
    let algorithm: JWSAlgorithm
    let expect: IDTokenExpectations

    init(claims: JSONObject, algorithm: JWSAlgorithm, expect: IDTokenExpectations) {
        self.claims = claims
        self.algorithm = algorithm
        self.expect = expect
    }

    var token: TokenExpectations { expect.token }

    /// The rules in the order in which they are applied.
    var inOrder: [(rule: IDTokenRule, judge: () -> Finding)] {
        [
            (.issuer, issuerAndKey), (.subject, subject), (.audience, audience),
            (.additionalAudiences, additionalAudiences), (.authorizedParty, authorizedParty),
            (.requiredClaims, requiredClaims), (.expiry, expiry),
            (.issuedAt, { [self] in issuedAt(within: token.maximumAge) }),
            (.notBefore, notBefore), (.nonce, nonce),
            (.authenticationTime, authenticationTime), (.authenticationContext, authenticationContext),
            (.accessTokenHash, accessTokenHash), (.continuity, continuity),
        ]
    }

    // MARK: Who it is by, about and for

    private func subject() -> Finding {
        let valid = claims["sub"]?.string.flatMap { Subject($0) } != nil
        return judge(valid, expected: "1 to 255 ASCII characters", actual: shown("sub"))
    }

    private func authorizedParty() -> Finding {
        guard claims["azp"] != nil || (claims.audiences ?? []).count > 1 else { return absent }
        return judge(
            isSame(claims["azp"]?.string, token.audience), expected: token.audience,
            actual: shown("azp"))
    }

    private func requiredClaims() -> Finding {
        var demanded = expect.requiredClaims
        if let tenants = token.entraIssuers?.allowed { demanded["tid"] = tenants }
        let wanted = demanded.sorted { $0.key < $1.key }
        guard !wanted.isEmpty else { return absent }
        func fits(_ name: String, _ values: Set<String>) -> Bool {
            values.contains { isSame(claims[name]?.string, $0) }
        }
        let shown = (wanted.first { !fits($0.key, $0.value) }).map { [$0] } ?? wanted
        return judge(
            wanted.allSatisfy { fits($0.key, $0.value) },
            expected: shown.map { "\($0.key): \($0.value.sorted().joined(separator: " or "))" }.joined(separator: ", "),
            actual: shown.map { "\($0.key): \(self.shown($0.key))" }.joined(separator: ", "))
    }

    // MARK: Which login

    private func nonce() -> Finding {
        let actual = claims["nonce"]
        switch expect.nonce {
        case .exactly(let nonce):
            let same = actual?.string.map {
                equalInConstantTime(Array($0.utf8), Array(nonce.string.utf8))
            }
            return judge(
                same ?? false, expected: "the nonce of the request",
                actual: actual == nil ? "none" : same == true ? "the same" : "another")
        case .asAtLogin:
            guard let actual else { return absent }
            return judge(
                isSame(actual.string, expect.original?.nonce),
                expected: "none, or the nonce of the login", actual: "another")
        }
    }

    private func authenticationTime() -> Finding {
        guard claims["auth_time"] != nil || expect.maxAge != nil else { return absent }
        let seconds = claims.numericDate("auth_time")
        let fits = seconds.map { time in
            time <= now + token.clockSkew
                && (expect.maxAge.map { time >= now - TimeInterval($0) - token.clockSkew } ?? true)
        }
        return judge(
            fits ?? false,
            expected: expect.maxAge.map { "at most \($0) s before \(wholeSeconds(now))" }
                ?? "not after \(wholeSeconds(now))",
            actual: shown("auth_time"))
    }

    private func authenticationContext() -> Finding {
        guard !expect.requiredACRs.isEmpty else { return absent }
        let fits = expect.requiredACRs.contains { isSame(claims["acr"]?.string, $0) }
        return judge(
            fits, expected: expect.requiredACRs.joined(separator: " or "),
            actual: shown("acr"))
    }

    private func accessTokenHash() -> Finding {
        guard claims["at_hash"] != nil, let token = expect.accessToken else { return absent }
        let hash = digest(Array(token.secretString.utf8), using: algorithm.hash)
        let half = Base64URL.encode(Array(hash.prefix(hash.count / 2)))
        let same = isSame(claims["at_hash"]?.string, half)
        return judge(same, expected: "the hash of the access token", actual: same ? "the same" : "another")
    }

    private func continuity() -> Finding {
        guard let original = expect.original else { return absent }
        let audiences = Set((claims.audiences ?? []).map { ExactText($0) })
        let differing = [
            ("iss", isSame(claims["iss"]?.string, original.issuer.string)),
            ("sub", isSame(claims["sub"]?.string, original.subject.string)),
            ("aud", original.audiences.allSatisfy { audiences.contains(ExactText($0)) }),
            ("azp", claims["azp"] == original.authorizedParty.map { .string($0) }),
            // Where the login had no auth_time there is nothing to compare a new one with.
            (
                "auth_time",
                claims["auth_time"] == nil || original.authenticatedAt == nil
                    || claims["auth_time"]?.integer == original.authenticatedAt
            ),
        ].filter { !$0.1 }.map(\.0)
        return judge(
            differing.isEmpty, expected: "iss, sub, aud, azp and auth_time as at the login",
            actual: differing.isEmpty ? "the same" : "another " + differing.joined(separator: ", "))
    }
}
