import FoundationEssentials

/// A moment as the pages write it, in UTC, without locale data.
struct UTCTime: Sendable {
    private let date: Date

    /// A date of the years 1970 to 9999; any other is brought to the nearer end.
    init(_ date: Date) {
        self.date = Date(timeIntervalSince1970: min(max(date.timeIntervalSince1970, 0), 253_402_300_799))
    }

    /// `nil` outside the years 1970 to 9999.
    init?(secondsSince1970 seconds: Int64) {
        guard (0...253_402_300_799).contains(seconds) else { return nil }
        date = Date(timeIntervalSince1970: Double(seconds))
    }

    /// Such as `2025-11-23T22:20:05Z`.
    var machine: String { date.formatted(.iso8601) }

    /// Such as `2025-11-23 22:20 UTC`.
    var words: String { machine.prefix(16).replacing("T", with: " ") + " UTC" }

    /// The `time` element.
    var html: HTML { "<time datetime=\"\(machine)\">\(words)</time>" }

    /// How long ago it was, such as `5 minutes ago`.
    func ago(at now: Date) -> String {
        let seconds = max(0, now.timeIntervalSince(date))
        switch seconds {
        case ..<60: return "just now"
        case ..<3600: return count(seconds / 60, "minute")
        case ..<86_400: return count(seconds / 3600, "hour")
        default: return count(min(seconds / 86_400, 3_652_424), "day")
        }
    }

    private func count(_ number: Double, _ unit: String) -> String {
        Int(number) == 1 ? "1 \(unit) ago" : "\(Int(number)) \(unit)s ago"
    }
}
