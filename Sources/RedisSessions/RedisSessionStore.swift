public import FoundationEssentials
public import Sessions

/// Sessions in Redis or Valkey: several machines that use one see the same sessions.
///
/// Redis gets no identifier, only its SHA-256, and of the session only its end, its last use and the digests of its
/// owners; the rest is sealed with the installation's secrets and bound to its key. Redis lets sessions go by itself
/// when they are over. Whether they survive its restart is a matter of its settings (`appendonly yes`), and with a
/// `maxmemory-policy` other than `noeviction` it may end sessions early.
///
/// A single Redis from version 6.2 on, a primary; not for Redis Cluster, since an owner's index and their sessions have
/// keys of their own. `rediss://` is refused: the hiredis that distributions ship has no TLS or not surely. Use a Unix
/// socket, a TLS proxy such as stunnel on loopback, or a network that encrypts by itself.
///
/// While Redis cannot be reached each call throws `.unavailable`, at once or within a few seconds, and the next ones
/// work when it is back. A call whose connection breaks before the answer is made once more on a new one, except
/// ``SharedValues/setFirst(_:for:until:)``. A server that says that it is not the primary (a replica after a failover, or
/// one that is loading its data) is left: its host is looked up again, and the call made once more where that leads.
public final class RedisSessionStore: SessionStore {
    /// Sessions of an owner that are looked at or ended at a time, so that nobody waits long in between.
    private static let batch = 100

    private let pool: RedisPool
    private let keys: RedisKeys
    private let sealer: Sealer
    private let summarySealer: Sealer
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date
    private let maximumByteCount: Int

    /// Makes a store, and tries whether Redis takes user, password and database. That it cannot be reached is no error:
    /// it may come later.
    ///
    /// Throws ``SessionStoreError``: `.noPlace` for `rediss://` and for a database that is not there, `.notWritable`
    /// where Redis does not take user or password.
    public convenience init(
        address: RedisAddress, keys: SecretKeys, lifetime: SessionLifetime = SessionLifetime(),
        now: @escaping @Sendable () -> Date = { Date() }, configuration: Configuration = Configuration()
    ) async throws {
        try await self.init(
            address: address, keys: keys, lifetime: lifetime, now: now, configuration: configuration,
            lookup: HostLookup())
    }

    /// `lookup` finds the address of a host.
    init(
        address: RedisAddress, keys: SecretKeys, lifetime: SessionLifetime, now: @escaping @Sendable () -> Date,
        configuration: Configuration, lookup: HostLookup
    ) async throws {
        if case .tls = address.endpoint {
            throw SessionStoreError(
                .noPlace, context: "\(address.place): this build has no TLS to Redis",
                remedy: "use unix:///PATH, or redis:// to a TLS proxy on loopback or in a network that encrypts")
        }
        pool = try RedisPool(address, configuration, lookup: lookup)
        self.keys = RedisKeys(prefix: configuration.prefix)
        sealer = Sealer(keys, purpose: "redis session 1")
        summarySealer = Sealer(keys, purpose: "redis session summary 1")
        self.lifetime = lifetime
        self.now = now
        // With room for what stands around it in an answer.
        maximumByteCount = configuration.replyBytes - 1024
        do {
            _ = try await load(SessionToken(SessionID.generate()))
        } catch let error as SessionStoreError where error.code != .notWritable && error.code != .noPlace {}
    }

    /// Closes the connections, after which every other call throws `.unavailable`.
    public func close() { pool.close() }

    /// Keeps a session under a new identifier; throws `.tooLarge` beyond ``Session/maximumByteCount``.
    public func create(_ session: Session) async throws -> SessionToken {
        let id = SessionID.generate()
        _ = try await save(session, id.digest, at: now(), idleSince: nil)
        return SessionToken(id)
    }

