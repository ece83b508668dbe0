import FoundationEssentials
import Glibc
import OpenIDConnect

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
    ///
    /// By the C library, which is many times faster at it than Foundation, and every page has a time on it.
    var machine: String {
        var seconds = time_t(wholeSeconds(date.timeIntervalSince1970.rounded(.down)))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                strftime($0.baseAddress, $0.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
            }
        }
    }

    /// Such as `2025-11-23 22:20 UTC`.
    var words: String { Self.words(machine) }

    private static func words(_ machine: String) -> String {
        var bytes = Array(machine.utf8.prefix(16))
        if bytes.count == 16 { bytes[10] = UInt8(ascii: " ") }
        bytes += " UTC".utf8
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The `time` element.
    var html: HTML {
        let machine = machine
        return "<time datetime=\"\(machine)\">\(Self.words(machine))</time>"
    }

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
