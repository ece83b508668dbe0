import ByteText
import FoundationEssentials
import JOSE

/// What every token of the provider is held against.
struct TokenExpectations {
    let issuer: Issuer
    /// Who the token has to be for: the client identifier, or the identifier of an API.
    let audience: String
    /// Audiences beside the client that are trusted.
    var trustedAudiences: Set<String> = []
    /// Where the issuers are many: what takes the place of ``issuer``.
    var entraIssuers: EntraIssuers?
    /// The issuer that the key set names for the key that verified the token, where it names one.
    var keyIssuer: String?
    let now: Date
    /// How far the two clocks may be apart, in seconds.
    let clockSkew: TimeInterval
    /// How long ago a token may have been issued, in seconds.
    let maximumAge: TimeInterval
}

/// Rules over claims: pure functions of the claims and what they are held against. Here are those that tokens of every
/// kind have in common (OIDC Core §3.1.3.7; Back-Channel Logout §2.6).
protocol ClaimRules {
    var claims: JSONObject { get }
    var token: TokenExpectations { get }
}

extension ClaimRules {
    // MARK: Who it is by and for

    func issuer() -> Finding {
        guard let issuers = token.entraIssuers else {
            let same = isSame(claims["iss"]?.string, token.issuer.string)
            return judge(same, expected: token.issuer.string, actual: shown("iss"), remedy: issuerRemedy)
        }
        guard let tenant = claims["tid"]?.string.flatMap({ TenantID($0) }) else {
            return judge(false, expected: "\(issuers.template) with a GUID in tid", actual: "tid " + shown("tid"))
        }
        let expected = issuers.issuer(of: tenant)
        return judge(
            isSame(claims["iss"]?.string, expected), expected: expected, actual: shown("iss"), remedy: issuerRemedy)
    }

    private var issuerRemedy: String {
        claims["iss"] == nil
            ? mend("send iss")
            : "The provider calls itself otherwise in its tokens than in its metadata. Its public address has to be"
                + " one for both, and SERVER_METADATA_URL has to lie below that."
    }

    /// The same, and where the issuers are many, the key signs for this one: a key of their set may do so for one only, or for
    /// each that fits its own template.
    func issuerAndKey() -> Finding {
        let finding = issuer()
        guard finding.verdict == .passed, token.entraIssuers != nil, let keyIssuer = token.keyIssuer,
            let tenant = claims["tid"]?.string
        else { return finding }
        let expected = EntraIssuers.filled(keyIssuer, with: tenant)
        guard !isSame(claims["iss"]?.string, expected) else { return finding }
        return judge(false, expected: "the issuer of the key, \(keyIssuer)", actual: shown("iss"))
    }

    /// The issuer that ``issuer()`` found to be right; `nil` where it did not.
    var foundIssuer: Issuer? {
        token.entraIssuers == nil ? token.issuer : claims["iss"]?.string.flatMap { Issuer($0) }
    }

    func audience() -> Finding {
        let listed = claims.audiences?.contains { isSame($0, token.audience) } ?? false
        return judge(
            listed, expected: token.audience, actual: shown("aud"),
            remedy: claims.audiences == nil
                ? mend("send aud, a string or an array of strings")
                : "It is made out to somebody else: compare CLIENT_ID with the client at the provider.")
    }

    func additionalAudiences() -> Finding {
        let trusted = Set(token.trustedAudiences.union([token.audience]).map { ExactText($0) })
        let foreign = (claims.audiences ?? []).filter { !trusted.contains(ExactText($0)) }
        return judge(
            foreign.isEmpty, expected: "no audience beside the client that is not trusted",
            actual: foreign.isEmpty ? "none" : foreign.joined(separator: ", "),
            remedy: "If you trust those as yourself, add them to TRUSTED_AUDIENCES; else have the provider leave them"
                + " out of aud for this client.")
    }

    // MARK: When

