import Foundation
import Sessions
import TestSupport
import Testing

@testable import RedisSessions

@Suite(
    "What is in Redis and should not be", .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.reason)))
struct MalformedTests {
    private let server: RedisServer

    init() throws { server = try RedisServer() }

    private func replace(_ key: [UInt8], with bytes: [UInt8]) async throws {
        try await server.answers([Array("SET"), key, bytes])
    }

    private func row(_ token: SessionToken) async throws -> [UInt8] {
        try #require(try await server.answers([Array("GET"), server.key(token)]).bytes)
    }

    /// Nothing is found under the token, nothing comes to be kept under it, and its owner can log out.
    private func expectNothing(_ store: RedisSessionStore, _ token: SessionToken, _ words: Comment) async throws {
        #expect(try await store.load(token) == nil, words)
        #expect(try await store.sessions(of: alice)?.sessions.isEmpty ?? false, words)
        _ = try await store.deleteAll(of: alice)
        try await store.delete(token)
        #expect(try await server.answers([Array("EXISTS"), server.key(token)]) == .integer(0), words)
    }

    @Test("a row that was changed, cut, emptied or is another's gives nothing")
    func rows() async throws {
        let store = try await server.store()
        let token = try await store.create(session())
        let good = try await row(token)
        try await store.delete(token)
        var rows: [[UInt8]] = [[], [0], Array("foreign"), good, Array(good.dropLast()), good + [0]]
        rows += [1, 17, 18, 35, 36, 98, 99, 100, 127, 128].map { Array(good.prefix($0)) }
        rows += [0, 1, 5, 18, 20, 99, 100, 130].map { index in
            var row = good
            row[index] = 0xFF
            return row
        }
        rows.append(Array(repeating: 0xFF, count: 300))
        rows.append(Array(repeating: UInt8(ascii: "1"), count: 300))
        for (index, row) in rows.enumerated() {
            let token = try await store.create(session())
            try await replace(server.key(token), with: row)
            try await expectNothing(store, token, "row \(index)")
        }
    }

    @Test(
        "a row with a summary that was changed, cut or has another length is not listed, and one without a session is")
    func summaries() async throws {
        let store = try await server.store()
        var kept = session()
        kept.summary = Array("summary".utf8)
        let token = try await store.create(kept)
        let good = try await row(token)
        #expect(good[0] == UInt8(ascii: "2"))
        let length = try #require(Int(String(decoding: good[99..<103], as: UTF8.self)))
        func summaries() async throws -> [[UInt8]]? {
            try await store.sessions(of: alice)?.sessions.map(\.summary)
        }
        try await replace(server.key(token), with: Array(good.prefix(103 + length)))
        #expect(try await summaries() == [kept.summary])
        #expect(try await store.load(token) == nil)
        var changed = good
        changed[110] ^= 1
        func withLength(_ text: String) -> [UInt8] {
            var row = good
            row.replaceSubrange(99..<103, with: Array(text.utf8))
            return row
        }
        var others: [[UInt8]] = [changed, Array(good.prefix(102 + length)), Array(good.prefix(100))]
        others += ["9999", "0000", "x000", "000x"].map(withLength)
        for (index, row) in others.enumerated() {
            try await replace(server.key(token), with: row)
            #expect(try await summaries() == [], "row \(index)")
        }
        try await replace(server.key(token), with: good)
        #expect(try await store.load(token) == kept)
        // As an earlier version kept it.
        let sealer = Sealer(try testKeys.get(), purpose: "redis session 1")
        var generator = SystemRandomNumberGenerator()
        let digest = try #require(token.id).digest
        let old = try sealer.seal(session("old").encoded, boundTo: digest, using: &generator)
        var former = good
        former[0] = UInt8(ascii: "1")
        former.replaceSubrange(99..., with: old)
        try await replace(server.key(token), with: former)
        #expect(try await summaries() == [Array("old".utf8)])
        #expect(try await store.deleteAll(of: alice) == 1)
    }

