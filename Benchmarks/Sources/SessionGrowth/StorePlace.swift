import Foundation
import RedisSessions
import SQLiteSessions
import Sessions

/// A store that is measured, and where it is.
struct StorePlace: Sendable {
    let store: any SessionStore
    /// What it takes, on the disk and for a server in its memory.
    let byteCounts: @Sendable () async throws -> [(what: String, count: Int)]
    /// Whether what is over goes by `removeExpired`, not by the store's own clock.
    let isSwept: Bool
    /// Closes the store, and removes what is left of it.
    let remove: @Sendable () async throws -> Void

    typealias Make = @Sendable (SecretKeys, _ now: @escaping @Sendable () -> Date) async throws -> StorePlace

    /// A line for each store.
    static let all: [String: Make] = [
        "sqlite": { try await sqlite($0, $1) },
        "redis": { try await redis($0, $1) },
    ]

    /// A redis-server of its own, which writes each change to its file.
    private static func redis(_ keys: SecretKeys, _ now: @escaping @Sendable () -> Date) async throws -> StorePlace {
        let directory = try scratch()
        let socket = directory.appending(path: "socket").path
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        server.arguments = [
            "--port", "0", "--unixsocket", socket, "--dir", directory.path, "--save", "", "--appendonly", "yes",
            "--auto-aof-rewrite-percentage", "0", "--logfile", "log",
        ]
        try server.run()
        while !FileManager.default.fileExists(atPath: socket), server.isRunning {
            try await Task.sleep(for: .milliseconds(20))
        }
        let store = try await RedisSessionStore(address: RedisAddress("unix://" + socket), keys: keys, now: now)
        let pid = server.processIdentifier
        return StorePlace(
            store: store,
            byteCounts: {
                let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
                let resident = status.firstMatch(of: /VmRSS:\s*([0-9]+) kB/).flatMap { Int($0.1) } ?? 0
                return [
                    ("disk", try size(of: directory.appending(path: "appendonlydir"))), ("memory", resident * 1024),
                ]
            },
            isSwept: false,
            remove: {
                store.close()
                // It inherits that the thread which started it takes no signals: this one cannot be blocked.
                kill(pid, SIGKILL)
                server.waitUntilExit()
                try FileManager.default.removeItem(at: directory)
            })
    }

    private static func scratch() throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: "session-growth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }

    private static func size(of directory: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).reduce(0) { sum, name in
            let path = directory.appending(path: name).path
            return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
    }

    private static func sqlite(_ keys: SecretKeys, _ now: @escaping @Sendable () -> Date) async throws -> StorePlace {
        let directory = try scratch()
        let path = directory.appending(path: "sessions.sqlite").path
        let store = try await SQLiteSessionStore(path: path, keys: keys, now: now)
        return StorePlace(
            store: store,
            byteCounts: { [("disk", try size(of: directory))] },
            isSwept: true,
            remove: {
                await store.close()
                try FileManager.default.removeItem(at: directory)
            })
    }
}
