import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("A process that is killed")
struct KillTests {
    @Test("loses no session that it acknowledged", arguments: 1...5)
    func acknowledged(_ round: Int) async throws {
        let result = try #require(
            await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
                // The parent removes it.
                let path = FileManager.default.temporaryDirectory.appending(path: "kill-\(UUID().uuidString)").path
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                say("DIRECTORY \(path)")
                let store = try await SQLiteSessionStore(path: path + "/sessions.sqlite", keys: testKeys.get())
                Thread.detachNewThread {
                    usleep(.random(in: 20_000...200_000))
                    kill(getpid(), SIGKILL)
                }
                await withTaskGroup { group in
                    for _ in 0..<8 {
                        group.addTask {
                            while let token = try? await store.create(session()) { say("KEPT \(token.string)") }
                        }
                    }
                }
            })
        let lines = String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "\n")
        let directory = try #require(lines.first { $0.hasPrefix("DIRECTORY ") }).dropFirst(10)
        defer { try? FileManager.default.removeItem(atPath: String(directory)) }
        let store = try await SQLiteSessionStore(path: directory + "/sessions.sqlite", keys: testKeys.get())
        // The last line may have been cut off.
        let tokens = lines.filter { $0.hasPrefix("KEPT ") && $0.utf8.count == 48 }
            .compactMap { SessionToken(String($0.dropFirst(5))) }
        #expect(!tokens.isEmpty)
        for token in tokens { #expect(try await store.load(token) != nil) }
    }
}
