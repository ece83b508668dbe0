import Foundation
import Synchronization

/// What each row cost, written to the file that `WORST_CASE_TABLE` names.
final class CostTable: Sendable {
    struct Row: Sendable, CustomStringConvertible {
        let name: String
        /// In bytes.
        let size: Int
        let limit: Int
        /// In nanoseconds.
        let harmless: Int
        let worst: Int
        /// What the worst one of an eighth of the length costs, where that was measured.
        let eighth: Int?

        var ratio: Double { Double(worst) / Double(harmless) }
        var growth: Double? { eighth.map { Double(worst) / Double($0) } }

        var description: String {
            "\(worst / 1000) µs for \(size) bytes, \(CostTable.rounded(ratio)) times a harmless input, "
                + (growth.map { "\(CostTable.rounded($0)) times an eighth of it" } ?? "found at an eighth of the limit")
        }
    }

    static let shared = CostTable()

    private let rows = Mutex<[Row]>([])

    /// Takes a row, and writes what there is so far.
    func add(_ row: Row) throws {
        let rows = rows.withLock { rows in
            rows.append(row)
            return rows
        }
        guard let path = ProcessInfo.processInfo.environment["WORST_CASE_TABLE"] else { return }
        try Data(Self.text(of: rows).utf8).write(to: URL(fileURLWithPath: path))
    }

    fileprivate static func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    private static func text(of rows: [Row]) -> String {
        var text = """
            # What the worst input costs

            Each row is a reader of foreign input: the limit on it, what a harmless input of that length costs, and what the
            one that is worst for the reader does, in processor time of a debug build, and how many times that is what an
            eighth of it costs: 8 where the cost is linear. What costs too much at an eighth is not measured at the limit.
            Written by the tests:
            `WORST_CASE_TABLE=FILE swift test --filter '^WorstCaseTests'`

            | Reader: worst input | Limit, bytes | Measured at, bytes | Harmless, µs | Worst, µs | Ratio | Growth |
            |---|---|---|---|---|---|---|

            """
        for row in rows.sorted(by: { $0.name < $1.name }) {
            let growth = row.growth.map { "\(rounded($0))" } ?? "-"
            text +=
                "| \(row.name) | \(row.limit) | \(row.size) | \(row.harmless / 1000) | \(row.worst / 1000) "
                + "| \(rounded(row.ratio)) | \(growth) |\n"
        }
        return text
    }
}
