import Sessions

/// The table behind its queue: one connection, one writer, one thread at a time.
actor SessionDatabase {
    private let executor = SerialQueueExecutor(label: "sessions")
    private var table: SessionTable?
    private var changes: ChangeCounters?
    private let path: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(path: String) { self.path = path }

    /// Opens the file. The counters of its changes, where there can be any.
    func open(
        busyMilliseconds: Int32, owners: @Sendable (_ key: [UInt8], _ sealed: [UInt8]) -> SessionTable.Owners
    ) throws(SessionStoreError) -> ChangeCounters? {
        let table = try SessionTable.open(path: path, busyMilliseconds: busyMilliseconds, owners: owners)
        changes = ChangeCounters(path: table.fileName + "-changes")
        self.table = consume table
        return changes
    }

    func close() { table = nil }

    /// Changes what the table has of a key, or of any where there is none. Whoever keeps what was read before hears of it
    /// before this returns, also where it fails: the change may be there all the same.
    func change<Result>(
        _ key: [UInt8]?, _ body: @Sendable (borrowing SessionTable) throws(SessionStoreError) -> sending Result
    ) throws(SessionStoreError) -> sending Result {
        defer {
            if let key { changes?.advance(key) } else { changes?.advanceAll() }
        }
        return try use(body)
    }

    /// Does something with the table in one go.
    func use<Result>(
        _ body: @Sendable (borrowing SessionTable) throws(SessionStoreError) -> sending Result
    ) throws(SessionStoreError) -> sending Result {
        switch table {
        case .some(let table): return try body(table)
        case .none: throw SessionStoreError(.unavailable, context: path, remedy: "the store was closed")
        }
    }
}
