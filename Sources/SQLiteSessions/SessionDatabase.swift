import Sessions

/// The table behind its queue: one connection, one writer, one thread at a time.
actor SessionDatabase {
    private let executor = SerialQueueExecutor(label: "sessions")
    private var table: SessionTable?
    private let path: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(path: String) { self.path = path }

    func open(
        busyMilliseconds: Int32, owners: @Sendable (_ key: [UInt8], _ sealed: [UInt8]) -> SessionTable.Owners
    ) throws(SessionStoreError) {
        table = try SessionTable.open(path: path, busyMilliseconds: busyMilliseconds, owners: owners)
    }

    func close() { table = nil }

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
