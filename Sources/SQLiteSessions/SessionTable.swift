import Sessions

/// The sessions in their database. Times are milliseconds since 1970, keys SHA-256 of the identifiers.
struct SessionTable: ~Copyable {
    /// What is kept of a session outside its seal.
    struct Row {
        let lastUsed: Int64
        let sealed: [UInt8]
    }

    /// The same for a list.
    struct ListedRow {
        let lastUsed: Int64
        let key: [UInt8]
        let sealed: Sealed

        enum Sealed {
            case summary([UInt8])
            /// Of a session without a summary, or kept by an earlier version.
            case session([UInt8])
        }
    }

    /// The digests of whom a session belongs to.
    struct Owners {
        let user: [UInt8]?
        let providerSession: [UInt8]?
    }

    /// A session as it is written.
    struct Content {
        let ends: Int64
        let sealed: [UInt8]
        let sealedSummary: [UInt8]?
        let owners: Owners
    }

    private let inserting: SQLiteStatement
    private let finding: SQLiteStatement
    private let touching: SQLiteStatement
    private let replacing: SQLiteStatement
    private let deleting: SQLiteStatement
    private let listing: SQLiteStatement
    private let counting: SQLiteStatement
    private let asking: SQLiteStatement
    private let deletingOwned: SQLiteStatement
    private let deletingAllOwned: SQLiteStatement
    private let deletingWithoutProviderSession: SQLiteStatement
    private let sweepingEnded: SQLiteStatement
    private let sweepingIdle: SQLiteStatement
    private let values: ValueTable
    private let connection: SQLiteConnection

    /// Opens the file at the path, and makes it where there is none.
    ///
    /// Throws the error of ``SessionFile``, of ``prepare(_:path:owners:)`` or of SQLite.
    static func open(
        path: String, busyMilliseconds: Int32, owners: (_ key: [UInt8], _ sealed: [UInt8]) -> Owners
    ) throws(SessionStoreError) -> SessionTable {
        try SessionFile(path: path).makeIfMissing()
        let connection = try SQLiteConnection(path: path, busyMilliseconds: busyMilliseconds)
        try prepare(connection, path: path, owners: owners)
        return SessionTable(
            inserting: try connection.prepare(
                """
                INSERT INTO sessions (key, last_used, ends, sealed, user, provider_session, summary)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """),
            finding: try connection.prepare(
                "SELECT last_used, sealed FROM sessions WHERE key = ?1 AND ends > ?2 AND last_used > ?3"),
            touching: try connection.prepare("UPDATE sessions SET last_used = ?2 WHERE key = ?1"),
            replacing: try connection.prepare(
                """
                UPDATE sessions
                SET last_used = ?2, ends = ?4, sealed = ?5, user = ?6, provider_session = ?7, summary = ?8
                WHERE key = ?1 AND ends > ?2 AND last_used > ?3
                """),
            deleting: try connection.prepare("DELETE FROM sessions WHERE key = ?1"),
            listing: try connection.prepare(
                """
                SELECT last_used, key, summary, iif(summary IS NULL AND length(sealed) <= ?5, sealed, NULL)
                FROM sessions
                WHERE id IN (
                    SELECT id FROM sessions
                    WHERE (user = ?1 OR provider_session = ?1) AND ends > ?2 AND last_used > ?3
                    ORDER BY id DESC LIMIT ?4
                )
                ORDER BY id DESC
                """),
            counting: try connection.prepare(
                """
                SELECT count(*) FROM sessions
                WHERE (user = ?1 OR provider_session = ?1) AND ends > ?2 AND last_used > ?3
                """),
            asking: try connection.prepare(
                "SELECT 1 FROM sessions WHERE user = ?1 OR provider_session = ?1 LIMIT 1"),
            deletingOwned: try connection.prepare(
                "DELETE FROM sessions WHERE key = ?1 AND (user = ?2 OR provider_session = ?2)"),
            deletingAllOwned: try connection.prepare("DELETE FROM sessions WHERE user = ?1 OR provider_session = ?1"),
            deletingWithoutProviderSession: try connection.prepare(
                "DELETE FROM sessions WHERE user = ?1 AND provider_session IS NULL"),
            sweepingEnded: try connection.prepare(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ends <= ?1 LIMIT ?2)"),
            sweepingIdle: try connection.prepare(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_used <= ?1 LIMIT ?2)"),
            values: try ValueTable.prepare(connection), connection: connection)
    }

    /// See ``SQLiteConnection/fileName``.
    var fileName: String { connection.fileName }

    /// See ``SQLiteConnection/hasMoved``.
    var hasMoved: Bool { connection.hasMoved }

