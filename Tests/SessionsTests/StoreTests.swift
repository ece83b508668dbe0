import FoundationEssentials
import Sessions
import TestSupport
import Testing

@Suite("Stores without a database")
struct StoreTests {
    private static func keys() throws -> SecretKeys { try SecretKeys([String(repeating: "k", count: 32)]) }

    @Test("the memory store does what every store does", arguments: SessionStoreCheck.all(for: [.server, .sweeping]))
    func memory(_ check: SessionStoreCheck) async throws {
        try await check.run { MemorySessionStore(lifetime: $0.lifetime, now: $0.now) }
    }

    @Test("the cookie store does what a store without a server can", arguments: SessionStoreCheck.all(for: [.sealing]))
    func cookie(_ check: SessionStoreCheck) async throws {
        try await check.run { setup in
            CookieSessionStore(
                keys: setup.keys, shared: MemorySharedValues(now: setup.now), lifetime: setup.lifetime, now: setup.now)
        }
    }

    @Test("the cookie store forgets which sessions have ended when they would be over")
    func cookieSweep() async throws {
        let clock = ManualClock()
        let shared = MemorySharedValues(now: clock.now)
        let store = try CookieSessionStore(keys: Self.keys(), shared: shared, now: clock.now)
        let key = SharedKey(.session, "ended")
        try await shared.set([1], for: key, until: clock.now().addingTimeInterval(60))
        clock.advance(by: 60)
        try await store.removeExpired()
        clock.advance(by: -60)
        #expect(try await shared.values(for: [key]) == [nil])
    }

    private func cookieStore(_ keys: SecretKeys) -> CookieSessionStore {
        CookieSessionStore(keys: keys, shared: MemorySharedValues())
    }

    private func session(payloadCount: Int) -> Session {
        let now = Date()
        return Session(
            payload: [UInt8](repeating: 1, count: payloadCount), createdAt: now,
            expiresAt: now.addingTimeInterval(60))
    }

    @Test("a session larger than cookies hold is refused by the cookie store")
    func tooLarge() async throws {
        let store = try cookieStore(Self.keys())
        let token = try await store.create(session(payloadCount: 9000))
        #expect(try await store.load(token)?.payload.count == 9000)
        let error = await #expect(throws: SessionStoreError.self) {
            try await store.create(session(payloadCount: 9216))
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.context.contains(/of 12[0-9]{3} characters, .* the cookie, which holds at most 12288$/) == true)
        #expect(error?.remedy.contains("SQLite or Redis") == true)
        await #expect(throws: SessionStoreError.self) {
            try await store.replace(token, with: session(payloadCount: 9216))
        }
    }

    @Test("a cookie of another secret gives nothing, and of a former secret the session")
    func rotation() async throws {
        let former = String(repeating: "f", count: 32)
        let current = String(repeating: "c", count: 32)
        let old = try cookieStore(SecretKeys([former]))
        let token = try await old.create(session(payloadCount: 5))
        let rotated = try cookieStore(SecretKeys([current, former]))
        #expect(try await rotated.load(token) != nil)
        #expect(try await cookieStore(SecretKeys([current])).load(token) == nil)
        let replaced = try await rotated.replace(token, with: session(payloadCount: 6))
        #expect(try await old.load(replaced) == nil)
    }

    @Test("what was sealed for another purpose is no session")
    func otherPurpose() async throws {
        let keys = try Self.keys()
        let bytes = session(payloadCount: 5).encoded
        let token = try #require(SessionToken(keys.seal(bytes, purpose: "another purpose")))
        #expect(try await cookieStore(keys).load(token) == nil)
    }

    @Test("that a session at the provider has ended is not remembered where none was begun in it, and else for good")
    func endsOfNobody() async throws {
        let clock = ManualClock()
        let values = MemorySharedValues(maximumCount: 10, now: clock.now)
        let store = CookieSessionStore(keys: try Self.keys(), shared: values, now: clock.now)
        let begun = clock.now()
        let session = Session(
            payload: [], issuer: "https://issuer.example", subject: "s", providerSessionID: "sid", createdAt: begun,
            expiresAt: begun.addingTimeInterval(3600))
        let (one, two) = (try await store.create(session), try await store.create(session))
        // On a machine whose clock is behind.
        clock.advance(by: -5)
        try await store.delete(one)
        #expect(try await store.load(one) == nil)
        for number in 0..<100 {
            let owner = SessionOwner.providerSession(issuer: "https://issuer.example", sessionID: "\(number)")
            _ = try await store.deleteAll(of: owner)
        }
        #expect(try await store.load(one) == nil)
        #expect(try await store.load(two) != nil)
        _ = try await store.deleteAll(of: .providerSession(issuer: "https://issuer.example", sessionID: "sid"))
        #expect(try await store.load(two) == nil)
    }
}
