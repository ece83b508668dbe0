public import FoundationEssentials

/// A login as it happened, step by step, for people who want to understand it: what was sent and why, what came, what every
/// rule expected and found. Codes, tokens and secrets stand in it with a few characters at most, claims as they came: it is
/// for the eyes of the user whose login it is.
///
/// At most ``maximumByteCount`` as JSON, whatever the provider sends.
public struct LoginRecord: Sendable, Hashable {
    /// One step, in the order of OIDC Core §3.1.1.
    public struct Step: Sendable, Hashable {
        /// The steps of a login.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The provider's metadata (OIDC Discovery §4).
            case discovery
            /// The browser is sent to the provider (OIDC Core §3.1.2.1).
            case authorizationRequest
            /// The browser comes back (OIDC Core §3.1.2.5, §3.1.2.6).
            case authorizationResponse
            /// The code is exchanged for tokens (OIDC Core §3.1.3).
            case tokenRequest
            /// The provider's keys (OIDC Core §10.1).
            case keys
            /// The ID Token is checked (OIDC Core §3.1.3.7).
            case idToken
            /// The UserInfo endpoint is asked (OIDC Core §5.3).
            case userInfo
            /// The application begins a session of its own.
            case session
        }

        /// Which step it is.
        public let kind: Kind
        /// When it began.
        public let at: Date
        /// How long requests of the step took, in milliseconds; `nil` where it had none.
        public internal(set) var milliseconds: Int?
        /// What there is to say of it, in order.
        public internal(set) var parts: [Part]

        /// Whether the login ended here.
        public var isFailed: Bool { parts.contains { $0.role == .rule && $0.verdict == .failed } }
    }

    /// One detail of a step.
    public struct Part: Sendable, Hashable {
        /// What kind of detail it is.
        public enum Role: String, Sendable, Hashable, CaseIterable {
            /// A member of the metadata that the login used.
            case used
            /// Something that was sent.
            case sent
            /// Something that came.
            case received
            /// Something that was measured.
            case measured
            /// A key that was considered; failed: it cannot be used; not applicable: it is another one.
            case key
            /// A member of the ID Token's header.
            case header
            /// A rule, with what was expected and what came.
            case rule
            /// A claim of the ID Token.
            case claim
            /// A claim about the user, and where it was taken from.
            case merged
            /// A member that came malformed and was left out, with the form that it must have.
            case leftOut
        }

        /// What kind of detail it is.
        public let role: Role
        /// The specification's name where it has one, such as `code_challenge`; of a rule, `idToken.nonce`.
        public let name: String
        /// What came, was sent or was found; one line, cut, and free of secrets.
        public let value: String
        /// What a rule expected.
        public let expected: String?
        /// How a rule ended, or what a key was good for.
        public let verdict: RuleOutcome.Verdict?

        package init(
            _ role: Role, _ name: String, _ value: String, expected: String? = nil, verdict: RuleOutcome.Verdict? = nil
        ) {
            self.role = role
            self.name = name
            self.value = value
            self.expected = expected
            self.verdict = verdict
        }

        package init(_ outcome: RuleOutcome) {
            self.init(
                .rule, outcome.code.name, outcome.actual, expected: outcome.expected, verdict: outcome.verdict)
        }
    }

    /// The most bytes of a record as JSON.
    public static let maximumByteCount = 64 << 10

    /// The steps that were taken, in order.
    public internal(set) var steps: [Step] = []
    /// How many parts had no room.
    public internal(set) var omittedPartCount = 0

    /// How far the provider's clock is ahead of ours, in seconds, by the `Date` of its answers (RFC 9110 §6.6.1); `nil` where
    /// no answer had one.
    public internal(set) var clockDifference: TimeInterval?

    /// The rules of a step, in order.
    public func rules(of kind: Step.Kind) -> [Part] {
        steps.filter { $0.kind == kind }.flatMap(\.parts).filter { $0.role == .rule }
    }
}