    /// See ``SQLiteConnection/wait(milliseconds:)``.
    func wait(milliseconds: Int32) { connection.wait(milliseconds: milliseconds) }

    func insert(_ key: [UInt8], lastUsed: Int64, _ content: Content) throws(SessionStoreError) {
        try connection.run(
            inserting, .blob(key), .integer(lastUsed), .integer(content.ends), .blob(content.sealed),
            .optional(content.owners.user), .optional(content.owners.providerSession),
            .optional(content.sealedSummary))
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
        _ key: [UInt8], now: Int64, idleSince: Int64, _ content: Content
    ) throws(SessionStoreError) -> Bool {
        try connection.run(
            replacing, .blob(key), .integer(now), .integer(idleSince), .integer(content.ends), .blob(content.sealed),
            .optional(content.owners.user), .optional(content.owners.providerSession),
            .optional(content.sealedSummary))
        return connection.changedRows > 0
    }

    func delete(_ key: [UInt8]) throws(SessionStoreError) {
        try connection.run(deleting, .blob(key))
    }

    /// The newest sessions of an owner that have not ended and were used after `idleSince`, and how many there are in all.
    /// Of those without a summary none is read whose seal has more than `byteCount` bytes.
    func list(
        _ owner: [UInt8], now: Int64, idleSince: Int64, limit: Int, byteCount: Int
    ) throws(SessionStoreError) -> (rows: [ListedRow], count: Int) {
        var rows: [ListedRow] = []
        try connection.run(
            listing, .blob(owner), .integer(now), .integer(idleSince), .integer(Int64(limit)),
            .integer(Int64(byteCount))
        ) { row in
            let (summary, session) = (row.blob(2), row.blob(3))
            guard !summary.isEmpty || !session.isEmpty else { return }
            rows.append(
                ListedRow(
                    lastUsed: row.integer(0), key: row.blob(1),
                    sealed: summary.isEmpty ? .session(session) : .summary(summary)))
        }
        var count = 0
        try connection.run(counting, .blob(owner), .integer(now), .integer(idleSince)) { count = Int($0.integer(0)) }
        return (rows, count)
    }

    func delete(_ key: [UInt8], of owner: [UInt8]) throws(SessionStoreError) {
        try connection.run(deletingOwned, .blob(key), .blob(owner))
    }

    /// Whether an owner has sessions, be they over or not.
    func hasSessions(of owner: [UInt8]) throws(SessionStoreError) -> Bool {
        var hasAny = false
        try connection.run(asking, .blob(owner)) { _ in hasAny = true }
        return hasAny
    }

    /// How many they were.
    func deleteAll(of owner: [UInt8]) throws(SessionStoreError) -> Int {
        try connection.run(deletingAllOwned, .blob(owner))
        return connection.changedRows
    }

    /// Removes the sessions of a user of which no session at the provider is known.
    func deleteAllWithoutProviderSession(of user: [UInt8]) throws(SessionStoreError) {
        try connection.run(deletingWithoutProviderSession, .blob(user))
    }

    /// Removes at most `limit` sessions that ended, and as many that were not used since; whether there may be more.
    func removeOver(now: Int64, idleSince: Int64, limit: Int) throws(SessionStoreError) -> Bool {
        try connection.run(sweepingEnded, .integer(now), .integer(Int64(limit)))
        let ended = connection.changedRows
        try connection.run(sweepingIdle, .integer(idleSince), .integer(Int64(limit)))
        return ended == limit || connection.changedRows == limit
    }

    /// Removes at most `limit` shared values whose end has come; whether there may be more.
    func removeEndedValues(now: Int64, limit: Int) throws(SessionStoreError) -> Bool {
        try values.removeEnded(now: now, limit: limit, connection) == limit
    }

    /// Keeps a shared value until `ends`, where there is none or it may be another's; whether it was kept.
    func setValue(
        _ value: [UInt8], for key: [UInt8], now: Int64, ends: Int64, replacing: Bool
    ) throws(SessionStoreError) -> Bool {
        try values.set(value, for: key, now: now, ends: ends, replacing: replacing, connection)
    }

    func value(for key: [UInt8], now: Int64) throws(SessionStoreError) -> ValueTable.Row? {
        try values.find(key, now: now, connection)
    }

    func removeValue(_ value: [UInt8], for key: [UInt8]) throws(SessionStoreError) {
        try values.remove(value, for: key, connection)
    }

    /// For tests: runs statements on the same connection.
    func execute(_ statements: String) throws(SessionStoreError) {
        try connection.execute(statements)
    }

    /// For tests: see ``SQLiteConnection/statements``.
    var statements: [String] { connection.statements }
}