    @Test("a row without a readable head is not replaced")
    func noHead() async throws {
        let store = try await server.store()
        for row in [[], Array("foreign"), Array(repeating: UInt8(ascii: "x"), count: 200)] {
            let token = try await store.create(session())
            try await replace(server.key(token), with: row)
            #expect(try await failure { _ = try await store.replace(token, with: session()) }.code == .gone)
        }
    }

    @Test(
        "a key of another type is no session, no index and no value", arguments: [["RPUSH", "x"], ["HSET", "x", "y"]])
    func types(_ command: [String]) async throws {
        func occupy(_ key: [UInt8]) async throws {
            try await server.answers([Array("DEL"), key])
            try await server.answers([Array(command[0]), key] + command.dropFirst().map { Array($0) })
        }
        let store = try await server.store()
        let keys = RedisKeys(prefix: "oidc:")
        let token = try await store.create(session())
        try await occupy(server.key(token))
        #expect(try await failure { _ = try await store.replace(token, with: session()) }.code == .gone)
        try await expectNothing(store, token, "session")

        try await occupy(keys.owner(alice))
        #expect(try await store.sessions(of: alice)?.count == 0)
        #expect(try await store.deleteAll(of: alice) == 0)
        // The next session makes an index again.
        _ = try await store.create(session())
        #expect(try await store.sessions(of: alice)?.count == 1)
        #expect(try await store.deleteAll(of: alice) == 1)

        let key = SharedKey(.state, "x")
        try await occupy(keys.value(key))
        #expect(try await store.shared.values(for: [key]) == [nil])
        try await store.shared.remove([], for: key)
        #expect(try await store.shared.setFirst([7], for: key, until: Date().addingTimeInterval(60)))
        #expect(try await store.shared.values(for: [key]) == [[7]])
    }

    @Test("an index that names what is none of the owner's ends none of it")
    func foreignMembers() async throws {
        let store = try await server.store()
        let other = try await store.create(session(of: "ben", in: nil))
        let index = RedisKeys(prefix: "oidc:").owner(alice)
        for member in [try #require(other.id).digest, Array("x"), []] {
            try await server.answers([Array("ZADD"), index, Array("9000000000000"), member])
        }
        #expect(try await store.sessions(of: alice)?.count == 0)
        #expect(try await store.deleteAll(of: alice) == 0)
        #expect(try await store.load(other) != nil)
        #expect(try await server.answers([Array("EXISTS"), index]) == .integer(0))
    }

    @Test("a row whose end was put off ends at the end that was sealed")
    func prolonged() async throws {
        let clock = ManualClock()
        let store = try await server.store(now: clock.now)
        let token = try await store.create(session(at: clock.now(), lasting: 60))
        let row = try await row(token)
        try await replace(server.key(token), with: row[..<18] + timeText(9_000_000_000_000_000) + row[35...])
        clock.advance(by: 59)
        #expect(try await store.load(token) != nil)
        clock.advance(by: 1)
        #expect(try await store.load(token) == nil)
    }

    @Test("a shared value that is too short to have an end is none", arguments: ["", "0", "0000000000000000", "x"])
    func values(_ text: String) async throws {
        let store = try await server.store()
        let key = SharedKey(.state, "x")
        try await replace(RedisKeys(prefix: "oidc:").value(key), with: Array(text))
        #expect(try await store.shared.values(for: [key]) == [nil])
        #expect(try await store.shared.setFirst([7], for: key, until: Date().addingTimeInterval(60)))
    }

    @Test(
        "a time is written in 17 characters and read again",
        arguments: [0, 1, -1, 1_800_000_000_000, 9_000_000_000_000_000, -9_000_000_000_000_000] as [Int64])
    func times(_ time: Int64) {
        #expect(timeText(time).count == 17)
        #expect(RedisSessions.time(timeText(time)[...]) == time)
    }
}
