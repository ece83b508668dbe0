import Foundation
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("What happens to the file while the store is open")
struct RunningFileTests {
    /// The error of each call, where it threw one.
    private func errors(of store: SQLiteSessionStore, _ token: SessionToken) async throws -> [SessionStoreError?] {
        let owner = SessionOwner.user(issuer: "https://issuer.example", subject: "alice")
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await store.create(session()) },
            { _ = try await store.load(token) },
            { _ = try await store.replace(token, with: session()) },
            { _ = try await store.sessions(of: owner) },
            { try await store.delete(token) },
            { _ = try await store.deleteAll(of: owner) },
            { try await store.removeExpired() },
            { try await store.shared.set([1], for: SharedKey(.state, "s"), until: .distantFuture) },
        ]
        var errors: [SessionStoreError?] = []
        for call in calls {
            do {
                try await call()
                errors.append(nil)
            } catch let error as SessionStoreError {
                errors.append(error)
            }
        }
        return errors
    }

    @Test("moved away, it is missed by every call, and works on when it is back")
    func moved() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session())
        try FileManager.default.moveItem(atPath: directory.file, toPath: directory.path + "/elsewhere")
        for error in try await errors(of: store, token) {
            #expect(error?.code == .unavailable)
            #expect(error?.context.contains(directory.file) == true)
        }
        try FileManager.default.moveItem(atPath: directory.path + "/elsewhere", toPath: directory.file)
        #expect(try await store.load(token) != nil)
        _ = try await store.create(session())
    }

    @Test("deleted, or with another in its place, it is missed, and nothing is written into the other")
    func replaced() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session())
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            try FileManager.default.removeItem(atPath: directory.path + "/" + name)
        }
        for error in try await errors(of: store, token) { #expect(error?.code == .unavailable) }
        let other = try await directory.store()
        let others = try await other.create(session("other"))
        for error in try await errors(of: store, others) { #expect(error?.code == .unavailable) }
        #expect(try await other.load(others) != nil)
        #expect(try await other.sessions(of: .user(issuer: "https://issuer.example", subject: "alice"))?.count == 1)
    }

    @Test("damaged in the middle, it gives what is whole, says what is not, and makes nothing up")
    func damaged() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        var tokens: [SessionToken: [UInt8]] = [:]
        for number in 0..<300 {
            let kept = session("\(number) " + String(repeating: "x", count: 3000))
            tokens[try await store.create(kept)] = kept.payload
        }
        // All is in the file, and SQLite has nothing of it in its memory.
        try await store.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = 1; PRAGMA shrink_memory")
        let file = try FileHandle(forUpdating: URL(filePath: directory.file))
        let pages = try file.seekToEnd() / 4096
        for page in stride(from: 20, to: pages, by: 3) {
            try file.seek(toOffset: page * 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        }
        var (whole, damaged, missing) = (0, 0, 0)
        for (token, payload) in tokens {
            do {
                guard let session = try await store.load(token) else {
                    missing += 1
                    continue
                }
                #expect(session.payload == payload)
                whole += 1
            } catch let error as SessionStoreError {
                #expect(error.code == .damaged)
                damaged += 1
            }
        }
        #expect(whole > 0 && damaged > 0, "\(whole) whole, \(damaged) damaged, \(missing) missing")
        await store.close()
        #expect(try await failure(opening: directory.file).code == .damaged)
    }

    @Test("locked by another process, it is busy for who writes, and can be read")
    func locked() async throws {
        let directory = try ScratchDirectory()
        let token = try await directory.store().create(session())
        let lock = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
        try lock.execute("BEGIN IMMEDIATE")
        await #expect(processExitsWith: .success) {
            [path = directory.file as String, text = token.string as String] in
            let store = try await SQLiteSessionStore(
                path: path, keys: testKeys.get(), lifetime: SessionLifetime(), busyMilliseconds: 10, now: { Date() })
            try #require(try await store.load(#require(SessionToken(text))) != nil)
            let error = await #expect(throws: SessionStoreError.self) { try await store.create(session()) }
            try #require(error?.code == .busy)
        }
        try lock.execute("COMMIT")
    }

    @Test("locked as a whole, it is busy when it is opened")
    func lockedWhole() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        let lock = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
        try lock.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE sessions SET ends = ends; COMMIT")
        let error = await #expect(throws: SessionStoreError.self) {
            try await SQLiteSessionStore(
                path: directory.file, keys: testKeys.get(), lifetime: SessionLifetime(), busyMilliseconds: 10,
                now: { Date() })
        }
        #expect(error?.code == .busy)
    }

    @Test("locked for long, it keeps nobody waiting for those before in the queue")
    func lockedLong() async throws {
        let directory = try ScratchDirectory()
        let store = try await SQLiteSessionStore(
            path: directory.file, keys: testKeys.get(), lifetime: SessionLifetime(), busyMilliseconds: 500,
            now: { Date() })
        let lock = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
        try lock.execute("BEGIN IMMEDIATE")
        let began = ContinuousClock.now
        await withTaskGroup { group in
            for _ in 0..<40 {
                group.addTask {
                    await #expect(throws: SessionStoreError.self) { try await store.create(session()) }
                }
            }
        }
        // One after the other it would be 20 seconds.
        #expect(ContinuousClock.now - began < .seconds(10))
        try lock.execute("COMMIT")
    }

    @Test("full, it still forgets sessions")
    func full() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session())
        try await store.execute("PRAGMA max_page_count = 1")
        let errors = try await errors(of: store, token)
        #expect(errors.prefix(8).allSatisfy { $0 == nil || $0?.code == .full })
        #expect(try await store.load(token) == nil)
    }
}
