import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

/// Two stores on one file stand for two processes: each has its own connection, and its own memory of what it read. Their
/// clock stands still, so that nothing is read again because of its age.
@Suite("What the SQLite store keeps of what it read")
struct RecentReadsTests {
    private let directory: ScratchDirectory
    private let clock = ManualClock()
    private let one: SQLiteSessionStore
    private let two: SQLiteSessionStore

    init() async throws {
        directory = try ScratchDirectory()
        one = try await SQLiteSessionStore(path: directory.file, keys: testKeys.get(), now: clock.now)
        two = try await SQLiteSessionStore(path: directory.file, keys: testKeys.get(), now: clock.now)
    }

    private func session(_ payload: String = "payload", lasting seconds: TimeInterval = 3600) -> Session {
        Session(
            payload: Array(payload.utf8), issuer: "https://issuer.example", subject: "alice",
            providerSessionID: "sid-1", createdAt: clock.now(), expiresAt: clock.now().addingTimeInterval(seconds))
    }

    /// Changes the file as nothing does that keeps to the counters.
    private func changeSecretly(_ statements: String) throws {
        try SQLiteConnection(path: directory.file, busyMilliseconds: 1000).execute(statements)
    }

    /// A session that both have read.
    private func readByBoth() async throws -> SessionToken {
        let token = try await one.create(session())
        for store in [one, two] { #expect(try await store.load(token) != nil) }
        return token
    }

    @Test("serves for five seconds without a look into the file, and no longer")
    func age() async throws {
        let token = try await readByBoth()
        try changeSecretly("DELETE FROM sessions")
        clock.advance(by: 4.999)
        #expect(try await one.load(token) != nil)
        clock.advance(by: 0.001)
        #expect(try await one.load(token) == nil)
    }

    @Test("does not serve when the clock went back")
    func clockBack() async throws {
        let token = try await readByBoth()
        try changeSecretly("DELETE FROM sessions")
        clock.advance(by: -0.001)
        #expect(try await one.load(token) == nil)
    }

    @Test("ends with the session, in every store at once", arguments: [0, 1, 2, 3, 4])
    func ends(_ way: Int) async throws {
        let token = try await readByBoth()
        let handle = try #require(one.handle(of: token))
        let user = SessionOwner.user(issuer: "https://issuer.example", subject: "alice")
        let providerSession = SessionOwner.providerSession(issuer: "https://issuer.example", sessionID: "sid-1")
        switch way {
        case 0: try await one.delete(token)
        case 1: try await one.delete(handle, of: user)
        case 2: try await one.delete(handle, of: providerSession)
        case 3: _ = try await one.deleteAll(of: user)
        default: _ = try await one.deleteAll(of: providerSession)
        }
        #expect(try await two.load(token) == nil)
        #expect(try await one.load(token) == nil)
    }

    @Test("goes on serving when somebody asks for the end of sessions that nobody has")
    func endsOfNobody() async throws {
        let token = try await readByBoth()
        try changeSecretly("DELETE FROM sessions")
        for session in ["sid-1", "nobody's"] {
            let owner = SessionOwner.providerSession(issuer: "https://issuer.example", sessionID: session)
            #expect(try await one.deleteAll(of: owner) == 0)
        }
        #expect(try await two.load(token) != nil)
    }

    @Test("is the new content in every store at once")
    func replaced() async throws {
        let token = try await readByBoth()
        for number in 1...3 {
            _ = try await one.replace(token, with: session("\(number)"))
            for store in [two, one] { #expect(try await store.load(token)?.payload == Array("\(number)".utf8)) }
        }
    }

    @Test("ends in another process's store at once")
    func process() async throws {
        let token = try await readByBoth()
        await #expect(processExitsWith: .success) { [path = directory.file as String, text = token.string as String] in
            let store = try await SQLiteSessionStore(path: path, keys: testKeys.get(), now: ManualClock().now)
            let token = try #require(SessionToken(text))
            try #require(try await store.load(token) != nil)
            try await store.delete(token)
        }
        #expect(try await one.load(token) == nil)
        #expect(try await two.load(token) == nil)
    }

    @Test("is of the file, by whatever name it was opened")
    func symbolicLink() async throws {
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.file)
        let third = try await SQLiteSessionStore(path: link, keys: testKeys.get(), now: clock.now)
        let token = try await readByBoth()
        #expect(try await third.load(token) != nil)
        try await one.delete(token)
        #expect(try await third.load(token) == nil)
    }

