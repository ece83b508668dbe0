public import FoundationEssentials

/// Sessions in the browser's own cookie, encrypted and authenticated: nothing is kept here, any machine with the same
/// secrets reads them.
///
/// For the same reason a session cannot be taken back: after ``delete(_:)`` or ``replace(_:with:)`` somebody who copied
/// the old cookie can use it until it is over. And a use can only be noted by giving the browser a new cookie, for which
/// there is ``renewed(_:for:)``.
public final class CookieSessionStore: SessionStore {
    private let sealer: Sealer
    private let lifetime: SessionLifetime
    private let now: @Sendable () -> Date

    /// Throws ``SecretKeysError`` where OpenSSL fails.
    public init(
        keys: SecretKeys, lifetime: SessionLifetime = SessionLifetime(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(SecretKeysError) {
        sealer = try Sealer(keys, purpose: "session cookie 1")
        self.lifetime = lifetime
        self.now = now
    }

    /// Seals a session; throws `.tooLarge` where the token would be longer than ``SessionToken/maximumLength``.
    public func create(_ session: Session) async throws -> SessionToken {
        var generator = SystemRandomNumberGenerator()
        let text = base64URLEncoded(try sealer.seal(session.encoded, using: &generator))
        guard let token = SessionToken(text) else {
            throw SessionStoreError(
                .tooLarge, context: "a session of \(text.utf8.count) characters, sealed",
                remedy: "ask for fewer scopes, or keep sessions on the server")
        }
        return token
    }

    /// Opens a session, if it was sealed here and is not over.
    public func load(_ token: SessionToken) async throws -> Session? {
        guard let bytes = base64URLDecoded(token.string).flatMap({ sealer.open($0) }),
            let session = Session(encoded: bytes), !lifetime.isOver(session, at: now())
        else { return nil }
        return session
    }

    /// Seals the new content; throws `.gone` where the old token does not open or is over.
    public func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        guard try await load(token) != nil else { throw SessionStoreError.gone }
        var session = session
        session.lastUsedAt = now()
        return try await create(session)
    }

    /// Does nothing: the browser has to be told to forget its cookie.
    public func delete(_ token: SessionToken) async throws {}

    /// Does nothing.
    public func removeExpired() async throws {}

    /// The session with its use noted, about once a minute.
    public func renewed(_ token: SessionToken, for session: Session) async throws -> SessionToken? {
        lifetime.isUseDue(session, at: now()) ? try await replace(token, with: session) : nil
    }
}
