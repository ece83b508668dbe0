import ByteText
import FoundationEssentials
import JOSE
import OpenIDConnect

/// One thing worth telling an operator. Holds no secret, no token and no code.
struct LogEntry: Sendable, Equatable {
    /// What happened; `docs/operations.md` says what each means.
    enum Event: String, CaseIterable, Sendable {
        case started = "app.started"
        case stopped = "app.stopped"
        case settingDoubtful = "setting.doubtful"
        case secretsTaken = "secrets.taken"
        case secretsKept = "secrets.kept"
        case loginBegun = "login.begun"
        case loginFinished = "login.finished"
        case loginFailed = "login.failed"
        case accessForbidden = "access.forbidden"
        case loggedOut = "logout.done"
        case tokensRefreshed = "tokens.refreshed"
        case sessionsFailed = "sessions.failed"
        case requestAnswered = "request.answered"
        case linesLost = "log.lost"

        /// How much it asks for attention.
        var level: Level {
            switch self {
            case .settingDoubtful, .loginFailed, .accessForbidden: .warning
            case .secretsKept, .sessionsFailed, .linesLost: .error
            default: .info
            }
        }
    }

    enum Level: String, Sendable { case info, warning, error }

    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    let event: Event
    /// The number of the request in which it happened.
    let request: String?
    /// Particulars in order; texts from outside are cut and cleaned when they are written.
    let fields: [Field]

    init(_ event: Event, _ fields: KeyValuePairs<String, String?> = [:]) {
        self.init(event, fields: fields.compactMap { name, value in value.map { Field(name: name, value: $0) } })
    }

    init(_ event: Event, fields: [Field]) {
        self.event = event
        self.fields = fields
        request = CurrentRequest.value?.id
    }
}

/// Where the app tells what happened.
protocol Log: Sendable {
    /// Takes an entry; must not fail, nor keep its caller waiting.
    func write(_ entry: LogEntry)

    /// How many entries could not be written since the start.
    var lostLineCount: UInt64 { get }
}

extension Log {
    var lostLineCount: UInt64 { 0 }
}

/// A log of lines: the time, the event, the request, and the particulars. Values are cut to 200 characters, and what acts
/// unseen, such as control and direction marks, stands as U+FFFD: a value is never more than a value.
struct LineLog: Log {
    enum Format: String, Sendable {
        /// `TIME EVENT name=value name="two words"`
        case text
        /// A JSON object, all values strings.
        case json
    }

    /// The most bytes of a line: what a pipe takes as a whole, so that the lines of two threads never mix (PIPE_BUF).
    /// Particulars for which there is no room are left out, and `cut` says so.
    static let maximumByteCount = 4 << 10

    let format: Format
    let now: @Sendable () -> Date
    /// Takes a line with its end.
    let sink: @Sendable (String) -> Void
    private let writer: LogWriter?

    /// A log on standard error, which never waits for whoever reads that.
    init(_ format: Format) {
        let lossLine = { @Sendable (count: UInt64) in
            let unwritten = LineLog(format, now: { Date() }, sink: { _ in })
            return unwritten.line(for: LogEntry(.linesLost, ["lines": String(count)]))
        }
        let writer = LogWriter(lossLine: lossLine)
        self.init(format, now: { Date() }, sink: { writer.enqueue($0) }, writer: writer)
    }

    init(_ format: Format, now: @escaping @Sendable () -> Date, sink: @escaping @Sendable (String) -> Void) {
        self.init(format, now: now, sink: sink, writer: nil)
    }

    private init(
        _ format: Format, now: @escaping @Sendable () -> Date, sink: @escaping @Sendable (String) -> Void,
        writer: LogWriter?
    ) {
        self.format = format
        self.now = now
        self.sink = sink
        self.writer = writer
    }

    var lostLineCount: UInt64 { writer?.lostLineCount ?? 0 }

    /// Waits for what is still to be written, at the end of the program, for two seconds at most. Blocks.
    func drain() { _ = writer?.drain(withinSeconds: 2) }

    func write(_ entry: LogEntry) { sink(line(for: entry)) }

    private func line(for entry: LogEntry) -> String {
        let time = UTCTime(now()).machine
        var line =
            switch format {
            case .text: "\(time) \(entry.event.rawValue)"
            case .json:
                "{\"time\":\"\(time)\",\"level\":\"\(entry.event.level)\",\"event\":\"\(entry.event.rawValue)\""
            }
        let end = format == .json ? "}\n" : "\n"
        let cut = pair("cut", "yes")
        let room = Self.maximumByteCount - end.utf8.count - cut.utf8.count
        var length = line.utf8.count
        for field in (entry.request.map { [LogEntry.Field(name: "request", value: $0)] } ?? []) + entry.fields {
            let pair = pair(field.name, excerpt(field.value))
            length += pair.utf8.count
            guard length <= room else {
                line += cut
                break
            }
            line += pair
        }
        return line + end
    }

    private func pair(_ name: String, _ value: String) -> String {
        switch format {
        case .text: " \(name)=\(Self.quotedIfNeeded(value))"
        case .json: ",\(JSONValue.string(name).text):\(JSONValue.string(value).text)"
        }
    }

    /// A value that is more than a word stands in quotes, so that it cannot pass for further fields.
    private static func quotedIfNeeded(_ value: String) -> String {
        let isWord = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 < 0x7F }
        if isWord { return value }
        return "\"" + value.replacing(["\\": "\\\\", "\"": "\\\""]) + "\""
    }
}
