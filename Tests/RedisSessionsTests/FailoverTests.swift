import Foundation
import Glibc
import RawSockets
import Sessions
import TestSupport
import Testing

@testable import RedisSessions

/// Two servers, a primary and its replica, and a name that leads to one of them, as a failover leaves it.
struct ReplicatedRedis {
    let first: RedisServer
    let second: RedisServer
    private let target = Mutexed(["127.0.0.1"])

    init(_ arguments: [String] = []) async throws {
        let arguments = ["--protected-mode", "no", "--repl-diskless-sync-delay", "0"] + arguments
        first = try RedisServer(arguments)
        second = try RedisServer(arguments, host: "127.0.0.2", port: first.port)
        try await second.answers("REPLICAOF", "127.0.0.1", "\(first.port)")
        try await until { try await first.info("replication").contains("state=online") }
    }

    /// Where the name leads, the preferred address first.
    func point(to hosts: String...) { target.value = hosts }

    /// Makes the second server the primary when it has all that the first one has, and the first its replica.
    func failOver() async throws {
        try await until { try await second.keys().count == first.keys().count }
        try await second.answers("REPLICAOF", "NO", "ONE")
        try await first.answers("REPLICAOF", "127.0.0.2", "\(first.port)")
        try await until { try await first.info("replication").contains("role:slave") }
    }

    func store(connections: Int = 2) async throws -> RedisSessionStore {
        var configuration = RedisSessionStore.Configuration()
        configuration.connections = connections
        configuration.retryInterval = .zero
        return try await RedisSessionStore(
            address: RedisAddress("redis://redis.example:\(first.port)"), keys: testKeys.get(),
            lifetime: SessionLifetime(), now: { Date() }, configuration: configuration,
            lookup: HostLookup { [target] _ in .addresses(target.value) })
    }
}

extension RedisServer {
    func info(_ section: String) async throws -> String {
        String(decoding: try await answers("INFO", section).bytes ?? [], as: UTF8.self)
    }
}

/// Asks until it is so, for half a minute at most.
func until(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<6000 {
        if try await condition() { return }
        usleep(5000)
    }
    Issue.record("it did not become so")
}

@Suite(
    "A failover of Redis", .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.reason)))
struct FailoverTests {
    @Test("is followed at once by what writes: no call fails where the name already leads to the new primary")
    func followed() async throws {
        let redis = try await ReplicatedRedis()
        let store = try await redis.store()
        for _ in 0..<4 { _ = try await store.create(session()) }
        try await redis.failOver()
        redis.point(to: "127.0.0.2")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                group.addTask {
                    let token = try await store.create(session())
                    #expect(try await store.load(token) != nil)
                    // Not sent twice where a connection breaks, but where the server refused it.
                    let key = SharedKey(.state, "\(index)")
                    #expect(try await store.shared.setFirst([1], for: key, until: Date().addingTimeInterval(60)))
                    try await store.delete(token)
                    #expect(try await store.load(token) == nil)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("that the name does not follow yet leaves reads, and is followed when it does")
    func late() async throws {
        let redis = try await ReplicatedRedis()
        let store = try await redis.store()
        let token = try await store.create(session())
        try await redis.failOver()
        for _ in 0..<20 {
            #expect(try await failure { _ = try await store.create(session()) }.code == .notWritable)
            #expect(try await store.load(token) != nil)
        }
        redis.point(to: "127.0.0.2")
        _ = try await store.create(session())
    }

    @Test("is followed by every connection once one has found out, so that none reads of an old primary what has ended")
    func sisters() async throws {
        let redis = try await ReplicatedRedis()
        let store = try await redis.store(connections: 8)
        let token = try await store.create(session())
        for _ in 0..<8 { #expect(try await store.load(token) != nil) }
        try await redis.second.answers("REPLICAOF", "NO", "ONE")
        // The old one becomes the replica of a server that is not there: it never hears of what follows.
        try await redis.first.answers("REPLICAOF", "127.0.0.9", "1")
        redis.point(to: "127.0.0.2")
        try await store.delete(token)
        for _ in 0..<16 { #expect(try await store.load(token) == nil) }
    }

    @Test("is followed where the name has both addresses, the replica's first")
    func bothAddresses() async throws {
        let redis = try await ReplicatedRedis()
        let store = try await redis.store()
        try await redis.failOver()
        redis.point(to: "127.0.0.1", "127.0.0.2")
        for _ in 0..<10 { _ = try await store.create(session()) }
    }

    @Test(
        "shows by each word of a server that is not the primary",
        arguments: ["READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING", "ERR Error running script: -READONLY"])
    func words(_ word: String) async throws {
        let connections = Mutexed(0)
        let server = try FakeRedis(
            login: { _ in
                connections.change { $0 += 1 }
                return "+OK\r\n"
            },
            answering: { connection, _ in connection.send(connections.value > 1 ? "+OK\r\n" : "-\(word) x\r\n") })
        let pool = try server.pool()
        defer { pool.close() }
        let command = RedisCommand("SET", Array("key"), Array("value"))
        #expect(try await pool.send(command, isRepeatable: false) == .status("OK"))
    }

    @Test("does not end a connection whose server refuses for another reason", arguments: ["OOM", "MISCONF", "NOPERM"])
    func otherWords(_ word: String) async throws {
        let connections = Mutexed(0)
        let server = try FakeRedis(
            login: { _ in
                connections.change { $0 += 1 }
                return "+OK\r\n"
            }, answering: { connection, _ in connection.send("-\(word) x\r\n") })
        var configuration = hasty(5000)
        configuration.connections = 1
        let pool = try server.pool(configuration)
        defer { pool.close() }
        for _ in 0..<3 { _ = try await failure { _ = try await pool.send(RedisCommand("GET", Array("key"))) } }
        #expect(connections.value == 1)
    }
}