    /// The session of a token, if it is there and not over. A use that Redis has no room to note, or may not, is none.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let digest = token.id?.digest else { return nil }
        let now = now()
        let bytes = try await pool.values(of: [keys.session(digest)])[0]
        guard var session = bytes.flatMap({ self.session($0, digest, at: now) }) else { return nil }
        guard lifetime.isUseDue(session, at: now) else { return session }
        do {
            guard try await touch(digest, at: now) else { return nil }
            session.lastUsedAt = Date(milliseconds: now.milliseconds)
        } catch {
            guard error.code == .full || error.code == .notWritable else { throw error }
        }
        return session
    }

    /// Gives a session new content under the same token; throws `.gone` where it is no longer there.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard let digest = token.id?.digest else { throw SessionStoreError.gone }
        let now = now()
        var session = session
        session.lastUsedAt = now
        guard try await save(session, digest, at: now, idleSince: now.addingTimeInterval(-lifetime.idle)) else {
            throw SessionStoreError.gone
        }
        return token
    }

    /// Forgets a session.
    public func delete(_ token: SessionToken) async throws {
        guard let digest = token.id?.digest else { return }
        _ = try await pool.run(.delete, keys: [keys.session(digest)], [keys.owners, digest])
    }

    /// Does nothing: Redis forgets by itself.
    public func removeExpired() async throws {}

    /// The sessions of an owner; what does not open is left out.
    public func sessions(of owner: SessionOwner) async throws -> SessionList? {
        let now = now()
        var sessions: [ListedSession] = []
        for start in stride(from: 0, to: Int.max, by: Self.batch) {
            let members = try await members(of: owner, after: now, from: start)
            let digests = members.compactMap(\.bytes).filter { $0.count == 32 }
            sessions += try await listed(digests, of: owner, at: now)
            if members.count < Self.batch { break }
            guard sessions.count < SessionList.maximumCount else {
                let rest = max(0, try await memberCount(of: owner, after: now) - start - members.count)
                return SessionList(Array(sessions.prefix(SessionList.maximumCount)), count: sessions.count + rest)
            }
        }
        return SessionList(Array(sessions.prefix(SessionList.maximumCount)), count: sessions.count)
    }

    /// Those of some sessions that are the owner's and not over, as a list shows them. The sessions themselves are read
    /// where they have no summary.
    private func listed(
        _ digests: [[UInt8]], of owner: SessionOwner, at now: Date
    ) async throws(SessionStoreError) -> [ListedSession] {
        var rows = try await pool.beginnings(of: digests.map(keys.session), byteCount: RedisRow.maximumBeginning)
            .map { RedisRow($0) }
        let whole = rows.indices.filter { rows[$0].map { $0.sealedSummary == nil } ?? false }
        // Larger sessions, which only an earlier version kept, are not read.
        let bytes = try await pool.beginnings(
            of: whole.map { keys.session(digests[$0]) }, byteCount: Session.maximumByteCount + 2048)
        for (index, bytes) in zip(whole, bytes) { rows[index] = RedisRow(bytes) }
        return zip(digests, rows).compactMap { digest, row in
            guard let row else { return nil }
            let content =
                row.sealedSummary.map { summarySealer.open($0, boundTo: digest) }
                ?? sealer.open(row.sealed, boundTo: digest)
            guard let session = session(content, row, at: now), session.owners.contains(owner) else { return nil }
            return ListedSession(handle: SessionHandle(digest), session: session)
        }
    }

    /// Forgets a session of an owner.
    public func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws {
        guard let digest = handle.bytes, digest.count == 32 else { return }
        _ = try await pool.run(.delete, keys: [keys.session(digest)], [keys.owners, digest, owner.digest])
    }

    /// Forgets every session of an owner, some at a time.
    public func deleteAll(of owner: SessionOwner) async throws -> Int? {
        try await deleteAll(of: owner, keepingProviderSessions: false)
    }

    /// Forgets every session of a user of which no session at the provider is known, some at a time.
    public func deleteAllWithoutProviderSession(of user: SessionOwner) async throws {
        _ = try await deleteAll(of: user, keepingProviderSessions: true)
    }

    private func deleteAll(of owner: SessionOwner, keepingProviderSessions: Bool) async throws -> Int {
        var (count, staying, left): (Int64, Int64, Int64) = (0, 0, 1)
        while left > staying {
            let reply = try await pool.run(
                .deleteOwned, keys: [keys.owner(owner)],
                [
                    keys.owners, keys.sessions, owner.digest, Array(Self.batch), Array(staying),
                    Array(keepingProviderSessions ? "1" : "0"),
                ])
            guard let numbers = reply.list?.compactMap(\.integer), numbers.count == 3 else { throw pool.unexpected }
            count += numbers[0]
            staying += numbers[1]
            left = numbers[2]
        }
        return Int(clamping: count)
    }

    /// Known to everybody who uses the same Redis with the same prefix.
    public var shared: any SharedValues {
        RedisSharedValues(pool: pool, keys: keys, maximumByteCount: maximumByteCount, now: now)
    }

    /// Whether it was kept: with `idleSince` only where it is there, not over, and was used since.
    private func save(_ session: Session, _ digest: [UInt8], at now: Date, idleSince: Date?) async throws -> Bool {
        try session.requireSize()
        var generator = SystemRandomNumberGenerator()
        var sealedSummary: [UInt8]?
        if let summarized = session.summarized {
            sealedSummary = try summarySealer.seal(summarized.encoded, boundTo: digest, using: &generator)
        }
        let sealed = try sealer.seal(session.encoded, boundTo: digest, using: &generator)
        // Where an answer may have less than usual.
        let limit = maximumByteCount - RedisRow.maximumBeginning
        guard sealed.count <= limit else {
            throw SessionStoreError(
                .tooLarge,
                context: "a session of \(sealed.count) bytes, sealed, is more than Redis is given, at most \(limit)",
                remedy: "ask for fewer scopes and claims")
        }
        let ends = min(session.expiresAt, session.createdAt.addingTimeInterval(lifetime.absolute)).milliseconds
        let idleEnd = session.lastUsedAt.addingTimeInterval(lifetime.idle).milliseconds
        let row = RedisRow.bytes(
            lastUsed: session.lastUsedAt.milliseconds, ends: ends, owners: session, sealedSummary: sealedSummary,
            sealed: sealed)
        let values = [
            keys.owners, digest, row, Array(min(ends, idleEnd) - now.milliseconds), Array(now.milliseconds),
            Array(ends),
        ]
        let reply = try await pool.run(
            .save, keys: [keys.session(digest)] + session.owners.map(keys.owner),
            values + (idleSince.map { [Array($0.milliseconds)] } ?? []))
        guard let isKept = reply.integer else { throw pool.unexpected }
        return isKept == 1
    }

    /// Notes a use; whether the session is still there.
    private func touch(_ digest: [UInt8], at now: Date) async throws(SessionStoreError) -> Bool {
        let idle = now.addingTimeInterval(lifetime.idle).milliseconds - now.milliseconds
        let reply = try await pool.run(
            .touch, keys: [keys.session(digest)], [timeText(now.milliseconds), Array(idle)])
        guard let isThere = reply.integer else { throw pool.unexpected }
        return isThere == 1
    }

    private func session(_ bytes: [UInt8], _ digest: [UInt8], at now: Date) -> Session? {
        RedisRow(bytes).flatMap { session(sealer.open($0.sealed, boundTo: digest), $0, at: now) }
    }

    private func session(_ content: [UInt8]?, _ row: RedisRow, at now: Date) -> Session? {
        guard row.ends > now.milliseconds, var session = content.flatMap({ Session(encoded: $0) }) else { return nil }
        session.lastUsedAt = Date(milliseconds: row.lastUsed)
        return lifetime.isOver(session, at: now) ? nil : session
    }

    /// Some of the index of an owner's sessions, the one that ends last in front.
    private func members(
        of owner: SessionOwner, after now: Date, from start: Int
    ) async throws(SessionStoreError) -> [RedisReply] {
        try await pool.list(
            RedisCommand(
                "ZREVRANGEBYSCORE", keys.owner(owner), Array("+inf"), Array("(\(now.milliseconds)"), Array("LIMIT"),
                Array(start), Array(Self.batch)))
    }

    private func memberCount(of owner: SessionOwner, after now: Date) async throws(SessionStoreError) -> Int {
        let reply = try await pool.send(
            RedisCommand("ZCOUNT", keys.owner(owner), Array("(\(now.milliseconds)"), Array("+inf")))
        guard let count = reply.integer else { throw pool.unexpected }
        return Int(clamping: count)
    }
}
