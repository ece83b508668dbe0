import Cryptography
import FoundationEssentials
import JOSE

/// The rules over an ID Token's claims (OIDC Core §2, §3.1.3.7, §3.1.3.8, §12.2): pure functions of the claims and what
/// they are held against. They run in order, and the first that fails is the last that runs.
struct IDTokenRules {
    let claims: JSONObject
    let algorithm: JWSAlgorithm
    let expect: IDTokenExpectations

    /// What the rules found, in order.
    func outcomes() -> [RuleOutcome] {
        let rules: [() -> RuleOutcome] = [
            issuer, subject, audience, additionalAudiences, authorizedParty, expiry, issuedAt, notBefore, nonce,
            authenticationTime, authenticationContext, accessTokenHash, continuity,
        ]
        var outcomes: [RuleOutcome] = []
        for rule in rules {
            let outcome = rule()
            outcomes.append(outcome)
            if outcome.verdict == .failed { break }
        }
        return outcomes
    }

    // MARK: Who it is by, about and for

    private func issuer() -> RuleOutcome {
        let actual = claims["iss"]?.string
        let same = isSame(actual, expect.issuer.string)
        return judge(.issuer, same, expected: expect.issuer.string, actual: shown("iss"))
    }

    private func subject() -> RuleOutcome {
        let valid = claims["sub"]?.string.flatMap { Subject($0) } != nil
        return judge(.subject, valid, expected: "1 to 255 ASCII characters", actual: shown("sub"))
    }

    private func audience() -> RuleOutcome {
        let listed = audiences?.contains { isSame($0, expect.clientID.string) } ?? false
        return judge(.audience, listed, expected: expect.clientID.string, actual: shown("aud"))
    }

    private func additionalAudiences() -> RuleOutcome {
        let trusted = expect.trustedAudiences.union([expect.clientID.string])
        let foreign = (audiences ?? []).filter { audience in !trusted.contains { isSame($0, audience) } }
        return judge(
            .additionalAudiences, foreign.isEmpty, expected: "no audience beside the client that is not trusted",
            actual: foreign.isEmpty ? "none" : foreign.joined(separator: ", "))
    }

    private func authorizedParty() -> RuleOutcome {
        guard claims["azp"] != nil || (audiences ?? []).count > 1 else { return absent(.authorizedParty) }
        return judge(
            .authorizedParty, isSame(claims["azp"]?.string, expect.clientID.string), expected: expect.clientID.string,
            actual: shown("azp"))
    }

    // MARK: When

    private func expiry() -> RuleOutcome {
        let seconds = numericDate("exp")
        // "on or after": the token is dead in the very second that exp names.
        let alive = seconds.map { now < $0 + expect.clockSkew } ?? false
        return judge(
            .expiry, alive,
            expected: "after \(wholeSeconds(now)) less \(wholeSeconds(expect.clockSkew)) s of clock skew",
            actual: shown("exp"))
    }

    private func issuedAt() -> RuleOutcome {
        let seconds = numericDate("iat")
        let fits = seconds.map {
            $0 <= now + expect.clockSkew && $0 >= now - expect.maximumAge - expect.clockSkew
        }
        return judge(
            .issuedAt, fits ?? false,
            expected:
                "within \(wholeSeconds(expect.maximumAge)) s before \(wholeSeconds(now)), give or take \(wholeSeconds(expect.clockSkew)) s",
            actual: shown("iat") + (seconds.map { " (\(wholeSeconds($0 - now)) s from now)" } ?? ""))
    }

    private func notBefore() -> RuleOutcome {
        guard claims["nbf"] != nil else { return absent(.notBefore) }
        let past = numericDate("nbf").map { $0 <= now + expect.clockSkew } ?? false
        return judge(.notBefore, past, expected: "at most \(wholeSeconds(now))", actual: shown("nbf"))
    }

    // MARK: Which login

    private func nonce() -> RuleOutcome {
        let actual = claims["nonce"]
        switch expect.nonce {
        case .exactly(let nonce):
            let same = actual?.string.map {
                equalInConstantTime(Array($0.utf8), Array(nonce.string.utf8))
            }
            return judge(
                .nonce, same ?? false, expected: "the nonce of the request",
                actual: actual == nil ? "none" : same == true ? "the same" : "another")
        case .asAtLogin:
            guard let actual else { return absent(.nonce) }
            return judge(
                .nonce, isSame(actual.string, expect.original?.nonce),
                expected: "none, or the nonce of the login", actual: "another")
        }
    }

