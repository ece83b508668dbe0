import ByteText
import FoundationEssentials
import OpenIDConnect
import Synchronization
import WebLogin

/// What has been counted since the start.
final class Metrics: Sendable {
    /// A metric with the values of its labels.
    struct Series: Hashable, Sendable {
        let metric: Metric
        let values: [String]
    }

    /// How often something took how long.
    struct Histogram: Sendable {
        /// The buckets' upper ends, in seconds; what is above the last counts in none.
        static let bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        private(set) var buckets = [UInt64](repeating: 0, count: Self.bounds.count)
        private(set) var count: UInt64 = 0
        private(set) var sum = 0.0

        mutating func observe(_ seconds: Double) {
            count += 1
            sum += seconds
            if let bucket = Self.bounds.firstIndex(where: { seconds <= $0 }) { buckets[bucket] += 1 }
        }
    }

    struct State: Sendable {
        var counts: [Series: UInt64] = [:]
        var times: [Series: Histogram] = [:]
    }

    let startedAt: Date
    private let lostLogLines: @Sendable () -> UInt64
    private let state = Mutex(State())

    init(startedAt: Date, lostLogLines: @escaping @Sendable () -> UInt64 = { 0 }) {
        self.startedAt = startedAt
        self.lostLogLines = lostLogLines
    }

    /// How it stands now.
    var current: State {
        var state = state.withLock { $0 }
        state.counts[Series(metric: .lostLogLines, values: [])] = lostLogLines()
        return state
    }

    /// Counts what happened to a login.
    func count(_ event: LoginEvent) {
        switch event {
        case .begun(let provider): count(.logins, provider.name.string, "begun")
        case .finished(let provider, _, _, _): count(.logins, provider.name.string, "finished")
        case .failed(let failure):
            let provider = failure.provider?.name.string ?? ""
            if failure.code.isOfLogin { count(.logins, provider, "failed") }
            count(.refusals, provider, knownRule(failure.rule))
        case .forbidden(let refusal): count(.refusals, refusal.provider.name.string, "access.requirement")
        case .loggedOut(let provider, let cause, _, _):
            count(.logouts, provider?.name.string ?? "", cause.rawValue)
        case .refreshed(let provider): count(.refreshes, provider.name.string)
        }
    }

    /// Counts an answered request.
    func countRequest(route: String?, status: Int) { count(.requests, route ?? "", statusClass(status)) }

    /// Counts a request to a provider.
    func countProviderRequest(
        _ provider: ProviderName, _ purpose: TransportRequest.Purpose?, outcome: ProviderOutcome, took time: Duration
    ) {
        let endpoint = purpose?.rawValue ?? "other"
        count(.providerRequests, provider.string, endpoint, outcome.name)
        let series = Series(metric: .providerSeconds, values: [provider.string, endpoint])
        state.withLock { $0.times[series, default: Histogram()].observe(time / .seconds(1)) }
    }

    private func count(_ metric: Metric, _ values: String...) {
        let series = Series(metric: metric, values: values)
        state.withLock { $0.counts[series, default: 0] += 1 }
    }
}

/// What came of a request to a provider.
enum ProviderOutcome: Sendable {
    case answered(status: Int)
    case failed(TransportError.Code)

    fileprivate var name: String {
        switch self {
        case .answered(let status): statusClass(status)
        case .failed(let code): code.rawValue
        }
    }
}

private func statusClass(_ status: Int) -> String {
    switch status {
    case 100...199: "1xx"
    case 200...299: "2xx"
    case 300...399: "3xx"
    case 400...499: "4xx"
    case 500...599: "5xx"
    default: "other"
    }
}

extension LoginFailure.Code {
    /// Whether a login failed, and not what comes after one.
    fileprivate var isOfLogin: Bool {
        switch self {
        case .foreignRequest, .accessTokenEnded, .refreshRefused, .providerSessionEnded, .logoutRefused: false
        default: true
        }
    }
}

/// The name of a rule, which is one of ours but for the errors that providers may give: of those, the ones that the
/// specifications know (RFC 6749 §4.1.2.1, §5.2; OIDC Core §3.1.2.6; RFC 9470 §3).
private func knownRule(_ rule: String) -> String {
    guard let mark = rule.utf8.firstRange(of: ".error.".utf8) else { return rule }
    return knownErrors.containsExactly(rule[mark.upperBound...]) ? rule : rule[..<mark.upperBound] + "other"
}

private let knownErrors: Set<String> = [
    "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
    "server_error", "temporarily_unavailable", "invalid_client", "invalid_grant", "unsupported_grant_type",
    "interaction_required", "login_required", "account_selection_required", "consent_required", "invalid_request_uri",
    "invalid_request_object", "request_not_supported", "request_uri_not_supported", "registration_not_supported",
    "unmet_authentication_requirements",
]
