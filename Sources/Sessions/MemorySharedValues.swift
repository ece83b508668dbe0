public import FoundationEssentials
import Synchronization

/// Shared values in memory: known to this process only, and gone with it.
///
/// Nothing is forgotten before its end: where there is no room left, a value is refused. What says that something has
/// ended has room of its own, as have sessions, used responses, and how logins went: so that however many logins begin, a
/// logout can be remembered, and however many responses strangers send, a session can be kept.
public final class MemorySharedValues: SharedValues {
    private struct Entry {
        let value: [UInt8]
        let end: Date
    }

    /// The values of one room.
    private struct Table {
        var entries: [SharedKey: Entry] = [:]
        /// When a full table was last looked through for values that have ended.
        var cleanedAt = Date.distantPast

        mutating func removeEnded(at now: Date) { entries = entries.filter { $0.value.end > now } }
    }

    /// Seconds between two looks through a full table, so that values which are refused cost no more than others.
    private static let cleaningInterval: TimeInterval = 1

    private let tables = Mutex<[SharedValueRoom: Table]>([:])
    private let maximumCount: Int
    private let now: @Sendable () -> Date

    /// Nothing is kept yet. At most `maximumCount` values are in each of the four rooms.
    public init(maximumCount: Int = 50_000, now: @escaping @Sendable () -> Date = { Date() }) {
        self.maximumCount = max(1, maximumCount)
        self.now = now
    }

    /// Keeps a value until `end`.
    ///
    /// Throws ``SessionStoreError`` `.full` where there is no room for it.
    public func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        let now = now()
        try tables.withLock { tables throws(SessionStoreError) in
            try makeRoom(for: key, in: &tables[key.kind.room, default: Table()], at: now)
            tables[key.kind.room]?.entries[key] = Entry(value: value, end: end)
        }
    }

    /// Keeps a value until `end` where there is none.
    ///
    /// Throws ``SessionStoreError`` `.full` where there is no room for it.
    public func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        let now = now()
        return try tables.withLock { tables throws(SessionStoreError) in
            if let entry = tables[key.kind.room]?.entries[key], entry.end > now { return false }
            try makeRoom(for: key, in: &tables[key.kind.room, default: Table()], at: now)
            tables[key.kind.room]?.entries[key] = Entry(value: value, end: end)
            return true
        }
    }

    /// The values of some keys.
    public func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let now = now()
        return tables.withLock { tables in
            keys.map { key in
                tables[key.kind.room]?.entries[key].flatMap { $0.end > now ? $0.value : nil }
            }
        }
    }

    /// Forgets a value, if it is this one.
    public func remove(_ value: [UInt8], for key: SharedKey) async throws {
        tables.withLock { tables in
            let room = key.kind.room
            if tables[room]?.entries[key]?.value == value { tables[room]?.entries[key] = nil }
        }
    }

    /// Forgets what has ended.
    public func removeEnded() async throws {
        let now = now()
        tables.withLock { tables in
            for room in SharedValueRoom.allCases { tables[room]?.removeEnded(at: now) }
        }
    }

    private func makeRoom(for key: SharedKey, in table: inout Table, at now: Date) throws(SessionStoreError) {
        guard table.entries.count >= maximumCount, table.entries[key] == nil else { return }
        if abs(now.timeIntervalSince(table.cleanedAt)) >= Self.cleaningInterval {
            table.removeEnded(at: now)
            table.cleanedAt = now
        }
        guard table.entries.count < maximumCount else {
            throw SessionStoreError(
                .full, context: "\(table.entries.count) shared values of this kind in memory, the most that are kept",
                remedy: "keep them in SQLite or Redis, or try again when some have ended")
        }
    }
}
