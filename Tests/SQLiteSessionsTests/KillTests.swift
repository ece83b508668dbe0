import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

/// `KILL_ROUNDS` in the environment is how many processes are killed; each round then tells its figures.
@Suite("A process that is killed", .serialized)
struct KillTests {
    private static let rounds = ProcessInfo.processInfo.environment["KILL_ROUNDS"].flatMap { Int($0) }

    /// What the process says of a session: what it is about to do, and what the store has acknowledged.
    private enum Step: String, CaseIterable {
        case kept, replacing, replaced, ending, ended

        func say(_ token: SessionToken) { SQLiteSessionsTests.say("\(rawValue) \(token.string)") }
    }

    @Test("loses no session, no new content and no end that it acknowledged", arguments: 1...max(rounds ?? 5, 1))
    func acknowledged(_ round: Int) async throws {
        let result = try #require(
            await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
                let directory = try ScratchDirectory()
                say("DIRECTORY \(directory.path)")
                let store = try await directory.store()
                let hasBegun = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    // Not before there is something of each kind to be lost, however busy the machine is.
                    hasBegun.wait()
                    usleep(.random(in: 20_000...200_000))
                    kill(getpid(), SIGKILL)
                }
                await withTaskGroup { group in
                    for number in 0..<8 {
                        group.addTask { try? await Self.work(number, with: store) { hasBegun.signal() } }
                    }
                }
            })
        let directory = ScratchDirectory(existing: try #require(lines(of: result, after: "DIRECTORY ").first))
        var tokens: [Step: Set<SessionToken>] = [:]
        for step in Step.allCases {
            // The last line may have been cut off.
            let texts = lines(of: result, after: step.rawValue + " ").filter { $0.utf8.count == 43 }
            tokens[step] = Set(texts.compactMap { SessionToken($0) })
        }
        let store = try await directory.store()
        var lost = 0
        for token in tokens[.kept] ?? [] {
            let payload = try await store.load(token)?.payload
            let (old, new): ([UInt8]?, [UInt8]?) = (Array("old".utf8), Array("new".utf8))
            let expected: [[UInt8]?] =
                if tokens[.ended]?.contains(token) ?? false {
                    [nil]
                } else if tokens[.ending]?.contains(token) ?? false {
                    [old, new, nil]
                } else if tokens[.replaced]?.contains(token) ?? false {
                    [new]
                } else if tokens[.replacing]?.contains(token) ?? false {
                    [old, new]
                } else {
                    [old]
                }
            if !expected.contains(payload) { lost += 1 }
        }
        #expect(lost == 0)
        let counts = [Step.kept, .replaced, .ended].map { tokens[$0]?.count ?? 0 }
        #expect(counts.allSatisfy { $0 > 0 })
        if Self.rounds != nil { print("round \(round): kept, replaced, ended: \(counts); lost: \(lost)") }
    }

    /// Keeps sessions until the process ends; some get new content, some end, alone or as all of their user.
    private static func work(
        _ number: Int, with store: SQLiteSessionStore, afterAnEnd: () -> Void
    ) async throws {
        var count = 0
        while true {
            count += 1
            let user = SessionOwner.user(issuer: "https://issuer.example", subject: "\(number) \(count)")
            let token = try await store.create(session("old", of: "\(number) \(count)"))
            Step.kept.say(token)
            if count % 2 == 0 {
                Step.replacing.say(token)
                _ = try await store.replace(token, with: session("new", of: "\(number) \(count)"))
                Step.replaced.say(token)
            }
            guard count % 3 == 0 else { continue }
            Step.ending.say(token)
            if count % 4 == 0 { try await store.delete(token) } else { _ = try await store.deleteAll(of: user) }
            Step.ended.say(token)
            afterAnEnd()
        }
    }
}
