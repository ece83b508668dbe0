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

@Suite("The documentation")
struct DocumentationTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The texts of the files below a folder that end so.
    private func texts(below folder: String, endingWith end: String) throws -> [(path: String, text: String)] {
        let folder = root.appending(path: folder).path
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(end) }.map {
            ($0, try String(contentsOfFile: folder + "/" + $0, encoding: .utf8))
        }
    }

    private func withoutIndentation(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }

    @Test("shows programs and parts of programs that are compiled with the package")
    func programs() throws {
        let sources =
            try texts(below: "Examples", endingWith: ".swift")
            + texts(below: "Tests/ExamplesTests", endingWith: ".swift")
        let compiled = sources.map { "\n" + withoutIndentation($0.text) + "\n" }
        let articles = try texts(below: "Sources", endingWith: ".md")
        var count = 0
        for article in articles {
            for block in article.text.components(separatedBy: "```swift\n").dropFirst() {
                let program = withoutIndentation(block.components(separatedBy: "\n```").first ?? "")
                #expect(compiled.contains { $0.contains("\n" + program + "\n") }, "\(article.path): \(program)")
                count += 1
            }
        }
        #expect(count >= 14)
    }

    @Test("names examples that are there, each with what it is")
    func examples() throws {
        let text = try String(contentsOf: root.appending(path: "Examples/README.md"), encoding: .utf8)
        let named = text.matches(of: /\]\(([^)]+\.swift)\)/).map { String($0.1) }
        #expect(Set(named) == Set(try texts(below: "Examples", endingWith: ".swift").map(\.path)))
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
