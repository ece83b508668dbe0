import FoundationEssentials
import Sessions

/// The shared values in an SQLite file.
struct SQLiteSharedValues: SharedValues {
    let database: SessionDatabase
    let now: @Sendable () -> Date

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
        return try await database.use { table throws(SessionStoreError) in
            try table.setValue(value, for: digest, now: now, ends: ends, replacing: replacing)
        }
    }

    func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let now = now().milliseconds
        return try await database.use { table throws(SessionStoreError) in
            var values: [[UInt8]?] = []
            for key in keys { values.append(try table.value(for: key.digest, now: now)) }
            return values
        }
    }

    func remove(_ value: [UInt8], for key: SharedKey) async throws {
        let digest = key.digest
        try await database.use { table throws(SessionStoreError) in try table.removeValue(value, for: digest) }
    }
}
