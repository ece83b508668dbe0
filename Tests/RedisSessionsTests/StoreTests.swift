import Foundation
import Sessions
import TestSupport
import Testing

@testable import RedisSessions

@Suite("The Redis store", .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.reason)))
struct StoreTests {
    @Test("it does what every store does", arguments: SessionStoreCheck.all(for: [.server, .sealing]))
    func conforms(_ check: SessionStoreCheck) async throws {
        let server = try RedisServer()
        try await check.run {
            try await RedisSessionStore(
                address: RedisAddress(server.address), keys: $0.keys, lifetime: $0.lifetime, now: $0.now)
        }
    }

    @Test("the digests of the scripts are Redis's", arguments: RedisScript.all)
    func digests(_ script: RedisScript) async throws {
        let loaded = try await RedisServer().answers("SCRIPT", "LOAD", script.text)
        #expect(loaded == .bytes(Array(script.digest.utf8)))
    }

    @Test("scripts that Redis has forgotten are told to it again")
    func scriptFlush() async throws {
        let server = try RedisServer()
        let store = try await server.store()
        for _ in 0..<2 {
            let token = try await store.create(session())
            try await server.answers("SCRIPT", "FLUSH")
            try await store.delete(token)
            #expect(try await store.load(token) == nil)
        }
    }

    @Test("two stores on one Redis see each other's sessions, two prefixes do not")
    func sharing() async throws {
        let server = try RedisServer()
        let (one, two) = (try await server.store(), try await server.store())
        var configuration = RedisSessionStore.Configuration()
        configuration.prefix = "other:"
        let other = try await server.store(configuration: configuration)
        let token = try await one.create(session())
        #expect(try await two.load(token) != nil)
        #expect(try await other.load(token) == nil)
        #expect(try await other.deleteAll(of: alice) == 0)
        try await two.delete(token)
        #expect(try await one.load(token) == nil)
    }

    @Test("nothing of a session and no identifier can be read in Redis")
    func sealed() async throws {
        let server = try RedisServer()
        let store = try await server.store()
        let token = try await store.create(session("a secret payload"))
        _ = try await store.replace(token, with: session("another secret payload"))
        var all = Data()
        for key in try await server.keys() {
            all += Data(key)
            if case .bytes(let value) = try await server.answers([Array("DUMP"), key]) { all += Data(value) }
        }
        #expect(all.count > 300)
        let id = try #require(Data(base64Encoded: plainBase64(token.string)))
        for text in ["secret", "alice", "issuer.example", "sid-1", token.string, String(token.string.prefix(20))] {
            #expect(all.range(of: Data(text.utf8)) == nil, "\(text)")
        }
        #expect(all.range(of: id) == nil)
    }

    private func plainBase64(_ text: String) -> String {
        text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/") + "="
    }

    @Test("a load is one command, two when the use has to be noted, and a token that is none costs nothing")
    func commands() async throws {
        let server = try RedisServer()
        let clock = ManualClock()
        let store = try await server.store(now: clock.now)
        let token = try await store.create(session(at: clock.now()))
        try await server.answers("CONFIG", "RESETSTAT")
        #expect(try await store.load(token) != nil)
        #expect(try await store.load(#require(SessionToken(String(repeating: "A", count: 12_288)))) == nil)
        #expect(try await store.load(#require(SessionToken("forged"))) == nil)
        try await store.delete(#require(SessionToken("forged")))
        try await store.delete(#require(SessionHandle("forged")), of: alice)
        var counts = try await server.counts()
        #expect(counts["get"] == 1)
        #expect(counts["evalsha"] == nil)
        clock.advance(by: 61)
        #expect(try await store.load(token) != nil)
        #expect(try await store.load(token) != nil)
        counts = try await server.counts()
        #expect(counts["get"] == 3)
        // Redis does not know the script yet.
        #expect(counts["evalsha"] == 1)
        #expect(counts["eval"] == 1)
    }

    @Test("a session is refused that is larger than an answer may be, and a shared value")
    func tooLarge() async throws {
        let server = try RedisServer()
        var configuration = RedisSessionStore.Configuration()
        configuration.replyBytes = 32 << 10
        let small = try await server.store(configuration: configuration)
        let error = try await failure {
            _ = try await small.create(session(String(repeating: "x", count: 32 << 10)))
        }
        #expect(error.code == .tooLarge)
        #expect(error.context.contains(/of 32[0-9]{3} bytes, .* at most 21[0-9]{3}$/))
        let store = try await server.store()
        let value = try await failure {
            try await store.shared.set(
                Array(repeating: 0, count: 1 << 20), for: SharedKey(.state, "x"), until: Date().addingTimeInterval(9))
        }
        #expect(value.code == .tooLarge)
    }

    @Test("a closed store says so")
    func closed() async throws {
        let server = try RedisServer()
        let store = try await server.store()
        let token = try await store.create(session())
        store.close()
        let error = try await failure { _ = try await store.load(token) }
        #expect(error.code == .unavailable)
        #expect(error.remedy.contains("closed"))
    }

    @Test("a Redis without room says so, keeps what it has and goes on serving it")
    func full() async throws {
        let server = try RedisServer()
        let clock = ManualClock()
        let store = try await server.store(now: clock.now)
        let token = try await store.create(session(at: clock.now()))
        clock.advance(by: 61)
        try await server.answers("CONFIG", "SET", "maxmemory", "1")
        #expect(try await store.load(token) != nil)
        for write in [
            { _ = try await store.create(session(at: clock.now())) },
            { _ = try await store.replace(token, with: session(at: clock.now())) },
        ] {
            #expect(try await failure(of: write).code == .full)
        }
        try await server.answers("CONFIG", "SET", "maxmemory", "0")
        #expect(try await store.load(token)?.lastUsedAt == clock.now())
        _ = try await store.create(session(at: clock.now()))
    }

    @Test("a replica says so, and goes on serving what it has")
    func replica() async throws {
        let server = try RedisServer()
        let store = try await server.store()
        let token = try await store.create(session())
        let port = try freePort()
        try await server.answers("CONFIG", "SET", "replica-serve-stale-data", "yes")
        try await server.answers("REPLICAOF", "127.0.0.1", "\(port)")
        #expect(try await store.load(token) != nil)
        let error = try await failure { _ = try await store.create(session()) }
        #expect(error.code == .notWritable)
        #expect(error.remedy.contains("primary"))
    }
}
