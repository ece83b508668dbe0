package import FoundationEssentials
package import Sessions

/// One thing that every session store has to do. A test target runs all of them against its store:
/// ```swift
/// @Test("conforms", arguments: SessionStoreCheck.all)
/// func conforms(_ check: SessionStoreCheck) async throws {
///     try await check.run { lifetime, now in MemorySessionStore(lifetime: lifetime, now: now) }
/// }
/// ```
package struct SessionStoreCheck: Sendable, CustomStringConvertible {
    /// Makes an empty store.
    package typealias MakeStore =
        @Sendable (SessionLifetime, @escaping @Sendable () -> Date) async throws ->
        any SessionStore

    /// What a store did that it must not.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// A store and what surrounds it.
    struct Fixture: Sendable {
        let store: any SessionStore
        let clock: ManualClock
        static let lifetime = SessionLifetime(idle: 3600, absolute: 4 * 3600)
    }

    package let description: String
    /// Whether it asks for something that only a store on the server can do: to take a session back.
    package let needsServer: Bool
    private let body: @Sendable (Fixture) async throws -> Void

    init(
        _ description: String, needsServer: Bool = false, body: @escaping @Sendable (Fixture) async throws -> Void
    ) {
        self.description = description
        self.needsServer = needsServer
        self.body = body
    }

    /// Throws ``Failure`` where the store fails the check.
    package func run(_ makeStore: MakeStore) async throws {
        let clock = ManualClock()
        try await body(Fixture(store: makeStore(Fixture.lifetime, clock.now), clock: clock))
    }

    /// Every check, for a store on the server.
    package static let all = contentChecks + lifetimeChecks + tokenChecks + concurrencyChecks

    /// The checks that a store can pass which keeps nothing on the server.
    package static let withoutServer = all.filter { !$0.needsServer }
}

extension SessionStoreCheck.Fixture {
    /// A session that begins now.
    func session(_ payload: String = "payload", lasting seconds: TimeInterval = 24 * 3600) -> Session {
        let now = clock.now()
        return Session(
            payload: Array(payload.utf8), issuer: "https://issuer.example", subject: "subject",
            providerSessionID: "sid", createdAt: now, expiresAt: now.addingTimeInterval(seconds))
    }

    /// Loads as an application does, which hands on the new token where there is one.
    func use(_ token: inout SessionToken) async throws -> Session? {
        guard let session = try await store.load(token) else { return nil }
        if let renewed = try await store.renewed(token, for: session) { token = renewed }
        return session
    }

    func expect(_ condition: Bool, _ words: String) throws {
        if !condition { throw SessionStoreCheck.Failure(description: words) }
    }

    func expect(_ token: SessionToken, gives session: Session?, _ words: String) async throws {
        let loaded = try await store.load(token)
        try expect(loaded == session, "\(words): \(loaded.map(\.description) ?? "no session")")
    }

    func expectGone(replacing token: SessionToken, _ words: String) async throws {
        do {
            _ = try await store.replace(token, with: session("came back"))
        } catch let error as SessionStoreError where error.code == .gone {
            return
        }
        throw SessionStoreCheck.Failure(description: words)
    }
}
