package import FoundationEssentials

/// The test vectors of project Wycheproof, which stand beside the package in `../shared/wycheproof` and are no part of
/// it. In CI they are required; elsewhere the tests that need them are skipped with a word.
package enum Wycheproof {
    /// Whether the tests run: the folder is there, or has to be.
    package static let isEnabled =
        FileManager.default.fileExists(atPath: folder.path) || ProcessInfo.processInfo.environment["CI"] != nil

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/wycheproof")

    /// The bytes of a file, by its name without the ending.
    package static func bytes(of name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: "\(name).json"))
    }

    /// What became of the vectors of a file.
    package struct Tally {
        private let name: String
        private var passed = 0
        private var skipped: [String: Int] = [:]

        package init(_ name: String) { self.name = name }

        /// Counts a vector that came out as it should.
        package mutating func pass() { passed += 1 }

        /// Counts a vector that does not apply.
        package mutating func skip(_ reason: String) { skipped[reason, default: 0] += 1 }

        /// Prints the counts, and the reasons for what was skipped.
        package func report() {
            let reasons = skipped.sorted { $0.key < $1.key }.map { "; skipped \($0.value): \($0.key)" }.joined()
            print("Wycheproof \(name): \(passed) passed\(reasons)")
        }
    }
}
