/// What is counted. Every label has few values, and none is a user's or a stranger's: providers are named as they are
/// configured, all else by names of ours.
enum Metric: String, CaseIterable, Sendable {
    case logins = "oidc_demo_logins_total"
    case refusals = "oidc_demo_refusals_total"
    case logouts = "oidc_demo_logouts_total"
    case refreshes = "oidc_demo_token_refreshes_total"
    case providerRequests = "oidc_demo_provider_requests_total"
    case providerSeconds = "oidc_demo_provider_request_seconds"
    case requests = "oidc_demo_http_requests_total"
    case lostLogLines = "oidc_demo_log_lines_lost_total"
    case build = "oidc_demo_build_info"
    case start = "process_start_time_seconds"

    /// How the format calls its kind.
    enum Kind: String, Sendable { case counter, gauge, histogram }

    var kind: Kind {
        switch self {
        case .build, .start: .gauge
        case .providerSeconds: .histogram
        default: .counter
        }
    }

    var help: String {
        switch self {
        case .logins: "Logins that were begun, that were finished and that failed; each finished one begins a session."
        case .refusals: "Logins, refreshes and logouts that were refused, by the rule that failed."
        case .logouts: "Sessions that were ended before their time, one or several at once, by who or what ended them."
        case .refreshes: "Access tokens that were refreshed."
        case .providerRequests: "Requests to providers, by what was asked for and what came."
        case .providerSeconds: "How long providers took to answer, or not to."
        case .requests: "Requests that were answered, by route and class of status."
        case .lostLogLines: "Lines of the log that could not be written, because nobody read them."
        case .build: "Which version runs."
        case .start: "When the app was started, in seconds since 1970."
        }
    }

    var labels: [String] {
        switch self {
        case .logins: ["provider", "outcome"]
        case .refusals: ["provider", "rule"]
        case .logouts: ["provider", "by"]
        case .refreshes: ["provider"]
        case .providerRequests: ["provider", "endpoint", "outcome"]
        case .providerSeconds: ["provider", "endpoint"]
        case .requests: ["route", "status"]
        case .build: ["version"]
        case .lostLogLines, .start: []
        }
    }
}
