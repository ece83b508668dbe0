import Foundation
import RawSockets
import Sessions
import TestSupport
import Testing

@testable import RedisSessions

let testKeys = Result { try SecretKeys([String(repeating: "k", count: 32)]) }

func session(
    _ payload: String = "payload", of subject: String = "alice", in providerSession: String? = "sid-1",
    at now: Date = Date(), lasting seconds: TimeInterval = 3600
) -> Session {
    Session(
        payload: Array(payload.utf8), issuer: "https://issuer.example", subject: subject,
        providerSessionID: providerSession, createdAt: now, expiresAt: now.addingTimeInterval(seconds))
}

let alice = SessionOwner.user(issuer: "https://issuer.example", subject: "alice")

/// A configuration with short times.
func hasty(_ milliseconds: Int = 300) -> RedisSessionStore.Configuration {
    var configuration = RedisSessionStore.Configuration()
    configuration.connectTimeout = .milliseconds(milliseconds)
    configuration.replyTimeout = .milliseconds(milliseconds)
    return configuration
}

extension RedisServer {
    func store(
        _ address: String? = nil, now: @escaping @Sendable () -> Date = { Date() },
        configuration: RedisSessionStore.Configuration = .init()
    ) async throws -> RedisSessionStore {
        try await RedisSessionStore(
            address: RedisAddress(address ?? self.address), keys: testKeys.get(), now: now,
            configuration: configuration)
    }

    /// The keys that there are.
    func keys() async throws -> [[UInt8]] { try await answers("KEYS", "*").list?.compactMap(\.bytes) ?? [] }

    /// The key of a session.
    func key(_ token: SessionToken) throws -> [UInt8] {
        RedisKeys(prefix: "oidc:").session(try #require(token.id).digest)
    }

    /// How often commands have been carried out since the last `CONFIG RESETSTAT`, by their names.
    func counts() async throws -> [String: Int] {
        let text = String(decoding: try await answers("INFO", "commandstats").bytes ?? [], as: UTF8.self)
        let pairs = text.matches(of: /cmdstat_([a-z|]+):calls=([0-9]+)/).map { (String($0.1), Int($0.2) ?? 0) }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

/// The error that something ends with.
func failure(of body: () async throws -> Void) async throws -> SessionStoreError {
    try #require(await #expect(throws: SessionStoreError.self) { try await body() })
}

/// A server that takes what a connection begins with, and plays a script at each command after that.
typealias FakeRedis = LoopbackListener

extension LoopbackListener {
    convenience init(
        login: @escaping @Sendable ([String]) -> String = { _ in "+OK\r\n" },
        answering script: @escaping @Sendable (Connection, [String]) -> Void
    ) throws {
        try self.init { connection in
            var received: [UInt8] = []
            while let bytes = connection.receive() {
                received += bytes
                while let command = nextCommand(&received) {
                    if ["AUTH", "SELECT", "CLIENT"].contains(command.first) {
                        connection.send(login(command))
                    } else {
                        script(connection, command)
                    }
                }
            }
        }
    }

    func pool(
        _ configuration: RedisSessionStore.Configuration = hasty(),
        _ address: (UInt16) -> String = { "redis://127.0.0.1:\($0)" }
    ) throws -> RedisPool {
        try RedisPool(RedisAddress(address(port)), configuration)
    }
}

/// Takes a complete command away from what was received.
private func nextCommand(_ received: inout [UInt8]) -> [String]? {
    var rest = received[...]
    func line() -> String? {
        guard let end = rest.firstRange(of: Array("\r\n".utf8)) else { return nil }
        defer { rest = rest[end.upperBound...] }
        return String(decoding: rest[..<end.lowerBound], as: UTF8.self)
    }
    guard let count = line().flatMap({ Int($0.dropFirst()) }) else { return nil }
    var arguments: [String] = []
    for _ in 0..<count {
        guard let length = line().flatMap({ Int($0.dropFirst()) }), rest.count >= length + 2 else { return nil }
        arguments.append(String(decoding: rest.prefix(length), as: UTF8.self))
        rest = rest.dropFirst(length + 2)
    }
    received = Array(rest)
    return arguments
}
