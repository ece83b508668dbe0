import Foundation
import Synchronization
import Testing

/// What came of each row, written to the file that `MISBEHAVIOUR_TABLE` names when the suite has ended.
final class ResultTable: Sendable {
    struct Line: Sendable {
        let name: String
        let expected: Outcome
        let seen: String
        let isAsExpected: Bool
        let statuses: [Int]
        let longestAnswer: Duration
        let refusal: RefusalPage?
        var reason: String?
    }

    static let shared = ResultTable()

    private let lines = Mutex<[Line]>([])

    func add(_ line: Line) { lines.withLock { $0.append(line) } }

    func write() throws {
        let environment = ProcessInfo.processInfo.environment
        for (variable, text) in [("MISBEHAVIOUR_TABLE", text), ("FAILURE_PAGES", pages)] {
            if let path = environment[variable] { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        }
    }

    /// What the user is told, for the first fault of each rule.
    private var pages: String {
        let refusals = lines.withLock { $0 }.sorted { $0.name < $1.name }.filter { $0.refusal != nil }
        let first = Dictionary(refusals.map { ($0.refusal?.rule ?? "", $0) }) { first, _ in first }
        var text = """
            # What the page of a failed login says

            For each rule that a provider's fault breaks, one fault, and what its page says: in a sentence for the user, and what
            to do. Beside that the page has the rule, what was expected and what came, the clocks, how far the login came, and,
            where the provider is known, what to change in its own pages (`docs/providers`). Written by the tests:
            `FAILURE_PAGES=docs/failure-pages.md swift test --filter '^MisbehaviourTests'`

            | Rule | For example | The page says | What to do |
            |---|---|---|---|

            """
        for (rule, line) in first.sorted(by: { $0.key < $1.key }) {
            guard let page = line.refusal else { continue }
            // The port is another one each time.
            let summary = page.summary.replacing(/127\.0\.0\.1(:\d+)?/, with: "the provider")
            text += "| `\(rule)` | \(line.name) | \(summary) | \(page.remedy) |\n"
        }
        return text + "\n\(first.count) rules.\n"
    }

    private var text: String {
        let lines = lines.withLock { $0 }.sorted { $0.name < $1.name }
        var text = """
            # What a provider that misbehaves meets

            Each row is a provider with one fault, or with one way that is unusual and right, and how a login at `oidc-demo`
            ended there: session or none, the status of the page, the name of the rule in the log. Modules of the OpenID
            Foundation's conformance suite stand under their official names. Where something malformed is accepted, it is left
            out, and the row says why nothing is decided by it. Written by the tests, in a debug build:
            `MISBEHAVIOUR_TABLE=docs/refusals.md swift test --filter '^MisbehaviourTests'`

            | What the provider does | Expected | Seen | Seconds |
            |---|---|---|---|

            """
        for line in lines {
            let mark = line.isAsExpected ? "" : " **unexpected**"
            let reason = line.reason.map { ": \($0)" } ?? ""
            text +=
                "| \(line.name) | \(line.expected)\(reason) | \(line.seen)\(mark) | \(seconds(line.longestAnswer)) |\n"
        }
        let (accepted, refused) = (lines.filter { $0.expected == .accepted }, lines.filter { $0.expected != .accepted })
        let longest = lines.map(\.longestAnswer).max() ?? .zero
        let failures = lines.flatMap(\.statuses).count { $0 == 500 }
        return text + "\nRefused \(refused.count(where: \.isAsExpected))/\(refused.count), "
            + "accepted \(accepted.count(where: \.isAsExpected))/\(accepted.count), "
            + "longest answer \(seconds(longest)) s, answers 500: \(failures).\n"
    }

    private func seconds(_ duration: Duration) -> String { String(format: "%.2f", duration / .seconds(1)) }
}

/// Writes the table when the suite has ended.
struct WritesTable: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await function()
        try ResultTable.shared.write()
    }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? { test.isSuite ? self : nil }
}
