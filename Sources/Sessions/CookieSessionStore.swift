import Cryptography
public import FoundationEssentials

/// Sessions in the browser's own cookie, encrypted and authenticated: any machine with the same secrets reads them.
///
/// That a session has ended has to be remembered here, since the cookie of it may have been copied: ``shared`` holds what
/// has ended, until it would be over anyway. A use can only be noted by giving the browser a new cookie, for which there
/// is ``renewed(_:for:)``. What a cookie held before it was replaced goes on serving until the session ends.
public final class CookieSessionStore: SessionStore {
    /// What has ended, and what else machines tell each other.
    public let shared: any SharedValues

    private static let identifierByteCount = 16
    private let keys: SecretKeys
    private let sealer: Sealer
    let recent = RecentlyOpened()
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date

    /// A store that remembers in `shared` what has ended: a logout is known to whom that is shared with.
    public init(
        keys: SecretKeys, shared: any SharedValues, lifetime: SessionLifetime = SessionLifetime(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.keys = keys
        sealer = Sealer(keys, purpose: "session cookie 2")
        self.shared = shared
        self.lifetime = lifetime
        self.now = now
    }

    /// Seals a session, without its summary; throws `.tooLarge` where the token would be longer than
    /// ``SessionToken/maximumLength``.
    public func create(_ session: Session) async throws -> SessionToken {
        var generator = SystemRandomNumberGenerator()
        let token = try seal(session, identifier: randomBytes(Self.identifierByteCount, using: &generator))
        if case .providerSession(let issuer, let sessionID) = session.providerSession {
            let end = now().addingTimeInterval(lifetime.absolute)
            try await shared.set(
                Date.bytes(ofMilliseconds: session.createdAt.milliseconds), for: SharedKey(.begun, issuer, sessionID),
                until: end)
        }
        return token
    }

    /// Opens a session, if it was sealed here, is not over and has not been ended.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let (identifier, session) = open(token), !lifetime.isOver(session, at: now()) else { return nil }
        // A session that ended does not come back: when is of no account. Of a user, or of a session at the provider, whose
        // `sid` may serve it again, only the sessions have ended that were begun before.
        let endings = try await shared.values(for: [Self.key(SessionHandle(identifier))] + session.owners.map(\.key))
        guard endings.first.flatMap({ $0 }) == nil else { return nil }
        let hasEnded = endings.dropFirst().contains { ending in
            ending.map { Date.milliseconds(of: $0) ?? .max >= session.createdAt.milliseconds } ?? false
        }
        return hasEnded ? nil : session
    }

    /// Seals the new content; throws `.gone` where the old token does not open or is over.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard try await load(token) != nil, let (identifier, _) = open(token) else { throw SessionStoreError.gone }
        var session = session
        session.lastUsedAt = now()
        return try seal(session, identifier: identifier)
    }

    /// Remembers that a session has ended.
    public func delete(_ token: SessionToken) async throws {
        if let (identifier, _) = open(token) {
            try await end(Self.key(SessionHandle(identifier)), at: now().milliseconds)
        }
    }

    /// Forgets that sessions have ended which would be over anyway, and what was opened lately; the sessions are in the
    /// browsers.
    public func removeExpired() async throws {
        recent.removeAll()
        try await shared.removeEnded()
    }

    /// The session with its use noted, about once a minute.
    public func renewed(_ token: SessionToken, for session: Session) async throws -> SessionToken? {
        lifetime.isUseDue(session, at: now()) ? try await replace(token, with: session) : nil
    }

    /// By an identifier that stays when the content changes.
    public func handle(of token: SessionToken) -> SessionHandle? { open(token).map { SessionHandle($0.identifier) } }

    /// `nil`: only the browsers have them.
    public func sessions(of owner: SessionOwner) async throws -> SessionList? { nil }

    /// Does nothing: whose session it is cannot be told. One's own ends by its token.
    public func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws {}

    /// Remembers that every session of the owner has ended that was begun until now; of a session at the provider only
    /// where one was begun in it here, since anybody can say that one has ended (Front-Channel Logout §2).
    public func deleteAll(of owner: SessionOwner) async throws -> Int? {
        var time = now().milliseconds
        if case .providerSession(let issuer, let sessionID) = owner {
            let begun = try await shared.values(for: [SharedKey(.begun, issuer, sessionID)])
            guard let latest = begun.first.flatMap({ $0 }) else { return nil }
            // The machine at which it was begun may have a clock that is ahead of this one's.
            time = max(time, Date.milliseconds(of: latest) ?? time)
        }
        try await end(owner.key, at: time)
        return nil
    }

    private func end(_ key: SharedKey, at milliseconds: Int64) async throws {
        let end = max(now(), Date(milliseconds: milliseconds)).addingTimeInterval(lifetime.absolute)
        try await shared.set(Date.bytes(ofMilliseconds: milliseconds), for: key, until: end)
    }

    private static func key(_ handle: SessionHandle) -> SharedKey { SharedKey(.session, handle.string) }

    private func seal(_ session: Session, identifier: [UInt8]) throws -> SessionToken {
        var generator = SystemRandomNumberGenerator()
        var session = session
        // For lists, which there are none of here.
        session.summary = []
        let text = base64URLEncode(try sealer.seal(identifier + session.encoded, using: &generator))
        guard let token = SessionToken(text) else {
            throw SessionStoreError(
                .tooLarge,
                context:
                    "a session of \(text.utf8.count) characters, sealed, does not fit into the cookie, which holds at"
                    + " most \(SessionToken.maximumLength)",
                remedy: "keep sessions on the server (SQLite or Redis), or ask for fewer scopes and claims")
        }
        return token
    }

    private func open(_ token: SessionToken) -> (identifier: [UInt8], session: Session)? {
        // The generation before the opening: what was opened under earlier secrets must not pass for one of later ones.
        let opened = recent.opened(token, under: keys.generation) {
            guard let bytes = base64URLDecoded(token.string).flatMap({ sealer.open($0) }),
                bytes.count >= Self.identifierByteCount,
                let session = Session(encoded: Array(bytes[Self.identifierByteCount...]))
            else { return nil }
            return RecentlyOpened.Opened(
                identifier: Array(bytes[..<Self.identifierByteCount]), session: session)
        }
        return opened.map { ($0.identifier, $0.session) }
    }
}
