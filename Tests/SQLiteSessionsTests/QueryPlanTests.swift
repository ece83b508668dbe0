import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("How SQLite goes about the store's statements")
struct QueryPlanTests {
    @Test("each finds its rows by an index, and reads no others")
    func noScan() async throws {
        let directory = try ScratchDirectory()
        let statements = try await directory.store().statements()
        #expect(statements.count == 18)
        for statement in statements {
            for step in try directory.plan(of: statement) {
                // By equality; the sweeps, which take the first rows only, by what lies before a time.
                let isNarrow = step.contains("=?)") || step.contains("COVERING INDEX") && step.contains("<?)")
                #expect(isNarrow || !step.contains("SEARCH") && !step.contains("SCAN"), "\(statement): \(step)")
            }
        }
    }

    @Test("an owner's sessions are found by the indexes of both kinds of owners")
    func owners() async throws {
        let directory = try ScratchDirectory()
        let statements = try await directory.store().statements().filter {
            $0.contains("user = ?1 OR provider_session = ?1")
        }
        #expect(statements.count == 4)
        for statement in statements {
            let plan = try directory.plan(of: statement).joined(separator: "\n")
            #expect(plan.contains("USING INDEX sessions_user (user=?)"))
            #expect(plan.contains("USING INDEX sessions_provider_session (provider_session=?)"))
        }
    }

    @Test("each sweep goes by its index", arguments: ["sessions_ends", "sessions_last_used", "shared_values_ends"])
    func sweeps(_ index: String) async throws {
        let directory = try ScratchDirectory()
        let plans = try await directory.store().statements().map { try directory.plan(of: $0) }
        #expect(plans.contains { $0.contains { $0.contains("COVERING INDEX \(index)") } })
    }
}

extension ScratchDirectory {
    fileprivate func plan(of statement: String) throws -> [String] {
        let connection = try SQLiteConnection(path: file, busyMilliseconds: 1000)
        var steps: [String] = []
        try connection.run(connection.prepare("EXPLAIN QUERY PLAN " + statement)) { steps.append($0.text(3)) }
        return steps
    }
}
