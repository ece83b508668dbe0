import FoundationEssentials
import Sessions

/// The shared values in an SQLite file.
struct SQLiteSharedValues: SharedValues {
    private let database: SessionDatabase
    /// That there is none is kept too: that is the answer for every session which has not ended.
    private let recent: RecentReads<ValueTable.Row?>
    private let now: @Sendable () -> Date

    init(_ database: SessionDatabase, changes: ChangeCounters?, now: @escaping @Sendable () -> Date) {
        self.database = database
        recent = RecentReads(changes)
        self.now = now
    }

    /// Forgets what was read.
    func close() { recent.close() }

    func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        _ = try await set(value, for: key, until: end, replacing: true)
    }

    func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        try await set(value, for: key, until: end, replacing: false)
    }

    private func set(
        _ value: [UInt8], for key: SharedKey, until end: Date, replacing: Bool
    ) async throws(SessionStoreError) -> Bool {
        let (digest, now, ends) = (key.digest, now().milliseconds, end.milliseconds)
        return try await database.use(changing: .key(digest)) { table throws(SessionStoreError) in
            try table.setValue(value, for: digest, now: now, ends: ends, replacing: replacing)
        }
    }

    func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let date = now()
        let now = date.milliseconds
        let known = keys.compactMap { recent.value(for: $0.digest, at: date) }
        if known.count == keys.count { return known.map { row in row.flatMap { $0.ends > now ? $0.value : nil } } }
        let marks = keys.map { recent.mark(for: $0.digest) }
        let rows = try await database.use { table throws(SessionStoreError) in
            var rows: [ValueTable.Row?] = []
            for key in keys { rows.append(try table.value(for: key.digest, now: now)) }
            return rows
        }
        for (index, row) in rows.enumerated() { recent.keep(row, for: keys[index].digest, marks[index], at: date) }
        return rows.map { $0?.value }
    }

    func remove(_ value: [UInt8], for key: SharedKey) async throws {
        let digest = key.digest
        try await database.use(changing: .key(digest)) { table throws(SessionStoreError) in
            try table.removeValue(value, for: digest)
        }
    }

    /// A few hundred at a time, so that nobody waits long in between.
    func removeEnded() async throws {
        let now = now().milliseconds
        var goesOn = true
        while goesOn, !Task.isCancelled {
            goesOn = try await database.use(changing: .nothing) { table throws(SessionStoreError) in
                try table.removeEndedValues(now: now, limit: 250)
            }
        }
    }
}
