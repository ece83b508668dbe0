import ByteText
import CSQLite
import Sessions

/// One connection to a database file, for one thread at a time.
@safe struct SQLiteConnection: ~Copyable {
    private let pointer: OpaquePointer
    private let path: String

    /// Opens the file, which has to be there. `busyMilliseconds`: how long to wait for another process's lock.
    init(path: String, busyMilliseconds: Int32) throws(SessionStoreError) {
        var pointer: OpaquePointer?
        // A relative path gets a "./": to SQLite some names without a slash are no files.
        let name = path.utf8.hasPrefix("/") ? path : "./" + path
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(name, &pointer, flags, nil)
        guard code == SQLITE_OK, let pointer = unsafe pointer else {
            let words = unsafe String(cString: sqlite3_errmsg(pointer))
            unsafe sqlite3_close_v2(pointer)
            throw SessionStoreError(sqlite: code, words: words, path: path)
        }
        unsafe self.pointer = unsafe pointer
        self.path = path
        unsafe sqlite3_busy_timeout(pointer, busyMilliseconds)
    }

    /// Statements that are still prepared keep the connection until they are gone.
    deinit { unsafe sqlite3_close_v2(pointer) }

    /// Whether the file can only be read.
    var isReadOnly: Bool { unsafe sqlite3_db_readonly(pointer, "main") == 1 }

    /// The file's own name: absolute, symbolic links followed.
    var fileName: String { unsafe sqlite3_db_filename(pointer, "main").map { unsafe String(cString: $0) } ?? path }

    /// Whether the file is no longer where it was opened, or another is there.
    var hasMoved: Bool {
        var hasMoved: Int32 = 0
        let code = unsafe sqlite3_file_control(pointer, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        return code == SQLITE_OK && hasMoved != 0
    }

    /// The number of rows that the last statement changed.
    var changedRows: Int { Int(unsafe sqlite3_changes64(pointer)) }

    /// Runs statements that take no values, and drops what they give.
    func execute(_ statements: String) throws(SessionStoreError) {
        let code = unsafe sqlite3_exec(pointer, statements, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Prepares a statement that is kept.
    func prepare(_ statement: String) throws(SessionStoreError) -> SQLiteStatement {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(pointer, statement, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw error(code) }
        return unsafe SQLiteStatement(prepared)
    }

    /// Runs a statement once: `read` gets each row.
    func run(
        _ statement: borrowing SQLiteStatement, _ values: SQLiteValue..., read: (SQLiteRow) -> Void = { _ in }
    ) throws(SessionStoreError) {
        defer { statement.reset() }
        for (index, value) in values.enumerated() {
            let code = statement.bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw error(code) }
        }
        while true {
            switch statement.step() {
            case SQLITE_ROW: read(statement.row)
            case SQLITE_DONE: return
            case let code: throw error(code)
            }
        }
    }

    /// The only value that a statement gives, as text; empty where it gives none.
    func value(of statement: String) throws(SessionStoreError) -> String {
        let prepared = try prepare(statement)
        var value = ""
        try run(prepared) { value = $0.text(0) }
        return value
    }

    /// How long to wait from now on for another process's lock.
    func wait(milliseconds: Int32) { unsafe sqlite3_busy_timeout(pointer, milliseconds) }

    /// For tests: the statements that are prepared.
    var statements: [String] {
        var statements: [String] = []
        var next = unsafe sqlite3_next_stmt(pointer, nil)
        while let statement = unsafe next {
            unsafe statements.append(String(cString: sqlite3_sql(statement)))
            unsafe next = unsafe sqlite3_next_stmt(pointer, statement)
        }
        return statements
    }

    private func error(_ code: Int32) -> SessionStoreError {
        SessionStoreError(sqlite: code, words: unsafe String(cString: sqlite3_errmsg(pointer)), path: path)
    }
}
