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
        return judge(
            valid, expected: "1 to 255 ASCII characters", actual: shown("sub"),
            remedy: mend("have sub, a string of 1 to 255 ASCII characters: without it nobody knows who logged in"))
    }

    private func authorizedParty() -> Finding {
        let count = (claims.audiences ?? []).count
        guard claims["azp"] != nil || count > 1 else { return absent }
        return judge(
            isSame(claims["azp"]?.string, token.audience), expected: token.audience, actual: shown("azp"),
            remedy: claims["azp"] == nil
                ? "The ID Token has \(count) audiences and does not say for whom it was issued: have the provider send azp, or only this client in aud."
                : "It was issued to another client: compare CLIENT_ID with the client at the provider.")
    }

    private func requiredClaims() -> Finding {
        var demanded = expect.requiredClaims
        if let tenants = token.entraIssuers?.allowed { demanded["tid"] = tenants }
        let wanted = demanded.sorted { $0.key < $1.key }
        guard !wanted.isEmpty else { return absent }
        func fits(_ name: String, _ values: Set<String>) -> Bool {
            values.contains { isSame(claims[name]?.string, $0) }
        }
        let broken = wanted.first { !fits($0.key, $0.value) }
        let shown = broken.map { [$0] } ?? wanted
        return judge(
            broken == nil,
            expected: shown.map { "\($0.key): \($0.value.sorted().joined(separator: " or "))" }.joined(separator: ", "),
            actual: shown.map { "\($0.key): \(self.shown($0.key))" }.joined(separator: ", "),
            remedy: broken.flatMap { claims[$0.key] } == nil
                ? "The account belongs to no organisation that the provider names: log in with one of the organisation that this application is for (HOSTED_DOMAIN, ALLOWED_TENANTS)."
                : nil)
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
                actual: actual == nil ? "none" : same == true ? "the same" : "another", remedy: nonceRemedy)
        case .asAtLogin:
            guard let actual else { return absent }
            return judge(
                isSame(actual.string, expect.original?.nonce),
                expected: "none, or the nonce of the login", actual: "another")
        }
    }

    /// Left out, which some providers always do, is another fault than another login's.
    private var nonceRemedy: String? {
        guard let actual = claims["nonce"] else {
            return
                "The provider leaves out the nonce that the request had, and OIDC Core §3.1.3.7 (11) demands it: without"
                + " it nobody can tell whether the ID Token is of this login. To log in again does not help; the"
                + " provider has to send it. No setting does without."
        }
        return actual.string == nil ? mend("repeat the request's nonce as a string") : nil
    }

    /// A time that is none is left out, unless the request demanded it: nothing is judged by it then.
    private func authenticationTime() -> Finding {
        let value = claims["auth_time"]
        guard value != nil || expect.maxAge != nil else { return absent }
        let seconds = claims.numericDate("auth_time")
        if seconds == nil, expect.maxAge == nil {
            return Finding(
                expected: "seconds since 1970; left out, since no max_age was asked for",
                actual: shown("auth_time"),
                verdict: .notApplicable)
        }
        let fits = seconds.map { time in
            time <= now + token.clockSkew
                && (expect.maxAge.map { time >= now - TimeInterval($0) - token.clockSkew } ?? true)
        }
        return judge(
            fits ?? false,
            expected: expect.maxAge.map { "at most \($0) s before \(wholeSeconds(now))" }
                ?? "not after \(wholeSeconds(now))",
            actual: shown("auth_time"), remedy: authenticationTimeRemedy(seconds))
    }

    private func authenticationTimeRemedy(_ seconds: TimeInterval?) -> String {
        guard let seconds else {
            return
                "MAX_AGE, or a page that demands a fresh login, needs auth_time in the ID Token, in seconds since 1970: have the provider send it, or demand no max_age."
        }
        if seconds > now {
            return
                "The provider's clock is \(wholeSeconds(seconds - now)) s ahead of this machine's: both should follow a time server (CLOCK_SKEW is \(wholeSeconds(token.clockSkew)) s)."
        }
        return
            "The provider did not log the user in anew, \(wholeSeconds(now - seconds)) s after the last time: check that it supports max_age (MAX_AGE), or ask for PROMPT=login."
    }

    private func authenticationContext() -> Finding {
        guard !expect.requiredACRs.isEmpty else { return absent }
        let fits = expect.requiredACRs.contains { isSame(claims["acr"]?.string, $0) }
        return judge(
            fits, expected: expect.requiredACRs.joined(separator: " or "), actual: shown("acr"),
            remedy: claims["acr"] == nil
                ? "The provider does not say in acr how the user logged in: have it send the claim, and know the values that are demanded."
                : "The provider logged the user in by another way than is demanded: check its policy for this client, and the values demanded."
        )
    }

    private func accessTokenHash() -> Finding {
        guard claims["at_hash"] != nil, let token = expect.accessToken else { return absent }
        let same = isSame(claims["at_hash"]?.string, half(of: token, by: algorithm.hash))
        return judge(
            same, expected: "the hash of the access token", actual: same ? "the same" : "another",
            remedy: accessTokenHashRemedy(token))
    }

    /// The left half of the hash, as OIDC Core §3.1.3.6 wants it.
    private func half(of token: AccessToken, by algorithm: HashAlgorithm) -> String {
        let hash = digest(Array(token.secretString.utf8), using: algorithm)
        return Base64URL.encode(Array(hash.prefix(hash.count / 2)))
    }

    private func accessTokenHashRemedy(_ token: AccessToken) -> String {
        let others = [HashAlgorithm.sha256, .sha384, .sha512].filter { $0 != algorithm.hash }
        if let other = others.first(where: { isSame(claims["at_hash"]?.string, half(of: token, by: $0)) }) {
            return
                "The provider makes at_hash with SHA-\(other.byteCount * 8), where \(algorithm.rawValue) wants SHA-\(algorithm.hash.byteCount * 8) (OIDC Core §3.1.3.6): have it sign with another algorithm, or mend it."
        }
        return
            "The access token is not the one that the ID Token was issued with: one of the two was exchanged on the way, or the provider makes at_hash in a way of its own."
    }

    private func continuity() -> Finding {
        guard let original = expect.original else { return absent }
        let audiences = Set((claims.audiences ?? []).map { ExactText($0) })
        // Where the login had no auth_time, or either is none, there is nothing to compare.
        let times = (original.authenticatedAt, claims.numericDate("auth_time") == nil ? nil : claims["auth_time"])
        let differing = [
            ("iss", isSame(claims["iss"]?.string, original.issuer.string)),
            ("sub", isSame(claims["sub"]?.string, original.subject.string)),
            ("aud", original.audiences.allSatisfy { audiences.contains(ExactText($0)) }),
            ("azp", claims["azp"] == original.authorizedParty.map { .string($0) }),
            ("auth_time", times.0 == nil || times.1 == nil || times.1?.integer == times.0),
        ].filter { !$0.1 }.map(\.0)
        return judge(
            differing.isEmpty, expected: "iss, sub, aud, azp and auth_time as at the login",
            actual: differing.isEmpty ? "the same" : "another " + differing.joined(separator: ", "))
    }
}
