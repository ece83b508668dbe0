import FoundationEssentials
import Synchronization
import Testing
import WebLogin

@testable import OIDCDemo

@Suite("The log")
struct LogTests {
    private func line(_ entry: LogEntry) -> String {
        let written = Mutex("")
        let log = LineLog(.text, now: { Date(timeIntervalSince1970: 0) }, sink: { line in written.withLock { $0 += line } })
        log.write(entry)
        return written.withLock { $0 }
    }

    @Test("an entry is one line with its time, its event and its fields")
    func oneLine() {
        let entry = LogEntry(.loginFailed, ["status": "400", "provider": nil, "came": "two words", "empty": ""])
        #expect(line(entry) == "1970-01-01T00:00:00Z login.failed status=400 came=\"two words\" empty=\"\"\n")
    }

    @Test("a value cannot pass for another field or another line")
    func injection() {
        let text = line(
            LogEntry(.loginFailed, ["a": "x\nfake=1", "b": "\" c=\"1", "d": "e=f", "g": "\\\"", "h": "\u{1B}[2J\u{202E}"]))
        #expect(text.split(separator: "\n").count == 1)
        #expect(text.contains("b=\"\\\" c=\\\"1\""))
        #expect(text.contains("d=\"e=f\""))
        #expect(text.contains("g=\"\\\\\\\"\""))
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
    }
}
