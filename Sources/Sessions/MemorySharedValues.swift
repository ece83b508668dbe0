public import FoundationEssentials
import Synchronization

/// Shared values in memory: known to this process only, and gone with it.
///
/// Nothing is forgotten before its end: where there is no room left, a value is refused. Half of the room is for what says
/// that something has ended, so that however many logins begin, a logout can be remembered.
public final class MemorySharedValues: SharedValues {
    private struct Entry {
        let value: [UInt8]
        let end: Date
    }

    private struct Table {
        var entries: [SharedKey: Entry] = [:]
        /// When a full table was last looked through for values that have ended.
        var cleanedAt = Date.distantPast
    }

    /// Seconds between two looks through a full table, so that values which are refused cost no more than others.
    private static let cleaningInterval: TimeInterval = 1

    private let table = Mutex(Table())
    private let maximumCount: Int
    private let now: @Sendable () -> Date

    /// Nothing is kept yet. At most `maximumCount` values are: what has ended may fill it, everything else half of it.
    public init(maximumCount: Int = 100_000, now: @escaping @Sendable () -> Date = { Date() }) {
        self.maximumCount = max(2, maximumCount)
        self.now = now
    }

    /// Keeps a value until `end`.
    ///
    /// Throws ``SessionStoreError`` `.full` where there is no room for it.
    public func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        let now = now()
        try table.withLock { table throws(SessionStoreError) in
            try makeRoom(for: key, in: &table, at: now)
            table.entries[key] = Entry(value: value, end: end)
        }
    }

    /// Keeps a value until `end` where there is none.
    ///
    /// Throws ``SessionStoreError`` `.full` where there is no room for it.
    public func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        let now = now()
        return try table.withLock { table throws(SessionStoreError) in
            if let entry = table.entries[key], entry.end > now { return false }
            try makeRoom(for: key, in: &table, at: now)
            table.entries[key] = Entry(value: value, end: end)
            return true
        }
    }

    /// The values of some keys.
    public func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let now = now()
        return table.withLock { table in
            keys.map { key in table.entries[key].flatMap { $0.end > now ? $0.value : nil } }
        }
    }

    /// Forgets a value, if it is this one.
    public func remove(_ value: [UInt8], for key: SharedKey) async throws {
        table.withLock { if $0.entries[key]?.value == value { $0.entries[key] = nil } }
    }

    /// Forgets what has ended.
    public func removeEnded() async throws {
        let now = now()
        table.withLock { table in table.entries = table.entries.filter { $0.value.end > now } }
    }

    private func makeRoom(for key: SharedKey, in table: inout Table, at now: Date) throws(SessionStoreError) {
        let limit = key.kind.isEnding ? maximumCount : maximumCount / 2
        guard table.entries.count >= limit, table.entries[key] == nil else { return }
        if abs(now.timeIntervalSince(table.cleanedAt)) >= Self.cleaningInterval {
            table.entries = table.entries.filter { $0.value.end > now }
            table.cleanedAt = now
        }
        guard table.entries.count < limit else {
            throw SessionStoreError(
                .full, context: "\(table.entries.count) shared values in memory, of at most \(limit) of this kind",
                remedy: "keep them in SQLite or Redis, or try again when some have ended")
        }
    }
}
