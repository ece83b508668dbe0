import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("The SQLite store")
struct StoreTests {
    @Test("it does what every store does", arguments: SessionStoreCheck.all(for: [.server, .sealing, .sweeping]))
    func conforms(_ check: SessionStoreCheck) async throws {
        let directory = try ScratchDirectory()
        try await check.run {
            try await SQLiteSessionStore(path: directory.file, keys: $0.keys, lifetime: $0.lifetime, now: $0.now)
        }
    }

    @Test("sessions survive a restart")
    func restart() async throws {
        let directory = try ScratchDirectory()
        let kept = session()
        let first = try await directory.store()
        let token = try await first.create(kept)
        await first.close()
        #expect(try await directory.store().load(token) == kept)
    }

    @Test("two stores on one file see each other's sessions")
    func twoStores() async throws {
        let directory = try ScratchDirectory()
        let one = try await directory.store()
        let two = try await directory.store()
        let token = try await one.create(session())
        #expect(try await two.load(token) != nil)
        try await two.delete(token)
        #expect(try await one.load(token) == nil)
    }

    @Test("many stores that make the file at once make one")
    func makingAtOnce() async throws {
        let directory = try ScratchDirectory()
        let tokens = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try await directory.store().create(session()) } }
            return try await group.reduce(into: [SessionToken]()) { $0.append($1) }
        }
        let store = try await directory.store()
        for token in tokens { #expect(try await store.load(token) != nil) }
    }

    @Test("the file and what is beside it are for its user only")
    func mode() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        _ = try await store.create(session())
        for name in ["sessions.sqlite", "sessions.sqlite-wal", "sessions.sqlite-shm", "sessions.sqlite-changes"] {
            #expect(try directory.mode(of: name) == 0o600)
        }
    }

    @Test("nothing of a session and no identifier can be read in the file")
    func sealed() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session("a secret payload"))
        _ = try await store.replace(token, with: session("another secret payload"))
        let file = try directory.everything()
        for text in ["secret", "alice", "issuer.example", "sid-1", token.string, String(token.string.prefix(20))] {
            #expect(file.range(of: Data(text.utf8)) == nil, "\(text)")
        }
        let id = try #require(Data(base64Encoded: plainBase64(token.string)))
        #expect(file.range(of: id) == nil)
    }

    private func plainBase64(_ text: String) -> String {
        text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/") + "="
    }

    @Test("a former secret opens, a foreign one gives nothing")
    func rotation() async throws {
        let directory = try ScratchDirectory()
        let token = try await directory.store().create(session())
        let (former, other) = (String(repeating: "k", count: 32), String(repeating: "n", count: 32))
        let rotated = try await SQLiteSessionStore(path: directory.file, keys: SecretKeys([other, former]))
        #expect(try await rotated.load(token) != nil)
        let foreign = try await SQLiteSessionStore(path: directory.file, keys: SecretKeys([other]))
        #expect(try await foreign.load(token) == nil)
        _ = try await rotated.replace(token, with: session("new"))
        #expect(try await foreign.load(token)?.payload == Array("new".utf8))
    }

    @Test("a row whose seal was changed, emptied or taken from another row gives nothing")
    func malformedRows() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let victim = try await store.create(session("victim"))
        let attacker = try await store.create(session("attacker"))
        try await store.execute("UPDATE sessions SET sealed = (SELECT sealed FROM sessions WHERE id = 1) WHERE id = 2")
        #expect(try await store.load(attacker) == nil)
        #expect(try await store.load(victim)?.payload == Array("victim".utf8))
        for sealed in ["zeroblob(0)", "zeroblob(100)", "substr(sealed, 1, 20)", "sealed || x'00'", "x'01'"] {
            let token = try await store.create(session())
            try await store.execute(
                "UPDATE sessions SET sealed = CAST(\(sealed) AS BLOB) WHERE id = (SELECT max(id) FROM sessions)")
            #expect(try await store.load(token) == nil, "\(sealed)")
        }
    }

    @Test("a row whose end was put off ends at the end that was sealed")
    func prolongedRow() async throws {
        let directory = try ScratchDirectory()
        let clock = ManualClock()
        let store = try await SQLiteSessionStore(path: directory.file, keys: testKeys.get(), now: clock.now)
        let now = clock.now()
        let token = try await store.create(
            Session(payload: [], createdAt: now, expiresAt: now.addingTimeInterval(60)))
        try await store.execute("UPDATE sessions SET ends = ends + 1000000")
        clock.advance(by: 59)
        #expect(try await store.load(token) != nil)
        clock.advance(by: 1)
        #expect(try await store.load(token) == nil)
    }

    @Test("a lock of another process holds up none of Swift's own threads")
    func blocking() async throws {
        let directory = try ScratchDirectory()
        // More stores that wait for the lock than Swift has threads.
        var stores: [SQLiteSessionStore] = []
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount * 2 { stores.append(try await directory.store()) }
        let lock = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
        try lock.execute("BEGIN IMMEDIATE")
        let waiting = stores.map { store in Task { try await store.create(session()) } }
        // Tasks that are started later come later to threads that are free, and not at all to threads that are not.
        for _ in 0..<1000 { await Task { await Task.yield() }.value }
        try lock.execute("COMMIT")
        for task in waiting { _ = try await task.value }
    }

    @Test("a closed store says so")
    func closed() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session())
        await store.close()
        let error = await #expect(throws: SessionStoreError.self) { try await store.load(token) }
        #expect(error?.code == .unavailable)
    }

    @Test("a list is made of summaries: the sealed session is not opened for it, and a session ends without that")
    func listsWithoutPayload() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        var kept = session("payload")
        kept.summary = Array("summary".utf8)
        let token = try await store.create(kept)
        try await store.execute("UPDATE sessions SET sealed = x'00'")
        #expect(try await store.load(token) == nil)
        let alice = try #require(kept.user)
        #expect(try await store.sessions(of: alice)?.sessions.map(\.summary) == [kept.summary])
        try await store.execute("UPDATE sessions SET summary = x'00'")
        #expect(try await store.sessions(of: alice) == SessionList([], count: 1))
        #expect(try await store.deleteAll(of: alice) == 1)
    }
}
