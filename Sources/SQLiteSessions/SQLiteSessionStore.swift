public import FoundationEssentials
public import Sessions

/// Sessions in an SQLite file: they survive a restart, with no server to run.
///
/// The file holds no identifier, only its SHA-256, and of the session only its end and its last use; the rest is sealed
/// with the installation's secrets and bound to its row. A session that was kept is there after the process was killed;
/// after the machine lost power the last seconds may be missing, and the file is whole (write-ahead log, synchronous
/// NORMAL). Several processes of one machine may use one file.
public final class SQLiteSessionStore: SessionStore {
    private let database: SessionDatabase
    private let sealer: Sealer
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date

    /// Opens the file, and makes it, with mode 0600, where there is none; its directory has to be there.
    ///
    /// Throws ``SessionStoreError``: `.noPlace`, `.notWritable`, `.foreign`, `.otherVersion`, `.damaged` or `.busy` say
    /// what is wrong with the file, which is never replaced. Throws `SecretKeysError` where OpenSSL fails.
    public convenience init(
        path: String, keys: SecretKeys, lifetime: SessionLifetime = SessionLifetime(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        try await self.init(path: path, keys: keys, lifetime: lifetime, busyMilliseconds: 5000, now: now)
    }

    /// `busyMilliseconds`: how long to wait for another process's lock.
    init(
        path: String, keys: SecretKeys, lifetime: SessionLifetime, busyMilliseconds: Int32,
        now: @escaping @Sendable () -> Date
    ) async throws {
        sealer = try Sealer(keys, purpose: "session row 1")
        self.lifetime = lifetime
        self.now = now
        database = SessionDatabase(path: path)
        try await database.open(busyMilliseconds: busyMilliseconds)
    }

    /// Closes the file, after which every other call throws `.unavailable`.
    public func close() async { await database.close() }

    /// Keeps a session under a new identifier.
    public func create(_ session: Session) async throws -> SessionToken {
        let id = SessionID.generate()
        let key = id.digest
        let sealed = try seal(session, key)
        let (lastUsed, ends) = (session.lastUsedAt.milliseconds, end(of: session))
        try await database.use { table throws(SessionStoreError) in
            try table.insert(key, lastUsed: lastUsed, ends: ends, sealed: sealed)
        }
        return SessionToken(id)
    }

    /// The session of a token, if it is there and not over.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let key = token.id?.digest else { return nil }
        let now = now()
        let (time, idleSince) = (now.milliseconds, idleSince(now))
        let noted = now.addingTimeInterval(-lifetime.useInterval).milliseconds
        let row = try await database.use { table throws(SessionStoreError) -> SessionTable.Row? in
            guard let row = try table.find(key, now: time, idleSince: idleSince) else { return nil }
            guard row.lastUsed <= noted else { return row }
            try table.touch(key, now: time)
            return SessionTable.Row(lastUsed: time, sealed: row.sealed)
        }
        guard let row, let bytes = sealer.open(row.sealed, boundTo: key), var session = Session(encoded: bytes) else {
            return nil
        }
        session.lastUsedAt = Date(milliseconds: row.lastUsed)
        return lifetime.isOver(session, at: now) ? nil : session
    }

    /// Gives a session new content under the same token; throws `.gone` where it is no longer there.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard let key = token.id?.digest else { throw SessionStoreError.gone }
        let now = now()
        let (time, idleSince, ends) = (now.milliseconds, idleSince(now), end(of: session))
        let sealed = try seal(session, key)
        let isReplaced = try await database.use { table throws(SessionStoreError) in
            try table.replace(key, now: time, idleSince: idleSince, ends: ends, sealed: sealed)
        }
        guard isReplaced else { throw SessionStoreError.gone }
        return token
    }

    /// Forgets a session.
    public func delete(_ token: SessionToken) async throws {
        guard let key = token.id?.digest else { return }
        try await database.use { table throws(SessionStoreError) in try table.delete(key) }
    }

    /// Forgets what is over, a few hundred sessions at a time, so that nobody waits long in between.
    public func removeExpired() async throws {
        let now = now()
        let (time, idleSince) = (now.milliseconds, idleSince(now))
        var goesOn = true
        while goesOn, !Task.isCancelled {
            goesOn = try await database.use { table throws(SessionStoreError) in
                try table.removeOver(now: time, idleSince: idleSince, limit: 250)
            }
        }
    }

    /// For tests: runs statements on the same connection.
    func execute(_ statements: String) async throws {
        try await database.use { table throws(SessionStoreError) in try table.execute(statements) }
    }

    private func seal(_ session: Session, _ key: [UInt8]) throws(SecretKeysError) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return try sealer.seal(session.encoded, boundTo: key, using: &generator)
    }

    private func end(of session: Session) -> Int64 {
        min(session.expiresAt, session.createdAt.addingTimeInterval(lifetime.absolute)).milliseconds
    }

    private func idleSince(_ now: Date) -> Int64 { now.addingTimeInterval(-lifetime.idle).milliseconds }
}
