import Foundation
import SQLiteSessions
import Sessions

/// A store that is measured, and where it is.
struct StorePlace: Sendable {
    let store: any SessionStore
    let byteCount: @Sendable () async throws -> Int
    /// Closes the store, and removes what is left of it.
    let remove: @Sendable () async throws -> Void

    typealias Make = @Sendable (SecretKeys, _ now: @escaping @Sendable () -> Date) async throws -> StorePlace

    /// A line for each store.
    static let all: [String: Make] = [
        "sqlite": { try await sqlite($0, $1) }
    ]

    private static func sqlite(_ keys: SecretKeys, _ now: @escaping @Sendable () -> Date) async throws -> StorePlace {
        let directory = FileManager.default.temporaryDirectory.appending(path: "session-growth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let path = directory.appending(path: "sessions.sqlite").path
        let store = try await SQLiteSessionStore(path: path, keys: keys, now: now)
        return StorePlace(
            store: store,
            byteCount: {
                try FileManager.default.contentsOfDirectory(atPath: directory.path).reduce(0) { sum, name in
                    let path = directory.appending(path: name).path
                    return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
                }
            },
            remove: {
                await store.close()
                try FileManager.default.removeItem(at: directory)
            })
    }
}
