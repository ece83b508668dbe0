import Sessions

/// The table behind its queue: one connection, one writer, one thread at a time.
actor SessionDatabase {
    private let executor = SerialQueueExecutor(label: "sessions")
    private var table: SessionTable?
    private var changes: ChangeCounters?
    private let path: String
    private let busyMilliseconds: Int32

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// `busyMilliseconds`: how long to wait for another process's lock.
    init(path: String, busyMilliseconds: Int32) {
        self.path = path
        self.busyMilliseconds = busyMilliseconds
    }

    /// Opens the file. The counters of its changes, where there can be any.
    func open(
        owners: @Sendable (_ key: [UInt8], _ sealed: [UInt8]) -> SessionTable.Owners
    ) throws(SessionStoreError) -> ChangeCounters? {
        let table = try SessionTable.open(path: path, busyMilliseconds: busyMilliseconds, owners: owners)
        changes = ChangeCounters(path: table.fileName + "-changes")
        self.table = consume table
        return changes
    }

    func close() { table = nil }

    /// Does something with the table in one go. Whoever keeps what was read before hears of a change before this returns,
    /// also where it fails: the change may be there all the same.
    nonisolated func use<Result>(
        changing change: Change = .nothing,
        _ body: @Sendable (borrowing SessionTable) throws(SessionStoreError) -> sending Result
    ) async throws(SessionStoreError) -> sending Result {
        try await use(changing: change, until: .now + .milliseconds(busyMilliseconds), body)
    }

    /// The deadline is counted from the call: who waited in the queue for those that waited for the lock does not begin
    /// to wait anew.
    private func use<Result>(
        changing change: Change, until deadline: ContinuousClock.Instant,
        _ body: @Sendable (borrowing SessionTable) throws(SessionStoreError) -> sending Result
    ) throws(SessionStoreError) -> sending Result {
        defer { changes?.count(change) }
        switch table {
        case .some(let table):
            guard !table.hasMoved else {
                throw SessionStoreError(
                    .unavailable, context: "\(path), which was deleted or moved away while it was in use",
                    remedy: "put it back, or restart the program: everybody then logs in again")
            }
            let left = (deadline - .now) / .milliseconds(1)
            table.wait(milliseconds: Int32(min(max(left, 0), Double(busyMilliseconds))))
            return try body(table)
        case .none: throw SessionStoreError(.unavailable, context: path, remedy: "the store was closed")
        }
    }
}
