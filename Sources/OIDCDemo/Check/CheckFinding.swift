import OpenIDConnect

/// What one look found. Holds no secret, no token and no code; what came from outside is cut and cleaned.
struct CheckFinding: Sendable, Equatable {
    /// How it stands.
    enum Verdict: String, Sendable, Comparable {
        /// As it should be.
        case ok
        /// A login can work, but there is something to know; or it cannot be told.
        case warning
        /// A login would fail.
        case problem

        static func < (left: Verdict, right: Verdict) -> Bool { left.rank < right.rank }

        private var rank: Int { self == .ok ? 0 : self == .warning ? 1 : 2 }
    }

    /// What was looked at.
    enum Check: String, Sendable, CaseIterable {
        case settings
        case discovery
        case tls
        case endpoints
        case clock
        case keys
        case algorithms
        case clientAuthentication = "client-authentication"
        case pkce
        case responseMode = "response-mode"
        case scopes
        case logout
        case responseIssuer = "response-issuer"
        case tokenEndpoint = "token-endpoint"
        case redirectURI = "redirect-uri"
    }

    let check: Check
    let verdict: Verdict
    /// What was found: a sentence without its full stop.
    let found: String
    /// What to do: sentences; `nil` where there is nothing to do.
    var remedy: String?
    /// The library's rule that a login would break, such as `metadata.issuer`.
    var rule: String?

    static func ok(_ check: Check, _ found: String) -> CheckFinding {
        CheckFinding(check: check, verdict: .ok, found: found)
    }

    static func warning(_ check: Check, _ found: String, remedy: String? = nil) -> CheckFinding {
        CheckFinding(check: check, verdict: .warning, found: found, remedy: remedy)
    }

    static func problem(_ check: Check, _ found: String, remedy: String? = nil) -> CheckFinding {
        CheckFinding(check: check, verdict: .problem, found: found, remedy: remedy)
    }

    /// An error that a login would end with. `came` says more of what came than the error does.
    static func problem(_ check: Check, _ error: OpenIDError, came: String? = nil) -> CheckFinding {
        CheckFinding(
            check: check, verdict: .problem, found: "expected \(error.expected), came \(came ?? error.actual)",
            remedy: error.remedy, rule: error.code.name)
    }
}

/// What is found of one provider, and what has to be registered there.
struct ProviderReport: Sendable, Equatable {
    /// The addresses of the app that the provider has to know.
    struct Addresses: Sendable, Equatable {
        let redirectURI: String
        let postLogoutRedirectURI: String
        /// For back-channel and front-channel logouts alike.
        let logoutURI: String
    }

    let name: String
    let title: String
    /// The address of the provider's metadata.
    let metadataURL: String
    let findings: [CheckFinding]
    let addresses: Addresses

    /// The worst of the findings.
    var verdict: CheckFinding.Verdict { findings.map(\.verdict).max() ?? .ok }
}

/// All that a check found.
struct CheckReport: Sendable, Equatable {
    let settings: [CheckFinding]
    var providers: [ProviderReport] = []

    /// 0: a login can work. 1: one would fail. 2: settings are wrong, and no provider was asked.
    var exitStatus: Int32 {
        if settings.contains(where: { $0.verdict == .problem }) { return 2 }
        return providers.contains { $0.verdict == .problem } ? 1 : 0
    }
}
