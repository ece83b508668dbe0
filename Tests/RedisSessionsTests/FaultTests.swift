import Foundation
import RawSockets
import Sessions
import Synchronization
import TestSupport
import Testing

@testable import RedisSessions

@Suite("A server that is not as Redis is")
struct FaultTests {
    private static let get = RedisCommand("GET", Array("key".utf8))

    /// What a server does with a command, by what it is called.
    static let faults: [(name: String, play: @Sendable (Connection) -> Void)] = [
        ("never answers", { _ in }),
        ("begins to answer", { $0.send("$100\r\nabc") }),
        ("drips", { connection in connection.repeatedly(everyMilliseconds: 50, Array("$".utf8)) }),
        ("speaks HTTP", { $0.send("HTTP/1.1 400 Bad Request\r\n\r\n") }),
        ("sends zeros", { $0.send([UInt8](repeating: 0, count: 1000)) }),
        ("sends a line without end", { $0.repeatedly([UInt8](repeating: UInt8(ascii: "+"), count: 65536)) }),
        ("announces a text of gigabytes", { $0.send("$99999999999999\r\n") }),
        (
            "sends a text over the limit",
            {
                $0.send("$2097152\r\n")
                $0.repeatedly([UInt8](repeating: 65, count: 65536))
            }
        ),
        ("announces a text of less than nothing", { $0.send("$-5\r\n") }),
        ("announces a million parts", { $0.send("*1000000\r\n") }),
        ("announces parts of less than nothing", { $0.send("*-7\r\n") }),
        ("nests parts", { $0.send(String(repeating: "*1\r\n", count: 1000) + ":1\r\n") }),
        ("has parts in a part", { $0.send("*1\r\n*1\r\n:1\r\n") }),
        ("answers a number that is none", { $0.send(":12a\r\n") }),
        ("answers a number of forty digits", { $0.send(":" + String(repeating: "9", count: 40) + "\r\n") }),
        ("answers by an unknown type", { $0.send("!1\r\n") }),
        ("answers with a number to a question for a text", { $0.send(":1\r\n") }),
        ("answers with a list to a question for a text", { $0.send("*2\r\n$1\r\na\r\n$1\r\nb\r\n") }),
    ]

    @Test("makes a call fail in time, with a word what to look at", arguments: faults.map(\.name))
    func fault(_ name: String) async throws {
        let play = try #require(Self.faults.first { $0.name == name }).play
        let server = try FakeRedis { connection, _ in play(connection) }
        let pool = try server.pool()
        defer { pool.close() }
        let error = try await failure { _ = try await pool.values(of: [Array("key".utf8)]) }
        #expect(error.code == .unavailable)
        #expect(!error.remedy.isEmpty)
    }

