public import FoundationEssentials
import Synchronization

/// Sessions in memory: gone with the process, and known to no other.
public final class MemorySessionStore: SessionStore {
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date
    private let sessions = Mutex<[[UInt8]: Session]>([:])

    /// An empty store.
    public init(lifetime: SessionLifetime = SessionLifetime(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.lifetime = lifetime
        self.now = now
    }

    /// Keeps a session under a new token.
    public func create(_ session: Session) async throws -> SessionToken {
        let id = SessionID.generate()
        sessions.withLock { $0[id.digest] = session }
        return SessionToken(id)
    }

    /// The session of a token, if it is there and not over.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let key = token.id?.digest else { return nil }
        let now = now()
        return sessions.withLock { sessions in
            guard var session = sessions[key], !lifetime.isOver(session, at: now) else { return nil }
            if lifetime.isUseDue(session, at: now) {
                session.lastUsedAt = now.toTheMillisecond
                sessions[key] = session
            }
            return session
        }
    }

    /// Gives a session new content under the same token; throws `.gone` where it is no longer there.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard let key = token.id?.digest else { throw SessionStoreError.gone }
        let now = now()
        try sessions.withLock { sessions in
            guard let old = sessions[key], !lifetime.isOver(old, at: now) else { throw SessionStoreError.gone }
            var session = session
            session.lastUsedAt = now.toTheMillisecond
            sessions[key] = session
        }
        return token
    }

    /// Forgets a session.
    public func delete(_ token: SessionToken) async throws {
        guard let key = token.id?.digest else { return }
        sessions.withLock { $0[key] = nil }
    }

    /// Forgets what is over.
    public func removeExpired() async throws {
        let now = now()
        sessions.withLock { sessions in sessions = sessions.filter { !lifetime.isOver($0.value, at: now) } }
    }
}
