import Foundation
import Synchronization

/// Clocks that stand still, or nearly.
package enum Moment {
    package static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }

    /// Six seconds ahead, and back, by turns: what a store read before serves it no more.
    package static func toAndFro() -> @Sendable () -> Date {
        let calls = Calls()
        return { now().addingTimeInterval(calls.next() % 2 == 0 ? 6 : 0) }
    }

    private final class Calls: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }
}
