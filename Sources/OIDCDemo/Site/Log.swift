import FoundationEssentials
import Glibc
import OpenIDConnect
import WebLogin

/// One thing worth telling an operator. Holds no secret, no token and no code.
struct LogEntry: Sendable, Equatable {
    /// What happened, such as `login.failed`.
    let event: String
    /// Particulars in order; texts from outside are cut and cleaned when they are written.
    let fields: [Field]

    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    init(_ event: String, _ fields: KeyValuePairs<String, String?> = [:]) {
        self.event = event
        self.fields = fields.compactMap { name, value in value.map { Field(name: name, value: $0) } }
    }
}

/// Where the app tells what went wrong.
protocol Log: Sendable {
    /// Takes an entry; must not fail, nor keep its caller waiting for long.
    func write(_ entry: LogEntry)
}

/// A log of lines: the time, the event, and `name=value` pairs.
struct TextLog: Log {
    let now: @Sendable () -> Date
    /// Takes a line with its end.
    let sink: @Sendable (String) -> Void

    /// A log on standard error.
    init() {
        now = { Date() }
        // A log that cannot be written is no reason to fail.
        sink = { line in _ = writeAll(Array(line.utf8), to: STDERR_FILENO) }
    }

    init(now: @escaping @Sendable () -> Date, sink: @escaping @Sendable (String) -> Void) {
        self.now = now
        self.sink = sink
    }

    func write(_ entry: LogEntry) {
        let fields = entry.fields.map { " \($0.name)=\(Self.quotedIfNeeded(excerpt($0.value)))" }
        sink("\(UTCTime(now()).machine) \(entry.event)\(fields.joined())\n")
    }

    /// A value that is more than a word stands in quotes, so that it cannot pass for further fields.
    private static func quotedIfNeeded(_ value: String) -> String {
        let isWord = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 < 0x7F }
        if isWord { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension LogEntry {
    /// A login or a logout that came to nothing.
    init(_ failure: LoginFailure) {
        self.init(
            "login.failed",
            [
                "code": failure.code.rawValue, "status": String(failure.status), "rule": failure.rule,
                "provider": failure.provider?.name.string, "expected": failure.expected, "came": failure.actual,
                "remedy": failure.remedy,
            ])
    }
}
