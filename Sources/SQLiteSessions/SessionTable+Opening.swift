import ByteText
import Sessions

extension SessionTable {
    /// "OIDC" in SQLite's field for the program that a file belongs to.
    static let applicationID = 0x4F49_4443
    /// The schema that this code reads and writes.
    static let version = 3
    /// Files up to this size are examined whole when they are opened; it takes less than the time to start.
    private static let examinedByteCount = 16 << 20

    /// Makes sure that the file is ours and whole, or makes it ours where it is empty. Nothing of another's is changed. `owners` tells what
    /// a seal says of whose a session is, for a file of version 1.
    ///
    /// Throws `.notWritable`, `.foreign`, `.otherVersion` or `.damaged`.
    static func prepare(
        _ connection: borrowing SQLiteConnection, path: String, owners: (_ key: [UInt8], _ sealed: [UInt8]) -> Owners
    ) throws(SessionStoreError) {
        guard !connection.isReadOnly else {
            throw SessionStoreError(.notWritable, context: path, remedy: "let the process write the file")
        }
        // A file that somebody prepared must not get SQL of its own to run.
        try connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        let isEmpty = try isEmpty(connection)
        if !isEmpty { try requireOurs(connection, path: path) }
        // Readers and the writer do not wait for each other. With NORMAL a write survives the process's end at once, and
        // the machine's from the next checkpoint on; the file stays whole in any case.
        guard try connection.value(of: "PRAGMA journal_mode = WAL").isExactly("wal") else {
            throw SessionStoreError(
                .failed, context: path, remedy: "name a file on a local disk: there is no write-ahead log here")
        }
        try connection.execute("PRAGMA synchronous = NORMAL")
        if isEmpty { try makeOurs(connection, path: path) }
        if try version(of: connection).isExactly("1") { try migrate(connection, owners: owners) }
        if try version(of: connection).isExactly("2") { try addSummaries(connection) }
    }

    private static func isEmpty(_ connection: borrowing SQLiteConnection) throws(SessionStoreError) -> Bool {
        let tables = try connection.value(of: "SELECT count(*) FROM sqlite_schema")
        let application = try connection.value(of: "PRAGMA application_id")
        let version = try version(of: connection)
        return [tables, application, version].allSatisfy { $0.isExactly("0") }
    }

    static func version(of connection: borrowing SQLiteConnection) throws(SessionStoreError) -> String {
        try connection.value(of: "PRAGMA user_version")
    }

    private static func requireOurs(
        _ connection: borrowing SQLiteConnection, path: String
    ) throws(SessionStoreError) {
        guard try connection.value(of: "PRAGMA application_id").isExactly("\(applicationID)") else {
            throw SessionStoreError(
                .foreign, context: path, remedy: "name another file: this one is another program's database")
        }
        let found = try version(of: connection)
        guard (1...version).contains(where: { "\($0)".isExactly(found) }) else {
            throw SessionStoreError(
                .otherVersion, context: "\(path) has version \(found), this program knows \(version)",
                remedy: "use the program that wrote it, or move the file away: everybody then logs in again")
        }
        let pages = Int(try connection.value(of: "PRAGMA page_count")) ?? 0
        let pageSize = Int(try connection.value(of: "PRAGMA page_size")) ?? 0
        guard pages * pageSize <= examinedByteCount else { return }
        let verdict = try connection.value(of: "PRAGMA quick_check(1)")
        guard verdict.isExactly("ok") else {
            throw SessionStoreError(
                .damaged, context: "\(path): SQLite says \"\(verdict)\"",
                remedy: "restore the file, or move it away: everybody then logs in again")
        }
    }

    private static func makeOurs(
        _ connection: borrowing SQLiteConnection, path: String
    ) throws(SessionStoreError) {
        try connection.execute("BEGIN IMMEDIATE")
        // Another process may have been first.
        guard try isEmpty(connection) else {
            try connection.execute("ROLLBACK")
            return try requireOurs(connection, path: path)
        }
        try connection.execute(
            """
            \(tables1)
            \(tables2)
            \(tables3)
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            COMMIT
            """)
    }
}
