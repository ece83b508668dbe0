import ByteText
import JOSE

/// The rules of one kind of signed token. These are about its form and its signature; what each kind says further is its
/// own.
protocol TokenRule: Sendable, Hashable {
    static var form: Self { get }
    static var type: Self { get }
    static var algorithm: Self { get }
    static var signature: Self { get }
    static var claims: Self { get }

    /// What the token is called.
    static var tokenName: String { get }
    /// The `typ` that is the token's own, where it has one.
    static var ownType: String? { get }
    /// The error that breaking the rule is.
    var code: OpenIDError.Code { get }
    /// What to do when the rule is broken.
    var remedy: String { get }
    /// What to do when the token has an algorithm that was not agreed on.
    static var algorithmRemedy: String { get }
}

extension TokenRule {
    static var algorithmRemedy: String {
        "Set ID_TOKEN_SIGNED_RESPONSE_ALG to the algorithm that the client has at the provider, if that is the one that came."
    }
}

/// What one rule found.
public struct RuleOutcome: Sendable, Hashable {
    /// How it ended.
    public enum Verdict: String, Sendable, Hashable {
        /// What came is what was expected.
        case passed
        /// It is not: the token is refused.
        case failed
        /// The rule's claim is optional and absent, or nothing was asked for.
        case notApplicable
    }

    /// The rule, as the error that breaking it is: `idToken.nonce`, `logoutToken.events`.
    public let code: OpenIDError.Code
    /// What was expected.
    public let expected: String
    /// What came; cut and cleaned.
    public let actual: String
    /// How it ended.
    public let verdict: Verdict

    /// The rule, where it is one of an ID Token.
    public var rule: IDTokenRule? {
        if case .idToken(let rule) = code { rule } else { nil }
    }

    init(_ rule: some TokenRule, _ finding: Finding) {
        code = rule.code
        expected = excerpt(finding.expected)
        actual = excerpt(finding.actual)
        verdict = finding.verdict
    }
}

/// What a rule found, before it is cut and cleaned.
struct Finding {
    let expected: String
    let actual: String
    let verdict: RuleOutcome.Verdict
    /// What to do, where what came tells more than that the rule is broken.
    var remedy: String?
}

/// The way of a token through its rules: they run in order, and the first that fails is the last that runs.
struct Verification<Rule: TokenRule> {
    private(set) var outcomes: [RuleOutcome] = []

    mutating func pass(_ rule: Rule, _ expected: String, _ actual: String) {
        note(rule, Finding(expected: expected, actual: actual, verdict: .passed))
    }

    private mutating func note(_ rule: Rule, _ finding: Finding) {
        let outcome = RuleOutcome(rule, finding)
        outcomes.append(outcome)
        LoginRecorder.current?.add(.idToken, [LoginRecord.Part(outcome)])
    }

    mutating func refuse(_ rule: Rule, _ expected: String, _ actual: String, _ remedy: String? = nil) -> OpenIDError {
        note(rule, Finding(expected: expected, actual: actual, verdict: .failed))
        return OpenIDError(
            rule.code, expected: expected, actual: actual, remedy: remedy ?? rule.remedy, outcomes: outcomes)
    }

    /// The claims of a token that is signed as was agreed on; they are not judged yet. Where its type is demanded, only the
    /// token's own will do.
    ///
    /// Throws ``OpenIDError`` with the rule that failed, and what fetching keys throws.
    mutating func claims(
        of compact: String, from sender: TokenSender, keys: VerificationKeys, allowing algorithms: Set<JWSAlgorithm>,
        demandingType: Bool = false
    ) async throws(OpenIDError) -> (claims: JSONObject, algorithm: JWSAlgorithm, keyIssuer: String?) {
        let token = try parse(compact)
        LoginRecorder.current?.addHeader(token.header)
        pass(.form, "a compact JWS", "one")
        try checkType(token.header.type?.asciiLowercased ?? "none", isDemanded: demandingType)
        let algorithm = token.header.algorithm
        let pinned = algorithms.map(\.rawValue).sorted().joined(separator: ", ")
        guard algorithms.contains(algorithm) else {
            throw refuse(
                .algorithm, pinned, algorithm.rawValue, Rule.algorithmRemedy)
        }
        pass(.algorithm, pinned, algorithm.rawValue)
        let payload: VerifiedPayload
        do throws(OpenIDError) {
            payload = try await keys.verify(token, from: sender, allowing: algorithms)
        } catch  where error.code == .idToken(.signature) {
            throw refuse(.signature, error.expected, error.actual, error.remedy)
        }
        pass(.signature, "by one of the provider's keys", "by key \(payload.keyID ?? "without kid")")
        guard let claims = try? JSONObject(parsing: payload.bytes) else {
            throw refuse(.claims, "a strict JSON object", "none")
        }
        pass(.claims, "a strict JSON object", "\(claims.members.count) claims")
        LoginRecorder.current?.addClaims(claims)
        return (claims, algorithm, payload.keyIssuer)
    }

    /// Judges the claims.
    ///
    /// Throws ``OpenIDError`` with the rule that failed.
    mutating func apply(_ rules: [(rule: Rule, judge: () -> Finding)]) throws(OpenIDError) {
        for (rule, judge) in rules {
            let finding = judge()
            guard finding.verdict != .failed else {
                throw refuse(rule, finding.expected, finding.actual, finding.remedy)
            }
            note(rule, finding)
        }
    }

    private mutating func parse(_ compact: String) throws(OpenIDError) -> JWS {
        guard compact.utf8.count <= maximumTokenSize else {
            throw refuse(
                .form, "at most 64 KiB", "\(compact.utf8.count) bytes",
                "Have the provider put fewer claims into the \(Rule.tokenName).")
        }
        do {
            return try JWS(compact: compact)
        } catch  where error.code == .algorithmNone || error.code == .algorithmUnknown {
            throw refuse(
                .algorithm, "a signature algorithm", "\(error)",
                "Have the provider sign \(Rule.tokenName)s, with RS256 or better.")
        } catch  where error.code == .form && compact.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 4 {
            throw refuse(
                .form, "a compact JWS", "\(error)",
                "Switch the encryption of \(Rule.tokenName)s off for this client at the provider.")
        } catch {
            throw refuse(.form, "a compact JWS", "\(error)")
        }
    }

    /// RFC 8725 §3.11: a token that says that it is of another kind is of another kind.
    private mutating func checkType(_ type: String, isDemanded: Bool) throws(OpenIDError) {
        let own = Rule.ownType.map { isDemanded ? $0 : $0 + ", " } ?? ""
        let expected = own + (isDemanded ? "" : "JWT or none")
        let isOwn = Rule.ownType.map { type.isExactly($0) || type.isExactly("application/" + $0) } ?? false
        guard isOwn || (!isDemanded && !type.utf8.hasSuffix("+jwt")) else {
            throw refuse(
                .type, expected, type, "The provider sent another kind of token as the \(Rule.tokenName).")
        }
        pass(.type, expected, type)
    }
}

/// In bytes. More is not read.
let maximumTokenSize = 64 << 10
