/// Where sessions are kept. Every store passes one conformance suite; see `docs/architecture.md`.
///
/// What a browser brings is only ever looked up, never taken over: a session's token is made by the store.
public protocol SessionStore: Sendable {
    /// Keeps a session under a new token.
    ///
    /// Throws ``SessionStoreError``: `.tooLarge` for more than ``Session/maximumByteCount``, or than the store can hold;
    /// or what stands in the way.
    func create(_ session: Session) async throws -> SessionToken

    /// The session of a token; `nil` where it is unknown, forged, deleted or over. Counts as a use.
    func load(_ token: SessionToken) async throws -> Session?

    /// Gives a session new content, and returns the token by which it is found from now on: for stores on the server the
    /// same. Counts as a use.
    ///
    /// Throws ``SessionStoreError``: `.gone` where the session was deleted meanwhile or is over; it does not come back;
    /// `.tooLarge` as for a new session; the old content then stays.
    func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken

    /// Forgets a session; does nothing where there is none.
    func delete(_ token: SessionToken) async throws

    /// Forgets what is over. To be called now and then, once in a few minutes.
    func removeExpired() async throws

    /// A new token that the browser has to be given for a session just loaded, where a use can only be noted in the
    /// token itself; `nil` where there is nothing to give, as always for stores on the server.
    func renewed(_ token: SessionToken, for session: Session) async throws -> SessionToken?

    /// How lists name the session of a token; `nil` for a token that is none of this store's.
    func handle(of token: SessionToken) -> SessionHandle?

    /// The sessions of an owner, the newest at most ``SessionList/maximumCount`` of them; `nil` where the store cannot list
    /// them. Reads of each only its summary, where it has one.
    func sessions(of owner: SessionOwner) async throws -> SessionList?

    /// Forgets a session of an owner; does nothing where they have none of that name.
    func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws

    /// Forgets every session of an owner that was begun until now; how many they were, where the store knows.
    @discardableResult
    func deleteAll(of owner: SessionOwner) async throws -> Int?

    /// Forgets every session of a user of which no session at the provider is known (``Session/providerSessionID``); where
    /// the store cannot tell these apart, every session of the user.
    func deleteAllWithoutProviderSession(of user: SessionOwner) async throws

    /// What machines that use the same store tell each other.
    var shared: any SharedValues { get }
}

extension SessionStore {
    /// Every session of the user.
    public func deleteAllWithoutProviderSession(of user: SessionOwner) async throws { try await deleteAll(of: user) }

    /// Nothing to give.
    public func renewed(_ token: SessionToken, for session: Session) async throws -> SessionToken? { nil }

    /// By the digest of the identifier in the token.
    public func handle(of token: SessionToken) -> SessionHandle? { token.id.map { SessionHandle($0.digest) } }
}
