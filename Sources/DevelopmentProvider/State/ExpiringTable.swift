import FoundationEssentials

/// Entries that all live equally long, at most so many of them: the oldest goes when there is no room.
struct ExpiringTable<Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        let expiresAt: Date
    }

    let capacity: Int
    let lifetime: TimeInterval
    private var entries: [String: Entry] = [:]
    /// Identifiers in the order of insertion, which is that of expiry; those before `first` are gone.
    private var order: [String] = []
    private var first = 0

    init(capacity: Int, lifetime: TimeInterval) {
        self.capacity = capacity
        self.lifetime = lifetime
    }

    var count: Int { entries.count }

    /// The value, unless it is unknown or expired.
    func value(_ id: String, at now: Date) -> Value? {
        guard let entry = entries[id], now < entry.expiresAt else { return nil }
        return entry.value
    }

    /// Adds an entry under a new identifier.
    mutating func insert(_ value: Value, as id: String, at now: Date) {
        entries[id] = Entry(value: value, expiresAt: now.addingTimeInterval(lifetime))
        order.append(id)
        while first < order.count, order.count - first > capacity || isGone(order[first], at: now) {
            entries[order[first]] = nil
            first += 1
        }
        if first > order.count / 2 {
            order.removeFirst(first)
            first = 0
        }
    }

    /// Changes an entry that is there; it ends when it would have ended.
    mutating func update(_ id: String, to value: Value) {
        entries[id]?.value = value
    }

    mutating func remove(_ id: String) {
        entries[id] = nil
    }

    private func isGone(_ id: String, at now: Date) -> Bool {
        guard let entry = entries[id] else { return true }
        return now >= entry.expiresAt
    }
}
