public import FoundationEssentials
import Synchronization

/// Sessions in memory: gone with the process, and known to no other.
public final class MemorySessionStore: SessionStore {
    private struct Table {
        var sessions: [[UInt8]: Session] = [:]
        /// The keys of an owner's sessions, by the owner's digest.
        var owned: [[UInt8]: Set<[UInt8]>] = [:]

        mutating func set(_ session: Session?, for key: [UInt8]) {
            for owner in sessions[key]?.owners ?? [] {
                owned[owner.digest]?.remove(key)
                if owned[owner.digest]?.isEmpty ?? false { owned[owner.digest] = nil }
            }
            sessions[key] = session
            for owner in session?.owners ?? [] { owned[owner.digest, default: []].insert(key) }
        }
    }

    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date
    private let table = Mutex(Table())
    private let values: MemorySharedValues

    /// An empty store.
    public init(lifetime: SessionLifetime = SessionLifetime(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.lifetime = lifetime
        self.now = now
        values = MemorySharedValues(now: now)
    }

    /// Keeps a session under a new token; throws `.tooLarge` beyond ``Session/maximumByteCount``.
    public func create(_ session: Session) async throws -> SessionToken {
        try session.requireSize()
        let id = SessionID.generate()
        table.withLock { $0.set(session, for: id.digest) }
        return SessionToken(id)
    }

    /// The session of a token, if it is there and not over.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let key = token.id?.digest else { return nil }
        let now = now()
        return table.withLock { table in
            guard var session = table.sessions[key], !lifetime.isOver(session, at: now) else { return nil }
            if lifetime.isUseDue(session, at: now) {
                session.lastUsedAt = now.toTheMillisecond
                table.sessions[key] = session
            }
            return session
        }
    }

    /// Gives a session new content under the same token; throws `.gone` where it is no longer there.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard let key = token.id?.digest else { throw SessionStoreError.gone }
        try session.requireSize()
        let now = now()
        try table.withLock { table in
            guard let old = table.sessions[key], !lifetime.isOver(old, at: now) else { throw SessionStoreError.gone }
            var session = session
            session.lastUsedAt = now.toTheMillisecond
            table.set(session, for: key)
        }
        return token
    }

    /// Forgets a session.
    public func delete(_ token: SessionToken) async throws {
        guard let key = token.id?.digest else { return }
        table.withLock { $0.set(nil, for: key) }
    }

    /// Forgets what is over.
    public func removeExpired() async throws {
        let now = now()
        table.withLock { table in
            for (key, session) in table.sessions where lifetime.isOver(session, at: now) { table.set(nil, for: key) }
        }
        try await values.removeEnded()
    }

    /// The sessions of an owner.
    public func sessions(of owner: SessionOwner) async throws -> SessionList? {
        let now = now()
        let found = table.withLock { table in
            (table.owned[owner.digest] ?? []).compactMap { key -> (key: [UInt8], session: Session)? in
                guard let session = table.sessions[key], !lifetime.isOver(session, at: now) else { return nil }
                return (key, session)
            }
        }
        let newest = found.sorted { $0.session.createdAt > $1.session.createdAt }.prefix(SessionList.maximumCount)
        return SessionList(
            newest.map { ListedSession(handle: SessionHandle($0.key), session: $0.session) }, count: found.count)
    }

    /// Forgets a session of an owner.
    public func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws {
        guard let key = handle.bytes else { return }
        table.withLock { table in
            if table.owned[owner.digest]?.contains(key) ?? false { table.set(nil, for: key) }
        }
    }

    /// Forgets every session of an owner.
    public func deleteAll(of owner: SessionOwner) async throws -> Int? {
        table.withLock { table in
            let keys = table.owned[owner.digest] ?? []
            for key in keys { table.set(nil, for: key) }
            return keys.count
        }
    }

    /// Forgets every session of a user of which no session at the provider is known.
    public func deleteAllWithoutProviderSession(of user: SessionOwner) async throws {
        table.withLock { table in
            for key in table.owned[user.digest] ?? [] where table.sessions[key]?.providerSession == nil {
                table.set(nil, for: key)
            }
        }
    }

    /// Known to this process only.
    public var shared: any SharedValues { values }
}
