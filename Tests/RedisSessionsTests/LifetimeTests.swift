import Foundation
import Sessions
import TestSupport
import Testing

@testable import RedisSessions

@Suite(
    "What Redis forgets by itself", .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.reason)))
struct LifetimeTests {
    private let server: RedisServer
    private let clock = ManualClock()

    init() throws { server = try RedisServer() }

    private func remaining(_ key: [UInt8]) async throws -> Int64 {
        try #require(try await server.answers([Array("PTTL"), key]).integer)
    }

    private func store(idle: TimeInterval = 3600) async throws -> RedisSessionStore {
        try await RedisSessionStore(
            address: RedisAddress(server.address), keys: testKeys.get(),
            lifetime: SessionLifetime(idle: idle, absolute: 86_400), now: clock.now)
    }

    @Test("a session is kept until its end or the idle time, whichever comes first, also after a use")
    func timeToLive() async throws {
        let store = try await store()
        let long = try await store.create(session(at: clock.now(), lasting: 10_000))
        let short = try await store.create(session(at: clock.now(), lasting: 600))
        #expect((3_500_000...3_600_000).contains(try await remaining(server.key(long))))
        #expect((500_000...600_000).contains(try await remaining(server.key(short))))
        clock.advance(by: 500)
        for token in [long, short] { #expect(try await store.load(token) != nil) }
        #expect((3_500_000...3_600_000).contains(try await remaining(server.key(long))))
        #expect((10_000...100_000).contains(try await remaining(server.key(short))))
        _ = try await store.replace(short, with: session(at: clock.now(), lasting: 50))
        #expect((1...50_000).contains(try await remaining(server.key(short))))
    }

    @Test("an owner's index lives as long as their longest session, and forgets those that are over")
    func index() async throws {
        let store = try await store()
        let index = RedisKeys(prefix: "oidc:").owner(alice)
        _ = try await store.create(session(at: clock.now(), lasting: 5000))
        _ = try await store.create(session(at: clock.now(), lasting: 1000))
        #expect((4_900_000...5_000_000).contains(try await remaining(index)))
        clock.advance(by: 2000)
        #expect(try await server.answers([Array("ZCARD"), index]) == .integer(2))
        _ = try await store.create(session(at: clock.now(), lasting: 100))
        #expect(try await server.answers([Array("ZCARD"), index]) == .integer(2))
        #expect((2_900_000...3_000_000).contains(try await remaining(index)))
    }

    @Test("what ends leaves nothing behind")
    func nothingLeft() async throws {
        let store = try await store()
        let one = try await store.create(session(at: clock.now()))
        let two = try await store.create(session(at: clock.now()))
        _ = try await store.create(session(in: nil, at: clock.now()))
        try await store.delete(one)
        try await store.delete(#require(store.handle(of: two)), of: alice)
        #expect(try await store.deleteAll(of: alice) == 1)
        #expect(try await server.keys().isEmpty)
        // Kept when it is already over, and given new content that is.
        _ = try await store.create(session(at: clock.now(), lasting: -1))
        #expect(try await server.keys().isEmpty)
        let three = try await store.create(session(at: clock.now()))
        _ = try await store.replace(three, with: session(at: clock.now(), lasting: -1))
        #expect(try await store.load(three) == nil)
        #expect(try await server.keys().isEmpty)
        let key = SharedKey(.state, "x")
        try await store.shared.set([1], for: key, until: clock.now().addingTimeInterval(10))
        try await store.shared.set([1], for: key, until: clock.now())
        #expect(try await store.shared.setFirst([1], for: key, until: clock.now().addingTimeInterval(-1)))
        #expect(try await server.keys().isEmpty)
    }

    @Test("a shared value is kept until its end")
    func sharedValue() async throws {
        let store = try await store()
        let (set, first) = (SharedKey(.state, "1"), SharedKey(.state, "2"))
        try await store.shared.set([1], for: set, until: clock.now().addingTimeInterval(1000))
        #expect(try await store.shared.setFirst([1], for: first, until: clock.now().addingTimeInterval(1000)))
        for key in [set, first] {
            #expect((900_000...1_000_000).contains(try await remaining(RedisKeys(prefix: "oidc:").value(key))))
        }
    }

    @Test("Redis's own clock ends a session, whatever ours says")
    func ownClock() async throws {
        let store = try await store(idle: 1)
        let token = try await store.create(session(at: clock.now()))
        let key = try server.key(token)
        while try await server.answers([Array("EXISTS"), key]) == .integer(1) {}
        #expect(try await store.load(token) == nil)
        #expect(try await store.sessions(of: alice)?.count == 0)
        #expect(try await store.deleteAll(of: alice) == 0)
    }

    @Test("more sessions of an owner than go at a time are all counted, and all end")
    func many() async throws {
        let store = try await store()
        try await withThrowingTaskGroup { group in
            for number in 0..<1100 {
                group.addTask { _ = try await store.create(session("\(number)", in: "s", at: clock.now())) }
            }
            try await group.waitForAll()
        }
        let listed = try #require(try await store.sessions(of: alice))
        #expect(Set(listed.sessions.map(\.summary)).count == 100)
        #expect(listed.count == 1100)
        #expect(try await store.deleteAll(of: alice) == 1100)
        #expect(try await store.sessions(of: alice)?.count == 0)
        #expect(try await server.keys().isEmpty)
    }
}
