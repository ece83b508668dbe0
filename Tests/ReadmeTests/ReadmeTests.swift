import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("shows programs that are compiled with the package, to the letter")
    func programs() throws {
        let blocks = try text("README.md").components(separatedBy: "```swift\n").dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
        let programs = try ["HelloLogin", "ProtocolOnly"].map { try text("Examples/HelloLogin/\($0).swift") }
        #expect(blocks.map { $0 + "\n" } == programs)
    }

    @Test("links to files that are there")
    func links() throws {
        for match in try text("README.md").matches(of: /\]\((?!http)([^)#]+)\)/) {
            #expect(FileManager.default.fileExists(atPath: root.appending(path: String(match.1)).path), "\(match.1)")
        }
    }
}

@Suite("The threat model")
struct ThreatModelTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("names tests that are there")
    func tests() throws {
        let model = try String(contentsOf: root.appending(path: "docs/threat-model.md"), encoding: .utf8)
        let named = model.matches(of: /“([^”]+)”/).map { String($0.1) }
        #expect(named.count > 40)
        let folder = root.appending(path: "Tests").path
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
        let sources = try files.map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }.joined()
        for sentence in named { #expect(sources.contains("\"\(sentence)\""), "\(sentence)") }
    }
}
