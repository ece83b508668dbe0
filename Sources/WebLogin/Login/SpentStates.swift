import FoundationEssentials
import OpenIDConnect
import Synchronization

/// The states whose callback has come: each serves once, even where a browser sends the same callback twice at a time.
final class SpentStates: Sendable {
    private struct Table {
        var current: Set<State> = []
        var previous: Set<State> = []
        var turned: Date?
    }

    private let table = Mutex(Table())
    private let now: @Sendable () -> Date

    private let maximumCount: Int

    init(maximumCount: Int = 50_000, now: @escaping @Sendable () -> Date) {
        self.maximumCount = maximumCount
        self.now = now
    }

    /// Marks a state as used; false where it was already.
    func spend(_ state: State) -> Bool {
        let now = now()
        return table.withLock { table in
            // Two generations, each as long as a transaction lives: none is forgotten while its transaction could serve.
            // Only so many are kept: whoever sends more callbacks than that makes old ones be forgotten, whose codes the
            // provider has long seen used.
            let isOld = now.timeIntervalSince(table.turned ?? .distantPast) > LoginTransaction.lifetime
            if isOld || table.current.count >= maximumCount {
                table.previous = table.current
                table.current = []
                table.turned = now
            }
            guard !table.previous.contains(state) else { return false }
            return table.current.insert(state).inserted
        }
    }

    /// Whether a state was used.
    func contains(_ state: State) -> Bool {
        table.withLock { $0.current.contains(state) || $0.previous.contains(state) }
    }
}
