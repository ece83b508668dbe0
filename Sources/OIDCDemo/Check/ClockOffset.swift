import ByteText
import FoundationEssentials
import OpenIDConnect

/// How far the provider's clock is ahead of this machine's, by the `Date` of an answer (RFC 9110 §6.6.1).
struct ClockOffset: Sendable, Equatable {
    /// Seconds; negative where the provider's clock is behind.
    let seconds: Double
    /// How far the offset may be wrong: `Date` has whole seconds, and when it was written within the round trip is not
    /// known.
    let uncertainty: Double

    /// What the offset is at least, either way.
    var atLeast: Double { max(0, abs(seconds) - uncertainty) }

    /// The best of what several answers tell; `nil` where none has a `Date`.
    init?(_ exchanges: [ObservedTransport.Exchange]) {
        let offsets = exchanges.compactMap { Self($0) }
        guard let best = offsets.min(by: { $0.uncertainty < $1.uncertainty }) else { return nil }
        self = best
    }

    private init?(_ exchange: ObservedTransport.Exchange) {
        guard let text = exchange.response.values("date").first, let date = secondsSince1970(httpDate: text) else {
            return nil
        }
        let age = exchange.response.values("age").first.map { wholeNumber($0) ?? 0 } ?? 0
        // What a cache answers with has the date of when it was made, and says how long ago that is (RFC 9111 §5.1), in
        // seconds that several caches may have rounded.
        let middle = exchange.sentAt.timeIntervalSince1970 + exchange.roundTrip / 2
        seconds = Double(date) + Double(min(age, 1 << 31)) + 0.5 - middle
        uncertainty = 0.5 + exchange.roundTrip / 2 + (exchange.response.values("age").isEmpty ? 0 : 2)
    }
}

/// Reads an `IMF-fixdate`, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7); `nil` for anything else.
func secondsSince1970(httpDate text: String) -> Int64? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard
        // String: a digit that a mark follows is none, and then the clock is unknown.
        let parts = text.wholeMatch(
            of: /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT/),
        let day = Int64(parts.1), let month = months.firstIndex(where: { $0.isExactly(parts.2) }),
        let year = Int64(parts.3),
        let hour = Int64(parts.4), let minute = Int64(parts.5), let second = Int64(parts.6),
        (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    // Years that begin with March, so that a leap day is the last of one.
    let (years, monthsSinceMarch) = month < 2 ? (year - 1, Int64(month) + 10) : (year, Int64(month) - 2)
    let days = 365 * years + years / 4 - years / 100 + years / 400 + (153 * monthsSinceMarch + 2) / 5 + day - 1
    return (days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second
}
