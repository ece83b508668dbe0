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
    }

    static let shared = ResultTable()

    private let lines = Mutex<[Line]>([])

    func add(_ line: Line) { lines.withLock { $0.append(line) } }

    func write() throws {
        guard let path = ProcessInfo.processInfo.environment["MISBEHAVIOUR_TABLE"] else { return }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private var text: String {
        let lines = lines.withLock { $0 }.sorted { $0.name < $1.name }
        var text = """
            # What a provider that misbehaves meets

            Each row is a provider with one fault, or with one way that is unusual and right, and how a login at `oidc-demo`
            ended there: session or none, the status of the page, the name of the rule in the log. Modules of the OpenID
            Foundation's conformance suite stand under their official names. Written by the tests, in a debug build:
            `MISBEHAVIOUR_TABLE=docs/refusals.md swift test --filter '^MisbehaviourTests'`

            | What the provider does | Expected | Seen | Seconds |
            |---|---|---|---|

            """
        for line in lines {
            let mark = line.isAsExpected ? "" : " **unexpected**"
            text += "| \(line.name) | \(line.expected) | \(line.seen)\(mark) | \(seconds(line.longestAnswer)) |\n"
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
