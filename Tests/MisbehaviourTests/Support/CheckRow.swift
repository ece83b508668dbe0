import Foundation
import JOSE
import MisbehavingProvider
import ProgramSupport
import Testing

@testable import OIDCDemo

/// A set-up, and what the check has to say of it.
struct CheckRow: Sendable, CustomTestStringConvertible {
    var name: String
    let misbehaviour: Misbehaviour
    let status: Int32
    /// What the only problem, or the only warning, is about; `nil`: there is none.
    let expected: CheckFinding.Check?
    /// Whether a problem is looked for, or a warning.
    var verdict = CheckFinding.Verdict.problem
    /// What has to stand in what was found, or in its remedy, or in its rule.
    let words: [String]
    var settings: [String: String] = [:]
    /// The provider's idea of the client.
    var client = Self.client
    var keepsSecret = false

    var testDescription: String { name }

    static let port = 18_000
    /// Nothing listens on the lowest port.
    static let nowhere = "http://127.0.0.1:1/.well-known/openid-configuration"
    static let client = Client(
        id: DemoApp.clientID, secret: DemoApp.secret, redirectURI: "http://localhost:\(port)/login/authorize")

    init(
        _ name: String, _ misbehaviour: Misbehaviour, _ status: Int32, _ expected: CheckFinding.Check?,
        _ words: [String]
    ) {
        self.name = name
        self.misbehaviour = misbehaviour
        self.status = status
        self.expected = expected
        self.words = words
    }

    /// Settings in place of the right ones; empty ones are taken for absent.
    func set(_ settings: [String: String]) -> CheckRow {
        var row = self
        row.settings.merge(settings) { $1 }
        return row
    }

    func warning() -> CheckRow {
        var row = self
        row.verdict = .warning
        return row
    }

    /// The secret itself must not reach the provider.
    func keepingSecret() -> CheckRow {
        var row = self
        row.keepsSecret = true
        return row
    }

    func publicClient() -> CheckRow {
        var row = self
        row.client = Client(id: Self.client.id, secret: "", redirectURI: Self.client.redirectURI)
        return row.set(["CLIENT_SECRET": "", "TOKEN_ENDPOINT_AUTH_METHOD": "none"])
    }

    /// Runs the program at the provider.
    func play() async throws -> CheckSighting {
        try await onThread { Result { try self.sighting() } }.get()
    }

    private func sighting() throws -> CheckSighting {
        let provider = try MisbehavingProvider(misbehaviour, client: client)
        let data = try Scratch()
        let environment = [
            "CLIENT_ID": DemoApp.clientID, "CLIENT_SECRET": DemoApp.secret, "SERVER_METADATA_URL": provider.metadataURL,
            "DATA_DIR": data.path, "PORT": "\(Self.port)",
        ].merging(settings) { $1 }
        let clock = ContinuousClock()
        let begin = clock.now
        let ended = try Program(["check", "--json"], environment: environment).end()
        return CheckSighting(
            status: ended.status, output: ended.output + ended.complaints,
            report: try JSONObject(parsing: Array(ended.output.utf8)), time: clock.now - begin, record: provider.record,
            made: try FileManager.default.contentsOfDirectory(atPath: data.path))
    }
}

/// What was seen of a check.
struct CheckSighting: Sendable {
    struct Finding: Sendable {
        let check: String
        let verdict: String
        let remedy: String
        /// All of it.
        let text: String
    }

    let status: Int32
    let output: String
    let report: JSONObject
    let time: Duration
    let record: Record
    /// Files that the check has made.
    let made: [String]

    func findings(_ verdict: CheckFinding.Verdict) -> [Finding] {
        let providers = report["providers"]?.array ?? []
        let all = (report["settings"]?.array ?? []) + providers.flatMap { $0.object?["findings"]?.array ?? [] }
        return all.compactMap(\.object).map { finding in
            Finding(
                check: finding["check"]?.string ?? "", verdict: finding["verdict"]?.string ?? "",
                remedy: finding["remedy"]?.string ?? "",
                text: ["found", "remedy", "rule"].compactMap { finding[$0]?.string }.joined(separator: " | "))
        }.filter { $0.verdict == verdict.rawValue && !Self.isUsual($0) }
    }

    /// The tests' provider has neither https nor, unless it is told to, a clock nor an end of sessions.
    private static func isUsual(_ finding: Finding) -> Bool {
        ["plain http on this machine", "have no Date", "no end_session_endpoint"].contains {
            finding.verdict == "warning" && finding.text.contains($0)
        }
    }
}
