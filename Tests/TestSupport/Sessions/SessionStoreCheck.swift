package import FoundationEssentials
package import Sessions

/// One thing that every session store has to do. A test target runs all of them against its store:
/// ```swift
/// @Test("conforms", arguments: SessionStoreCheck.all)
/// func conforms(_ check: SessionStoreCheck) async throws {
///     try await check.run { MemorySessionStore(lifetime: $0.lifetime, now: $0.now) }
/// }
/// ```
package struct SessionStoreCheck: Sendable, CustomStringConvertible {
    /// What a store is made with.
    package struct Setup: Sendable {
        package let lifetime: SessionLifetime
        package let now: @Sendable () -> Date
        package let keys: SecretKeys
    }

    /// Makes an empty store.
    package typealias MakeStore = @Sendable (Setup) async throws -> any SessionStore

    /// What only some stores can do.
    package enum Need: Sendable {
        /// The sessions are kept here, so that they keep their tokens.
        case server
        /// Sessions are sealed with the secrets.
        case sealing
        /// What is over goes by ``SessionStore/removeExpired()``, not by the store's own clock.
        case sweeping
    }

    /// What a store did that it must not.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// A store and what surrounds it.
    struct Fixture: Sendable {
        let store: any SessionStore
        let clock: ManualClock
        let keys: SecretKeys
        static let lifetime = SessionLifetime(idle: 3600, absolute: 4 * 3600)
        static let secret = "the secret of the conformance suite's stores"
    }

    package let description: String
    /// What it asks for that not every store can do.
    package let needs: Set<Need>
    private let body: @Sendable (Fixture) async throws -> Void

    init(
        _ description: String, needs: Set<Need> = [], body: @escaping @Sendable (Fixture) async throws -> Void
    ) {
        self.description = description
        self.needs = needs
        self.body = body
    }

    /// Throws ``Failure`` where the store fails the check.
    package func run(_ makeStore: MakeStore) async throws {
        let clock = ManualClock()
        let keys = try SecretKeys([Fixture.secret])
        let store = try await makeStore(Setup(lifetime: Fixture.lifetime, now: clock.now, keys: keys))
        try await body(Fixture(store: store, clock: clock, keys: keys))
    }

    /// The checks for a store that can do what is named.
    package static func all(for abilities: Set<Need>) -> [SessionStoreCheck] {
        let checks =
            contentChecks + lifetimeChecks + tokenChecks + concurrencyChecks + ownerChecks + secretChecks
            + sharedValueChecks
        return checks.filter { $0.needs.isSubset(of: abilities) }
    }
}

extension SessionStoreCheck.Fixture {
    /// A session that begins now.
    func session(
        _ payload: String = "payload", lasting seconds: TimeInterval = 24 * 3600, of subject: String = "subject",
        in providerSession: String? = "sid"
    ) -> Session {
        let now = clock.now()
        return Session(
            payload: Array(payload.utf8), issuer: "https://issuer.example", subject: subject,
            providerSessionID: providerSession, createdAt: now, expiresAt: now.addingTimeInterval(seconds))
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
