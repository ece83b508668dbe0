import CSQLite

/// What a statement takes.
enum SQLiteValue {
    case integer(Int64)
    case blob([UInt8])
    case null

    /// The bytes, or NULL where there are none.
    static func optional(_ bytes: [UInt8]?) -> SQLiteValue { bytes.map { .blob($0) } ?? .null }
}

/// A prepared statement.
@safe struct SQLiteStatement: ~Copyable {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe sqlite3_finalize(pointer) }

    func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .integer(let integer):
            return unsafe sqlite3_bind_int64(pointer, index, integer)
        case .null:
            return unsafe sqlite3_bind_null(pointer, index)
        case .blob(let bytes):
            // SQLite copies them. An empty array may have no address, which would bind NULL.
            if bytes.isEmpty { return unsafe sqlite3_bind_zeroblob(pointer, index, 0) }
            let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return unsafe sqlite3_bind_blob64(pointer, index, bytes, UInt64(bytes.count), copies)
        }
    }

    func step() -> Int32 { unsafe sqlite3_step(pointer) }

    /// Ready to run again, with nothing of the values kept.
    func reset() {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }

    /// The row that `step` came to.
    var row: SQLiteRow { unsafe SQLiteRow(pointer) }
}

/// The columns of a row, valid until the statement goes on.
@safe struct SQLiteRow {
    private let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { unsafe self.statement = unsafe statement }

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ column: Int32) -> String {
        guard let start = unsafe sqlite3_column_text(statement, column) else { return "" }
        return unsafe String(cString: start)
    }
}