    func expiry() -> Finding {
        let seconds = claims.numericDate("exp")
        // "on or after": the token is dead in the very second that exp names.
        let alive = seconds.map { now < $0 + token.clockSkew } ?? false
        return judge(
            alive, expected: "after \(wholeSeconds(now)) less \(wholeSeconds(token.clockSkew)) s of clock skew",
            actual: shown("exp"),
            remedy: seconds.map { "It ended \(wholeSeconds(now - $0)) s ago by this machine's clock. \(clocks)" }
                ?? mend("send exp, in seconds since 1970"))
    }

    /// `maximumAge` in seconds.
    func issuedAt(within maximumAge: TimeInterval) -> Finding {
        let seconds = claims.numericDate("iat")
        let fits = seconds.map { $0 <= now + token.clockSkew && $0 >= now - maximumAge - token.clockSkew }
        return judge(
            fits ?? false,
            expected:
                "within \(wholeSeconds(maximumAge)) s before \(wholeSeconds(now)), give or take \(wholeSeconds(token.clockSkew)) s",
            actual: shown("iat") + (seconds.map { " (\(wholeSeconds($0 - now)) s from now)" } ?? ""),
            remedy: seconds.map {
                $0 > now
                    ? "The provider's clock is \(wholeSeconds($0 - now)) s ahead of this machine's. \(clocks)"
                    : "It was issued \(wholeSeconds(now - $0)) s ago by this machine's clock: kept and sent again, or a clock is wrong. \(clocks)"
            } ?? mend("send iat, in seconds since 1970"))
    }

    func notBefore() -> Finding {
        guard claims["nbf"] != nil else { return absent }
        let seconds = claims.numericDate("nbf")
        let past = seconds.map { $0 <= now + token.clockSkew } ?? false
        return judge(
            past, expected: "at most \(wholeSeconds(now))", actual: shown("nbf"),
            remedy: seconds.map { "It becomes valid in \(wholeSeconds($0 - now)) s by this machine's clock. \(clocks)" }
                ?? mend("send nbf in seconds since 1970, or not at all"))
    }

    private var clocks: String {
        "Compare this machine's clock with the provider's: both should follow a time server (CLOCK_SKEW is"
            + " \(wholeSeconds(token.clockSkew)) s)."
    }

    // MARK: Reading and judging

    /// What only the provider can do.
    func mend(_ what: String) -> String { "The provider's operator has to mend its tokens: they must \(what)." }

    var now: TimeInterval { token.now.timeIntervalSince1970 }

    /// Byte for byte: Swift's `==` takes canonically equivalent texts for the same, such as the Kelvin sign for a K.
    func isSame(_ actual: String?, _ expected: String?) -> Bool {
        guard let actual, let expected else { return false }
        return actual.isExactly(expected)
    }

    func shown(_ name: String) -> String { claims[name].map { $0.string ?? $0.text } ?? "none" }

    /// The remedy is put into words only where there is something to mend.
    func judge(
        _ passed: Bool, expected: String, actual: String, remedy: @autoclosure () -> String? = nil
    ) -> Finding {
        Finding(
            expected: expected, actual: actual, verdict: passed ? .passed : .failed, remedy: passed ? nil : remedy())
    }

    var absent: Finding { Finding(expected: "nothing", actual: "none", verdict: .notApplicable) }
}

/// The last second of the year 9999, in seconds since 1970: later than that is no date.
let latestNumericDate: TimeInterval = 253_402_300_799

extension JSONObject {
    /// The audiences; `nil` where `aud` is neither a string nor an array of strings only.
    var audiences: [String]? {
        guard let value = self["aud"] else { return nil }
        if let one = value.string { return [one] }
        guard let array = value.array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }

    /// Seconds since 1970; `nil` where the claim is no number, negative, or past the year 9999.
    func numericDate(_ name: String) -> TimeInterval? {
        guard let seconds = self[name]?.number?.double, seconds >= 0, seconds <= latestNumericDate else { return nil }
        return seconds
    }
}
