public import FoundationEssentials
import Synchronization

/// Shared values in memory: known to this process only, and gone with it.
public final class MemorySharedValues: SharedValues {
    private struct Entry {
        let value: [UInt8]
        let end: Date
    }

    private let entries = Mutex<[SharedKey: Entry]>([:])
    private let maximumCount: Int
    private let now: @Sendable () -> Date

    /// Nothing is kept yet. Beyond `maximumCount` values those whose end is nearest go first.
    public init(maximumCount: Int = 100_000, now: @escaping @Sendable () -> Date = { Date() }) {
        self.maximumCount = max(1, maximumCount)
        self.now = now
    }

    /// Keeps a value until `end`.
    public func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        entries.withLock {
            $0[key] = Entry(value: value, end: end)
            makeRoom(&$0)
        }
    }

    /// Keeps a value until `end` where there is none.
    public func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        let now = now()
        return entries.withLock { entries in
            if let entry = entries[key], entry.end > now { return false }
            entries[key] = Entry(value: value, end: end)
            makeRoom(&entries)
            return true
        }
    }

    /// The values of some keys.
    public func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let now = now()
        return entries.withLock { entries in
            keys.map { key in entries[key].flatMap { $0.end > now ? $0.value : nil } }
        }
    }

    /// Forgets a value, if it is this one.
    public func remove(_ value: [UInt8], for key: SharedKey) async throws {
        entries.withLock { if $0[key]?.value == value { $0[key] = nil } }
    }

    /// Forgets what has ended.
    public func removeEnded() async throws {
        let now = now()
        entries.withLock { entries in entries = entries.filter { $0.value.end > now } }
    }

    /// A tenth goes at a time, so that sorting is rare.
    private func makeRoom(_ entries: inout [SharedKey: Entry]) {
        guard entries.count > maximumCount else { return }
        let kept = entries.sorted { $0.value.end > $1.value.end }.prefix(maximumCount - maximumCount / 10)
        entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