    @Test("serves again when it answers again", arguments: ["nothing", "garbage", "end", "reset"])
    func heals(_ fault: String) async throws {
        let isBroken = Mutexed(true)
        let server = try FakeRedis { connection, _ in
            guard isBroken.value else {
                connection.send("$2\r\nok\r\n")
                return
            }
            switch fault {
            case "garbage": connection.send("garbage\r\n")
            case "end": connection.end()
            case "reset":
                connection.reset()
                connection.end()
            default: break
            }
        }
        let pool = try server.pool()
        defer { pool.close() }
        for _ in 0..<4 { #expect(try await failure { _ = try await pool.send(Self.get) }.code == .unavailable) }
        isBroken.value = false
        // A connection may have to be made anew, at most each 100 ms.
        var reply: RedisReply?
        var attempts = 0
        while reply == nil, attempts < 1_000_000 {
            reply = try? await pool.send(Self.get)
            attempts += 1
        }
        #expect(reply == .bytes(Array("ok".utf8)))
    }

    @Test("that ends the connection gets what may be sent twice once more, and nothing else")
    func repeats() async throws {
        let commands = Mutexed<[String]>([])
        let server = try FakeRedis { connection, command in
            commands.change { $0.append(command[0]) }
            connection.end()
        }
        let pool = try server.pool(hasty(5000))
        defer { pool.close() }
        let error = try await failure { _ = try await pool.send(Self.get) }
        #expect(commands.value == ["GET", "GET"], "\(error)")
        _ = try await failure {
            _ = try await RedisSharedValues(
                pool: pool, keys: RedisKeys(prefix: "oidc:"), maximumByteCount: 1000, now: { Date() }
            ).setFirst([1], for: SharedKey(.state, "x"), until: Date().addingTimeInterval(10))
        }
        #expect(commands.value == ["GET", "GET", "EVALSHA"])
    }

    @Test(
        "is understood where it refuses, and what it repeats of a password is not",
        arguments: [
            ("NOAUTH Authentication required CANARY", SessionStoreError.Code.notWritable),
            ("WRONGPASS invalid CANARY", .notWritable), ("NOPERM CANARY", .notWritable),
            ("READONLY CANARY", .notWritable),
            ("MISCONF CANARY", .notWritable), ("OOM CANARY", .full), ("LOADING CANARY", .unavailable),
            ("BUSY CANARY", .busy), ("MOVED 1 CANARY", .foreign), ("ERR DB index is out of range CANARY", .noPlace),
            ("ERR max number of clients reached CANARY", .unavailable), ("ERR CANARY", .failed), ("", .failed),
            ("CANARYCANARY", .failed),
        ])
    func refusals(_ text: String, _ code: SessionStoreError.Code) async throws {
        let server = try FakeRedis { connection, _ in connection.send("-\(text)\r\n") }
        let pool = try server.pool()
        defer { pool.close() }
        let error = try await failure { _ = try await pool.send(Self.get) }
        #expect(error.code == code)
        #expect(!"\(error)".contains(" CANARY"))
        let login = try FakeRedis(login: { _ in "-\(text)\r\n" }, answering: { _, _ in })
        let other = try login.pool { "redis://user:CANARY@127.0.0.1:\($0)" }
        defer { other.close() }
        let refused = try await failure { _ = try await other.send(Self.get) }
        #expect(!"\(refused)".contains("CANARY@") && !"\(refused)".contains(" CANARY"))
    }

    @Test("that is not there makes calls fail at once, and is no reason for a store not to begin")
    func absent() async throws {
        let port = try freePort()
        let store = try await RedisSessionStore(
            address: RedisAddress("redis://127.0.0.1:\(port)"), keys: testKeys.get())
        for _ in 0..<50 {
            let error = try await failure { _ = try await store.create(session()) }
            #expect(error.code == .unavailable)
        }
        for address in ["redis://name.invalid", "unix:///nowhere/socket"] {
            let lost = try await RedisSessionStore(address: RedisAddress(address), keys: testKeys.get())
            #expect(try await failure { _ = try await lost.create(session()) }.code == .unavailable)
        }
    }

    @Test("that is slow does not make calls pile up without end")
    func waiting() async throws {
        let server = try FakeRedis { _, _ in }
        var configuration = hasty(1000)
        configuration.waitingCommands = 10
        let pool = try server.pool(configuration)
        defer { pool.close() }
        let contexts = await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do throws(SessionStoreError) {
                        _ = try await pool.send(Self.get)
                        return ""
                    } catch {
                        return error.context
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(contexts.filter { $0.contains("over 10 commands wait") }.count >= 30)
    }
}

@Suite(
    "A Redis and its address", .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.reason)))
struct RealServerTests {
    @Test("is used by its socket, with a password, as a user of its own, in a database of its own")
    func addresses() async throws {
        let server = try RedisServer(["--requirepass", "p:/@"])
        let aclUser = try RedisServer(["--user", "app", "on", ">pw", "~*", "+@all"])
        for (server, address) in [
            (server, "redis://:p%3A%2F%40@127.0.0.1:\(server.port)/3"),
            (server, "unix://:p%3A%2F%40@\(server.directory)/socket?db=2"),
            (aclUser, "redis://app:pw@127.0.0.1:\(aclUser.port)"),
        ] {
            let store = try await server.store(address)
            let token = try await store.create(session())
            #expect(try await store.load(token) != nil, "\(address)")
        }
        for address in [
            "redis://:wrong@127.0.0.1:\(server.port)", "redis://127.0.0.1:\(server.port)",
            "redis://app:wrong@127.0.0.1:\(aclUser.port)",
        ] {
            let error = try await failure { _ = try await server.store(address) }
            #expect(error.code == .notWritable)
            #expect(!"\(error)".contains("wrong"))
        }
        #expect(
            try await failure { _ = try await aclUser.store("redis://127.0.0.1:\(aclUser.port)/999") }.code == .noPlace)
    }

    @Test("that is killed and started again amid calls hangs nothing, and has what it wrote down", arguments: 1...3)
    func killed(_ round: Int) async throws {
        let server = try RedisServer(["--appendonly", "yes", "--appendfsync", "always"])
        let store = try await server.store()
        let isOver = Mutexed(false)
        let acknowledgedCount = Mutexed(0)
        let acknowledged = try await withThrowingTaskGroup(of: [SessionToken].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var tokens: [SessionToken] = []
                    while !isOver.value {
                        guard let token = try? await store.create(session()) else { continue }
                        tokens.append(token)
                        acknowledgedCount.change { $0 += 1 }
                    }
                    return tokens
                }
            }
            group.addTask {
                for _ in 0..<2 {
                    let before = acknowledgedCount.value
                    while acknowledgedCount.value == before { await Task.yield() }
                    server.kill()
                    for _ in 0..<20 { _ = try? await store.create(session()) }
                    try server.start()
                }
                isOver.value = true
                return []
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        try #require(acknowledged.count >= 2)
        // Each connection may have to be made anew, at most each 100 ms.
        for token in acknowledged {
            var attempts = 0
            while (try? await store.load(token)) == nil, attempts < 100_000 { attempts += 1 }
            #expect(attempts < 100_000)
        }
    }
}
