public import FoundationEssentials
public import Sessions

/// Sessions in an SQLite file: they survive a restart, with no server to run.
///
/// The file holds no identifier, only its SHA-256, and of the session only its end and its last use; the rest is sealed
/// with the installation's secrets and bound to its row. A session that was kept is there after the process was killed;
/// after the machine lost power the last seconds may be missing, and the file is whole (write-ahead log, synchronous
/// NORMAL). Several processes of one machine may use one file.
public final class SQLiteSessionStore: SessionStore {
    /// Larger payloads are read each time.
    private static let keptByteCount = 16 << 10

    /// Larger sessions without a summary, which only an earlier version kept, are counted in a list and not read.
    private static let listedByteCount = Session.maximumByteCount + 1024

    /// How many rows go in one sweep of the broom: in a file of gigabytes each takes most of a millisecond, in which every
    /// other caller waits.
    static let sweptAtATime = 25

    private let database: SessionDatabase
    private let recent: RecentReads<Session>
    private let values: SQLiteSharedValues
    private let sealer: Sealer
    private let summarySealer: Sealer
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date

    /// Opens the file, and makes it, with mode 0600, where there is none; its directory has to be there.
    ///
    /// Throws ``SessionStoreError``: `.noPlace`, `.notWritable`, `.foreign`, `.otherVersion`, `.damaged` or `.busy` say
    /// what is wrong with the file, which is never replaced. A file of version 1 or 2 becomes one of version 3.
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
        let sealer = Sealer(keys, purpose: "session row 1")
        self.sealer = sealer
        summarySealer = Sealer(keys, purpose: "session row summary 1")
        self.lifetime = lifetime
        self.now = now
        database = SessionDatabase(path: path, busyMilliseconds: busyMilliseconds)
        let changes = try await database.open { key, sealed in
            let session = sealer.open(sealed, boundTo: key).flatMap { Session(encoded: $0) }
            return SessionTable.Owners(user: session?.user?.digest, providerSession: session?.providerSession?.digest)
        }
        recent = RecentReads(changes) { keys.generation }
        values = SQLiteSharedValues(database, changes: changes, now: now)
    }

    /// Closes the file, after which every other call throws `.unavailable`.
    public func close() async {
        recent.close()
        values.close()
        await database.close()
    }

    /// Keeps a session under a new identifier; throws `.tooLarge` beyond ``Session/maximumByteCount``.
    public func create(_ session: Session) async throws -> SessionToken {
        try session.requireSize()
        let id = SessionID.generate()
        let key = id.digest
        let (lastUsed, content) = (session.lastUsedAt.milliseconds, try content(of: session, key))
        try await database.use { table throws(SessionStoreError) in
            try table.insert(key, lastUsed: lastUsed, content)
        }
        return SessionToken(id)
    }

    /// The session of a token, if it is there and not over.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let key = token.id?.digest else { return nil }
        let now = now()
        if let session = recent.value(for: key, at: now), !lifetime.isOver(session, at: now),
            !lifetime.isUseDue(session, at: now)
        {
            return session
        }
        let mark = recent.mark(for: key)
        let (time, idleSince) = (now.milliseconds, idleSince(now))
        let noted = now.addingTimeInterval(-lifetime.useInterval).milliseconds
        let row = try await database.use { table throws(SessionStoreError) -> SessionTable.Row? in
            guard let row = try table.find(key, now: time, idleSince: idleSince) else { return nil }
            guard row.lastUsed <= noted else { return row }
            try table.touch(key, now: time)
            return SessionTable.Row(lastUsed: time, sealed: row.sealed)
        }
        guard
            let session = row.flatMap({
                session(sealer.open($0.sealed, boundTo: key), lastUsed: $0.lastUsed, at: now)
            })
        else { return nil }
        if session.payload.count <= Self.keptByteCount { recent.keep(session, for: key, mark, at: now) }
        return session
    }

    private func session(_ content: [UInt8]?, lastUsed: Int64, at now: Date) -> Session? {
        guard var session = content.flatMap({ Session(encoded: $0) }) else { return nil }
        session.lastUsedAt = Date(milliseconds: lastUsed)
        return lifetime.isOver(session, at: now) ? nil : session
    }

    /// Gives a session new content under the same token; throws `.gone` where it is no longer there.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard let key = token.id?.digest else { throw SessionStoreError.gone }
        try session.requireSize()
        let now = now()
        let (time, idleSince, content) = (now.milliseconds, idleSince(now), try content(of: session, key))
        let isReplaced = try await database.use(changing: .key(key)) { table throws(SessionStoreError) in
            try table.replace(key, now: time, idleSince: idleSince, content)
        }
        guard isReplaced else { throw SessionStoreError.gone }
        return token
    }

    /// Forgets a session.
    public func delete(_ token: SessionToken) async throws {
        guard let key = token.id?.digest else { return }
        try await database.use(changing: .key(key)) { table throws(SessionStoreError) in try table.delete(key) }
    }

    /// The sessions of an owner; what does not open is left out, but counted.
    public func sessions(of owner: SessionOwner) async throws -> SessionList? {
        let now = now()
        let (time, idleSince, digest) = (now.milliseconds, idleSince(now), owner.digest)
        let (rows, count) = try await database.use { table throws(SessionStoreError) in
            try table.list(
                digest, now: time, idleSince: idleSince, limit: SessionList.maximumCount,
                byteCount: Self.listedByteCount)
        }
        let sessions = rows.compactMap { row -> ListedSession? in
            let content =
                switch row.sealed {
                case .summary(let sealed): summarySealer.open(sealed, boundTo: row.key)
                case .session(let sealed): sealer.open(sealed, boundTo: row.key)
                }
            return session(content, lastUsed: row.lastUsed, at: now).map {
                ListedSession(handle: SessionHandle(row.key), session: $0)
            }
        }
        return SessionList(sessions, count: count)
    }

    /// Forgets a session of an owner.
    public func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws {
        guard let key = handle.bytes else { return }
        let digest = owner.digest
        try await database.use(changing: .key(key)) { table throws(SessionStoreError) in
            try table.delete(key, of: digest)
        }
    }

    /// Forgets every session of an owner.
    public func deleteAll(of owner: SessionOwner) async throws -> Int? {
        let digest = owner.digest
        // Anybody can ask for the end of sessions that nobody has: that must not make what was read be read again.
        let hasAny = try await database.use { table throws(SessionStoreError) in try table.hasSessions(of: digest) }
        guard hasAny else { return 0 }
        return try await database.use(changing: .anything) { table throws(SessionStoreError) in
            try table.deleteAll(of: digest)
        }
    }

    /// Forgets every session of a user of which no session at the provider is known.
    public func deleteAllWithoutProviderSession(of user: SessionOwner) async throws {
        let digest = user.digest
        try await database.use(changing: .anything) { table throws(SessionStoreError) in
            try table.deleteAllWithoutProviderSession(of: digest)
        }
    }

    /// Known to every process that uses the file.
    public var shared: any SharedValues { values }

    /// Forgets what is over, a few sessions at a time, so that nobody waits long in between.
    public func removeExpired() async throws {
        let now = now()
        let (time, idleSince) = (now.milliseconds, idleSince(now))
        var goesOn = true
        while goesOn, !Task.isCancelled {
            goesOn = try await database.use { table throws(SessionStoreError) in
                try table.removeOver(now: time, idleSince: idleSince, limit: Self.sweptAtATime)
            }
        }
        try await shared.removeEnded()
    }

    /// For tests: runs statements on the same connection.
    func execute(_ statements: String) async throws {
        try await database.use(changing: .anything) { table throws(SessionStoreError) in try table.execute(statements) }
    }

    /// For tests: the statements that it has prepared.
    func statements() async throws -> [String] {
        try await database.use { table throws(SessionStoreError) in table.statements }
    }

    private func content(of session: Session, _ key: [UInt8]) throws(SecretKeysError) -> SessionTable.Content {
        var generator = SystemRandomNumberGenerator()
        var sealedSummary: [UInt8]?
        if let summarized = session.summarized {
            sealedSummary = try summarySealer.seal(summarized.encoded, boundTo: key, using: &generator)
        }
        return SessionTable.Content(
            ends: end(of: session), sealed: try sealer.seal(session.encoded, boundTo: key, using: &generator),
            sealedSummary: sealedSummary,
            owners: SessionTable.Owners(user: session.user?.digest, providerSession: session.providerSession?.digest))
    }

    private func end(of session: Session) -> Int64 {
        min(session.expiresAt, session.createdAt.addingTimeInterval(lifetime.absolute)).milliseconds
    }

    private func idleSince(_ now: Date) -> Int64 { now.addingTimeInterval(-lifetime.idle).milliseconds }
}