    private func authenticationTime() -> RuleOutcome {
        guard claims["auth_time"] != nil || expect.maxAge != nil else { return absent(.authenticationTime) }
        let seconds = numericDate("auth_time")
        let fits = seconds.map { time in
            time <= now + expect.clockSkew
                && (expect.maxAge.map { time >= now - TimeInterval($0) - expect.clockSkew } ?? true)
        }
        return judge(
            .authenticationTime, fits ?? false,
            expected: expect.maxAge.map { "at most \($0) s before \(wholeSeconds(now))" }
                ?? "not after \(wholeSeconds(now))",
            actual: shown("auth_time"))
    }

    private func authenticationContext() -> RuleOutcome {
        guard !expect.requiredACRs.isEmpty else { return absent(.authenticationContext) }
        let fits = expect.requiredACRs.contains { isSame(claims["acr"]?.string, $0) }
        return judge(
            .authenticationContext, fits, expected: expect.requiredACRs.joined(separator: " or "),
            actual: shown("acr"))
    }

    private func accessTokenHash() -> RuleOutcome {
        guard claims["at_hash"] != nil, let token = expect.accessToken else { return absent(.accessTokenHash) }
        let hash = digest(Array(token.secretString.utf8), using: algorithm.hash)
        let half = Base64URL.encode(Array(hash.prefix(hash.count / 2)))
        let same = isSame(claims["at_hash"]?.string, half)
        return judge(
            .accessTokenHash, same, expected: "the hash of the access token", actual: same ? "the same" : "another")
    }

    private func continuity() -> RuleOutcome {
        guard let original = expect.original else { return absent(.continuity) }
        let differing = [
            ("iss", isSame(claims["iss"]?.string, original.issuer.string)),
            ("sub", isSame(claims["sub"]?.string, original.subject.string)),
            ("aud", original.audiences.allSatisfy { old in audiences?.contains { isSame($0, old) } ?? false }),
            ("azp", claims["azp"] == original.authorizedParty.map { .string($0) }),
            // Where the login had no auth_time there is nothing to compare a new one with.
            (
                "auth_time",
                claims["auth_time"] == nil || original.authenticatedAt == nil
                    || claims["auth_time"]?.integer == original.authenticatedAt
            ),
        ].filter { !$0.1 }.map(\.0)
        return judge(
            .continuity, differing.isEmpty, expected: "iss, sub, aud, azp and auth_time as at the login",
            actual: differing.isEmpty ? "the same" : "another " + differing.joined(separator: ", "))
    }

    // MARK: Reading

    /// Byte for byte: Swift's `==` takes canonically equivalent texts for the same, such as the Kelvin sign for a K.
    private func isSame(_ actual: String?, _ expected: String?) -> Bool {
        guard let actual, let expected else { return false }
        return isIdentical(actual, expected)
    }

    /// The audiences; `nil` where `aud` is neither a string nor an array of strings only.
    private var audiences: [String]? { Self.audiences(claims) }

    static func audiences(_ claims: JSONObject) -> [String]? {
        guard let value = claims["aud"] else { return nil }
        if let one = value.string { return [one] }
        guard let array = value.array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }

    private var now: TimeInterval { expect.now.timeIntervalSince1970 }

    /// Seconds since 1970; `nil` where the claim is no number, negative, or past the year 9999.
    private func numericDate(_ name: String) -> TimeInterval? {
        guard let seconds = claims[name]?.number?.double, seconds >= 0, seconds <= 253_402_300_799 else { return nil }
        return seconds
    }

    private func shown(_ name: String) -> String { claims[name].map { $0.string ?? $0.text } ?? "none" }

    private func judge(_ rule: IDTokenRule, _ passed: Bool, expected: String, actual: String) -> RuleOutcome {
        RuleOutcome(rule, expected: expected, actual: actual, verdict: passed ? .passed : .failed)
    }

    private func absent(_ rule: IDTokenRule) -> RuleOutcome {
        RuleOutcome(rule, expected: "nothing", actual: "none", verdict: .notApplicable)
    }
}