    @Test("a session that it kept ends at its end")
    func end() async throws {
        let token = try await one.create(session(lasting: 3))
        #expect(try await one.load(token) != nil)
        clock.advance(by: 2.999)
        #expect(try await one.load(token) != nil)
        clock.advance(by: 0.001)
        #expect(try await one.load(token) == nil)
    }

    @Test("a use that has to be noted is noted in the file")
    func use() async throws {
        let store = try await SQLiteSessionStore(
            path: directory.file, keys: testKeys.get(), lifetime: SessionLifetime(idle: 10), now: clock.now)
        let token = try await store.create(session())
        #expect(try await store.load(token) != nil)
        clock.advance(by: 1)
        #expect(try await store.load(token)?.lastUsedAt == clock.now())
        #expect(try await two.load(token)?.lastUsedAt == clock.now())
    }

    @Test("does not outlive a secret that was taken out")
    func secrets() async throws {
        let keys = try SecretKeys([String(repeating: "k", count: 32)])
        let store = try await SQLiteSessionStore(path: directory.file, keys: keys, now: clock.now)
        let token = try await store.create(session())
        #expect(try await store.load(token) != nil)
        try keys.replace(with: [String(repeating: "n", count: 32)])
        #expect(try await store.load(token) == nil)
    }

    @Test("is gone when the store is closed")
    func closed() async throws {
        let token = try await readByBoth()
        let key = SharedKey(.state, "s")
        _ = try await one.shared.values(for: [key])
        await one.close()
        await #expect(throws: SessionStoreError.self) { try await one.load(token) }
        await #expect(throws: SessionStoreError.self) { try await one.shared.values(for: [key]) }
    }

    @Test("a shared value is seen by every store at once, and so is its end")
    func sharedValues() async throws {
        let (key, other) = (SharedKey(.state, "s"), SharedKey(.state, "t"))
        let end = clock.now().addingTimeInterval(3)
        func expect(_ value: [UInt8]?) async throws {
            for store in [one, two] { #expect(try await store.shared.values(for: [key, other]) == [value, nil]) }
        }
        try await expect(nil)
        #expect(try await one.shared.setFirst([1], for: key, until: end))
        try await expect([1])
        try await one.shared.set([2], for: key, until: end)
        try await expect([2])
        try changeSecretly("DELETE FROM shared_values")
        try await expect([2])
        try await one.shared.set([2], for: key, until: end)
        try await one.shared.remove([2], for: key)
        try await expect(nil)
        try await one.shared.set([3], for: key, until: end)
        try await expect([3])
        clock.advance(by: 3)
        try await expect(nil)
    }

    @Test("is nothing where its counters can have no file, or where another's is", arguments: [true, false])
    func noCounters(_ isDirectory: Bool) async throws {
        let directory = try ScratchDirectory()
        let place = directory.file + "-changes"
        if isDirectory {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        } else {
            try Data("a letter".utf8).write(to: URL(filePath: place))
        }
        let store = try await SQLiteSessionStore(path: directory.file, keys: testKeys.get(), now: clock.now)
        let token = try await store.create(session())
        #expect(try await store.load(token) != nil)
        try SQLiteConnection(path: directory.file, busyMilliseconds: 1000).execute("DELETE FROM sessions")
        #expect(try await store.load(token) == nil)
        if !isDirectory { #expect(try Data(contentsOf: URL(filePath: place)) == Data("a letter".utf8)) }
    }

    @Test("is bounded, and the oldest goes first")
    func bounded() throws {
        let reads = RecentReads<Int>(ChangeCounters(path: directory.path + "/counters"))
        let half = RecentReads<Int>.halfCount
        let keys = (0..<3 * half).map { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let now = clock.now()
        for (number, key) in keys.enumerated() { reads.keep(number, for: key, reads.mark(for: key), at: now) }
        let kept = keys.filter { reads.value(for: $0, at: now) != nil }
        #expect(kept == Array(keys.suffix(2 * half)))
    }

    @Test("is not what was read before a change that was noted after it")
    func overtaken() throws {
        let counters = try #require(ChangeCounters(path: directory.path + "/counters"))
        let reads = RecentReads<Int>(counters)
        let (key, now) = ([UInt8](0..<32), clock.now())
        let mark = reads.mark(for: key)
        counters.count(.key(key))
        reads.keep(1, for: key, mark, at: now)
        #expect(reads.value(for: key, at: now) == nil)
    }
}
