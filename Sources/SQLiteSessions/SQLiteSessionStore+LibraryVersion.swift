import CSQLite

extension SQLiteSessionStore {
    /// The version of SQLite, such as `3.40.1`.
    package static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }
}
