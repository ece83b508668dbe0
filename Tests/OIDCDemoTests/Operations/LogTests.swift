import Foundation
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("The log")
struct LogTests {
    private func line(_ entry: LogEntry, _ format: LineLog.Format = .text) -> String {
        let written = Mutexed("")
        let log = LineLog(
            format, now: { Date(timeIntervalSince1970: 0) }, sink: { line in written.change { $0 += line } })
        log.write(entry)
        return written.value
    }

    /// What a hostile value could be.
    static let hostile: [String] = [
        "x\nfake=1", "\r\n2030-01-01T00:00:00Z login.finished subject=admin", "\" c=\"1", "e=f", "\\\"", "\\", "",
        "\u{1B}[2J\u{202E}", "<script>alert(1)</script>", "\u{0}\u{7F}\u{85}\u{2028}\u{2066}\u{FEFF}\u{200E}",
        "\",\"level\":\"info", "{}",
        String(decoding: [0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self),
        String(repeating: "x", count: 100_000), String(repeating: "\u{1F468}\u{200D}", count: 30_000),
        "e" + String(repeating: "\u{301}", count: 50_000),
    ]

    @Test("an entry is one line with its time, its event and its fields")
    func oneLine() {
        let entry = LogEntry(.loginFailed, ["status": "400", "provider": nil, "came": "two words", "empty": ""])
        #expect(line(entry) == "1970-01-01T00:00:00Z login.failed status=400 came=\"two words\" empty=\"\"\n")
        #expect(
            line(entry, .json) == "{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"warning\",\"event\":\"login.failed\","
                + "\"status\":\"400\",\"came\":\"two words\",\"empty\":\"\"}\n")
    }

    @Test("a value cannot pass for another field or another line")
    func injection() {
        let entry = LogEntry(
            .loginFailed,
            ["a": "x\nfake=1", "b": "\" c=\"1", "d": "e=f", "g": "\\\"", "h": "\u{1B}[2J\u{202E}"])
        let text = line(entry)
        #expect(text.split(separator: "\n").count == 1)
        #expect(text.contains("b=\"\\\" c=\\\"1\""))
        #expect(text.contains("d=\"e=f\""))
        #expect(text.contains("g=\"\\\\\\\"\""))
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
    }

    @Test(
        "whatever a value is, the line is one, short, without unseen marks, and in JSON it is one object",
        arguments: hostile)
    func hostileValues(_ value: String) throws {
        for format in [LineLog.Format.text, .json] {
            let written = line(LogEntry(.loginFailed, ["came": value, "rule": "idToken.nonce"]), format)
            #expect(written.utf8.count <= LineLog.maximumByteCount)
            let inner = written.unicodeScalars.dropLast()
            #expect(written.unicodeScalars.last == "\n")
            let unseen = inner.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }
            #expect(!unseen)
            guard format == .json else { continue }
            let object = try JSONDecoder().decode([String: String].self, from: Data(written.utf8))
            #expect(Set(object.keys) == ["time", "level", "event", "came", "rule"])
            #expect(object["rule"] == "idToken.nonce")
            if value.unicodeScalars.count < 50, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
                #expect(object["came"] == value)
            }
        }
    }

    @Test("10,000 fields are cut to a line of 4 KiB that says so", arguments: [LineLog.Format.text, .json])
    func manyFields(_ format: LineLog.Format) throws {
        let fields = (0..<10_000).map { LogEntry.Field(name: "n\($0)", value: "\u{202E}<b>\"x\"\n") }
        let written = line(LogEntry(.loginFailed, fields: fields), format)
        #expect(written.utf8.count <= LineLog.maximumByteCount)
        #expect(written.utf8.count > LineLog.maximumByteCount - 100)
        #expect(written.hasSuffix(format == .json ? ",\"cut\":\"yes\"}\n" : " cut=yes\n"))
        if format == .json {
            let object = try JSONDecoder().decode([String: String].self, from: Data(written.utf8))
            #expect(object["n0"] == "\u{FFFD}<b>\"x\"\u{FFFD}")
        }
    }

    @Test("the guide for operators says what every event and every metric means")
    func guide() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let file = folder.appendingPathComponent("../../../docs/operations.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for event in LogEntry.Event.allCases { #expect(text.contains("| `\(event.rawValue)` |"), "\(event.rawValue)") }
        for metric in Metric.allCases {
            let labels = metric.labels.isEmpty ? "" : "{" + metric.labels.joined(separator: ",") + "}"
            #expect(text.contains("| `\(metric.rawValue)\(labels)` |"), "\(metric.rawValue)\(labels)")
        }
    }
}
