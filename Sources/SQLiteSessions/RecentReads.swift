import FoundationEssentials
import Synchronization

/// What was read of the database within the last seconds, by its key, for as long as nobody on the machine changed it.
///
/// A change is counted after it is in the database and before it is acknowledged, so that nothing older is given from then
/// on. A process that is killed between the two has acknowledged nothing; for its sake what was read serves
/// ``maximumAge`` at most.
final class RecentReads<Value: Sendable>: Sendable {
    /// Seconds.
    static var maximumAge: TimeInterval { 5 }
    /// How many are kept at most, twice: the older half goes when the newer one is full, or old.
    static var halfCount: Int { 1024 }

    /// What has to be noted before something is read, for it to be kept.
    struct Mark: Equatable {
        fileprivate let counter: UInt64
        fileprivate let generation: Int
    }

    private struct Entry {
        let value: Value
        let mark: Mark
        let time: Date
    }

    private struct Halves {
        var newer: [[UInt8]: Entry] = [:]
        var older: [[UInt8]: Entry] = [:]
        var began = Date.distantPast
        var isClosed = false
    }

    private let counters: ChangeCounters?
    private let generation: @Sendable () -> Int
    private let halves = Mutex(Halves())

    /// Keeps nothing without counters, and nothing longer than `generation` stays the same.
    init(_ counters: ChangeCounters?, generation: @escaping @Sendable () -> Int = { 0 }) {
        self.counters = counters
        self.generation = generation
    }

    func mark(for key: [UInt8]) -> Mark? {
        counters.map { Mark(counter: $0.value(for: key), generation: generation()) }
    }

    func value(for key: [UInt8], at now: Date) -> Value? {
        guard let mark = mark(for: key),
            let entry = halves.withLock({ $0.newer[key] ?? $0.older[key] }),
            // A clock that went back says nothing of its age.
            entry.mark == mark, entry.time <= now, now < entry.time.addingTimeInterval(Self.maximumAge)
        else { return nil }
        return entry.value
    }

    /// Keeps a value that was read at `now` or later, after the mark was noted.
    func keep(_ value: Value, for key: [UInt8], _ mark: Mark?, at now: Date) {
        guard let mark else { return }
        let entry = Entry(value: value, mark: mark, time: now)
        // What goes is freed when the lock is.
        _ = halves.withLock { halves -> [[UInt8]: Entry] in
            guard !halves.isClosed else { return [:] }
            var gone: [[UInt8]: Entry] = [:]
            let isOld = abs(now.timeIntervalSince(halves.began)) >= Self.maximumAge
            if isOld || halves.newer.count >= Self.halfCount {
                gone = halves.older
                halves.older = halves.newer
                halves.newer = [:]
                halves.began = now
            }
            halves.newer[key] = entry
            return gone
        }
    }

    /// Forgets everything, for good.
    func close() {
        halves.withLock { $0 = Halves(isClosed: true) }
    }
}
