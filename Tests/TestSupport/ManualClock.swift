package import FoundationEssentials
import Synchronization

/// A clock that stands still until it is told otherwise.
package final class ManualClock: Sendable {
    private let time: Mutex<Date>

    /// Begins in January 2027, on a whole second, unless told otherwise.
    package init(at start: Date = Date(timeIntervalSince1970: 1_800_000_000)) { time = Mutex(start) }

    /// The clock as it is injected.
    package var now: @Sendable () -> Date {
        { self.time.withLock { $0 } }
    }

    /// Moves the clock on; back, with a negative number of seconds.
    package func advance(by seconds: TimeInterval) {
        time.withLock { $0 = $0.addingTimeInterval(seconds) }
    }
}
