import Foundation
import Glibc
import SQLiteSessions
import Sessions
import Synchronization
import TestSupport
import Testing

/// A directory that goes with it.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sessions-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// The directory that a process left which was killed.
    init(existing path: String) { self.path = path }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/sessions.sqlite" }

    func bytes() throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: file))) }

    func write(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(filePath: file)) }

    /// Everything in the directory, the write-ahead log too.
    func everything() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: path).reduce(into: Data()) { all, name in
            all += try Data(contentsOf: URL(filePath: path + "/" + name))
        }
    }

    func mode(of name: String = "sessions.sqlite") throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}

let testKeys = Result { try SecretKeys([String(repeating: "k", count: 32)]) }

func session(_ payload: String = "payload", of subject: String = "alice") -> Session {
    let now = Date()
    return Session(
        payload: Array(payload.utf8), issuer: "https://issuer.example", subject: subject, providerSessionID: "sid-1",
        createdAt: now, expiresAt: now.addingTimeInterval(3600))
}

/// The error that opening the file ends with.
func failure(opening path: String) async throws -> SessionStoreError {
    let keys = try testKeys.get()
    return try #require(
        await #expect(throws: SessionStoreError.self) {
            try await SQLiteSessionStore(path: path, keys: keys)
        })
}

extension ScratchDirectory {
    func store() async throws -> SQLiteSessionStore {
        try await SQLiteSessionStore(path: file, keys: testKeys.get())
    }

    /// A file with some sessions, closed.
    func fill(_ count: Int = 100) async throws {
        let store = try await store()
        for number in 0..<count { _ = try await store.create(session("\(number)")) }
        await store.close()
    }
}

/// Writes a line in one go, past any buffer.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

/// What the lines say that a process wrote, where they begin so.
func lines(of result: ExitTest.Result, after beginning: String) -> [String] {
    String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix(beginning) }.map { String($0.dropFirst(beginning.utf8.count)) }
}
