import Sessions

/// The sessions in their database. Times are milliseconds since 1970, keys SHA-256 of the identifiers.
struct SessionTable: ~Copyable {
    /// What is kept of a session outside its seal.
    struct Row {
        let lastUsed: Int64
        let sealed: [UInt8]
    }

    private let inserting: SQLiteStatement
    private let finding: SQLiteStatement
    private let touching: SQLiteStatement
    private let replacing: SQLiteStatement
    private let deleting: SQLiteStatement
    private let sweepingEnded: SQLiteStatement
    private let sweepingIdle: SQLiteStatement
    private let connection: SQLiteConnection

    /// Opens the file at the path, and makes it where there is none.
    ///
    /// Throws the error of ``SessionFile``, of ``prepare(_:path:)`` or of SQLite.
    static func open(path: String, busyMilliseconds: Int32) throws(SessionStoreError) -> SessionTable {
        try SessionFile(path: path).makeIfMissing()
        let connection = try SQLiteConnection(path: path, busyMilliseconds: busyMilliseconds)
        try prepare(connection, path: path)
        return SessionTable(
            inserting: try connection.prepare(
                "INSERT INTO sessions (key, last_used, ends, sealed) VALUES (?1, ?2, ?3, ?4)"),
            finding: try connection.prepare(
                "SELECT last_used, sealed FROM sessions WHERE key = ?1 AND ends > ?2 AND last_used > ?3"),
            touching: try connection.prepare("UPDATE sessions SET last_used = ?2 WHERE key = ?1"),
            replacing: try connection.prepare(
                """
                UPDATE sessions SET last_used = ?2, ends = ?4, sealed = ?5
                WHERE key = ?1 AND ends > ?2 AND last_used > ?3
                """),
            deleting: try connection.prepare("DELETE FROM sessions WHERE key = ?1"),
            sweepingEnded: try connection.prepare(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ends <= ?1 LIMIT ?2)"),
            sweepingIdle: try connection.prepare(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_used <= ?1 LIMIT ?2)"),
            connection: connection)
    }

    func insert(_ key: [UInt8], lastUsed: Int64, ends: Int64, sealed: [UInt8]) throws(SessionStoreError) {
        try connection.run(inserting, .blob(key), .integer(lastUsed), .integer(ends), .blob(sealed))
    }

    /// The session that has not ended and was used after `idleSince`.
    func find(_ key: [UInt8], now: Int64, idleSince: Int64) throws(SessionStoreError) -> Row? {
        var row: Row?
        try connection.run(finding, .blob(key), .integer(now), .integer(idleSince)) {
            row = Row(lastUsed: $0.integer(0), sealed: $0.blob(1))
        }
        return row
    }

    func touch(_ key: [UInt8], now: Int64) throws(SessionStoreError) {
        try connection.run(touching, .blob(key), .integer(now))
    }

    /// Whether the session was there, had not ended, and was used after `idleSince`.
    func replace(
        _ key: [UInt8], now: Int64, idleSince: Int64, ends: Int64, sealed: [UInt8]
    ) throws(SessionStoreError) -> Bool {
        try connection.run(
            replacing, .blob(key), .integer(now), .integer(idleSince), .integer(ends), .blob(sealed))
        return connection.changedRows > 0
    }

    func delete(_ key: [UInt8]) throws(SessionStoreError) {
        try connection.run(deleting, .blob(key))
    }

    /// Removes at most `limit` sessions that ended, and as many that were not used since; whether there may be more.
    func removeOver(now: Int64, idleSince: Int64, limit: Int) throws(SessionStoreError) -> Bool {
        try connection.run(sweepingEnded, .integer(now), .integer(Int64(limit)))
        let ended = connection.changedRows
        try connection.run(sweepingIdle, .integer(idleSince), .integer(Int64(limit)))
        return ended == limit || connection.changedRows == limit
    }

    /// For tests: runs statements on the same connection.
    func execute(_ statements: String) throws(SessionStoreError) {
        try connection.execute(statements)
    }
}
