import FoundationEssentials
import TestSupport
import Testing

@testable import OIDCDemo

/// A text with something behind a character that `String` takes for a part of it is read as if a letter stood there.
@Suite("What stands behind a character changes nothing about what is set, logged and shown")
struct ByBytesTests {
    private func line(_ format: LineLog.Format, _ fields: KeyValuePairs<String, String>) -> String {
        let lines = Mutexed<[String]>([])
        LineLog(format, now: { Date(timeIntervalSince1970: 0) }, sink: { line in lines.change { $0.append(line) } })
            .write(LogEntry(.loginFailed, fields: fields.map { LogEntry.Field(name: $0.key, value: $0.value) }))
        return lines.value.joined()
    }

    @Test("in the log: a quotation mark and a backslash are escaped, whatever follows them")
    func log() throws {
        let texts = ["x\" subject=forged z=\"", "a\\\"b", "\"", "\\"]
        for text in texts {
            for extended in Extended.all(of: text) {
                let bytes = Array(line(.text, ["came": extended.text]).utf8)
                // Behind came=" the next quotation mark without a backslash is the last byte but the line end.
                var index = try #require(bytes.firstIndex(of: 0x22)) + 1
                while bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
                #expect(index == bytes.count - 2, "\(extended)")
            }
        }
    }

    @Test("in a label of the metrics")
    func metrics() {
        #expect(firstDifference(of: ["a\"b\\c\nd"]) { [Metrics.line("m", [("l", $0)], "1")] } == nil)
    }

    @Test("in a file of settings")
    func environmentFile() {
        let texts = ["KEY=value # c", "export KEY='a b' # c", "KEY=\"a\\n\\\"b\" ", "A=1\nB=2", "# A=1"]
        #expect(
            firstDifference(of: texts) { text in
                try EnvironmentFile.parse(text, name: ".env").sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
            } == nil)
    }

    @Test("in a link, a browser's name, white space at both ends")
    func pages() {
        #expect(
            firstDifference(of: ["/a", "//a", "https://a.example", "javascript:x"]) { text in
                [String(decoding: ("\(link: text)" as HTML).bytes, as: UTF8.self)]
            } == nil)
        #expect(firstDifference(of: [" a b ", "\ta\n"]) { [trimmed($0)] } == nil)
        // Of a long one so much is shown as of any.
        let long = String(repeating: "x\u{301}", count: 1000)
        #expect(BrowserName.of(long).unicodeScalars.count == 60)
    }
}
