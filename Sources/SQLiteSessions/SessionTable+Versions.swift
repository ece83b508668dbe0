import ByteText
import Sessions

extension SessionTable {
    /// The tables of version 1. They were released: they stay as they are.
    static let tables1 = """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            key BLOB NOT NULL UNIQUE,
            last_used INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT;
        CREATE INDEX sessions_last_used ON sessions (last_used);
        CREATE INDEX sessions_ends ON sessions (ends);
        """

    /// What version 2 added.
    static let tables2 = """
        ALTER TABLE sessions ADD COLUMN user BLOB;
        ALTER TABLE sessions ADD COLUMN provider_session BLOB;
        CREATE INDEX sessions_user ON sessions (user) WHERE user IS NOT NULL;
        CREATE INDEX sessions_provider_session ON sessions (provider_session) WHERE provider_session IS NOT NULL;
        CREATE TABLE shared_values (
            key BLOB PRIMARY KEY,
            value BLOB NOT NULL,
            ends INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX shared_values_ends ON shared_values (ends);
        """

    /// What version 3 added: what a list shows of a session, sealed. Sessions that were there before have none.
    static let tables3 = "ALTER TABLE sessions ADD COLUMN summary BLOB;"

    /// Brings a file of version 2 to version 3, in one transaction. No row is written.
    static func addSummaries(_ connection: borrowing SQLiteConnection) throws(SessionStoreError) {
        try connection.execute("BEGIN IMMEDIATE")
        // Another process may have been first.
        guard try version(of: connection).isExactly("2") else { return try connection.execute("ROLLBACK") }
        try connection.execute("\(tables3) PRAGMA user_version = 3; COMMIT")
    }

    /// Brings a file of version 1 to version 2, in one transaction: what ends it early leaves version 1.
    ///
    /// A session whose seal does not open has no owner: nobody can use it either.
    static func migrate(
        _ connection: borrowing SQLiteConnection, owners: (_ key: [UInt8], _ sealed: [UInt8]) -> Owners
    ) throws(SessionStoreError) {
        try connection.execute("BEGIN IMMEDIATE")
        // Another process may have been first.
        guard try version(of: connection).isExactly("1") else { return try connection.execute("ROLLBACK") }
        try connection.execute(tables2)
        let reading = try connection.prepare("SELECT id, key, sealed FROM sessions WHERE id > ?1 ORDER BY id LIMIT 500")
        let writing = try connection.prepare("UPDATE sessions SET user = ?2, provider_session = ?3 WHERE id = ?1")
        var last = Int64.min
        while true {
            var found: [(id: Int64, owners: Owners)] = []
            try connection.run(reading, .integer(last)) { row in
                found.append((row.integer(0), owners(row.blob(1), row.blob(2))))
            }
            guard let end = found.last?.id else { break }
            for (id, owners) in found {
                try connection.run(writing, .integer(id), .optional(owners.user), .optional(owners.providerSession))
            }
            last = end
        }
        try connection.execute("PRAGMA user_version = 2; COMMIT")
    }
}
