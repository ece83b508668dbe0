import Sessions

/// The shared values in the sessions' database.
struct ValueTable: ~Copyable {
    struct Row {
        let value: [UInt8]
        let ends: Int64
    }

    private let setting: SQLiteStatement
    private let settingFirst: SQLiteStatement
    private let finding: SQLiteStatement
    private let removing: SQLiteStatement
    private let sweeping: SQLiteStatement

    static func prepare(_ connection: borrowing SQLiteConnection) throws(SessionStoreError) -> ValueTable {
        ValueTable(
            setting: try connection.prepare(
                """
                INSERT INTO shared_values (key, value, ends) VALUES (?1, ?2, ?3)
                ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3
                """),
            settingFirst: try connection.prepare(
                """
                INSERT INTO shared_values (key, value, ends) VALUES (?1, ?2, ?3)
                ON CONFLICT (key) DO UPDATE SET value = ?2, ends = ?3 WHERE ends <= ?4
                """),
            finding: try connection.prepare("SELECT value, ends FROM shared_values WHERE key = ?1 AND ends > ?2"),
            removing: try connection.prepare("DELETE FROM shared_values WHERE key = ?1 AND value = ?2"),
            sweeping: try connection.prepare(
                "DELETE FROM shared_values WHERE key IN (SELECT key FROM shared_values WHERE ends <= ?1 LIMIT ?2)"))
    }

    /// Whether it was kept: with `replacing` always, else where there is none whose end has not come.
    func set(
        _ value: [UInt8], for key: [UInt8], now: Int64, ends: Int64, replacing: Bool,
        _ connection: borrowing SQLiteConnection
    ) throws(SessionStoreError) -> Bool {
        if replacing {
            try connection.run(setting, .blob(key), .blob(value), .integer(ends))
        } else {
            try connection.run(settingFirst, .blob(key), .blob(value), .integer(ends), .integer(now))
        }
        return connection.changedRows > 0
    }

    func find(
        _ key: [UInt8], now: Int64, _ connection: borrowing SQLiteConnection
    ) throws(SessionStoreError) -> Row? {
        var row: Row?
        try connection.run(finding, .blob(key), .integer(now)) { row = Row(value: $0.blob(0), ends: $0.integer(1)) }
        return row
    }

    func remove(
        _ value: [UInt8], for key: [UInt8], _ connection: borrowing SQLiteConnection
    ) throws(SessionStoreError) {
        try connection.run(removing, .blob(key), .blob(value))
    }

    /// How many were removed, at most `limit`.
    func removeEnded(
        now: Int64, limit: Int, _ connection: borrowing SQLiteConnection
    ) throws(SessionStoreError) -> Int {
        try connection.run(sweeping, .integer(now), .integer(Int64(limit)))
        return connection.changedRows
    }
}
