import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Sessions

@Suite("Sealed sessions that were opened lately")
struct RecentlyOpenedTests {
    private let recent = RecentlyOpened()
    private let count = Counter()

    /// Counts how often something is opened.
    private final class Counter: Sendable {
        private let value = Mutex(0)
        var number: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    private func open(_ text: String, under generation: Int = 0) throws -> String? {
        let token = try #require(SessionToken(text))
        let now = Date(timeIntervalSince1970: 0)
        let opened = recent.opened(token, under: generation) {
            count.add()
            return RecentlyOpened.Opened(
                identifier: [], session: Session(payload: Array(text.utf8), createdAt: now, expiresAt: now))
        }
        return opened.map { String(decoding: $0.session.payload, as: UTF8.self) }
    }

    @Test("are opened once, and each token gives its own")
    func once() throws {
        for _ in 0..<3 {
            #expect(try open("one") == "one")
            #expect(try open("two") == "two")
        }
        #expect(count.number == 2)
    }

    @Test("are forgotten when the store is swept, so that none lies in memory for ever")
    func swept() async throws {
        let keys = try SecretKeys([String(repeating: "s", count: 32)])
        let store = CookieSessionStore(keys: keys, shared: MemorySharedValues())
        let now = Date()
        let token = try await store.create(
            Session(payload: [], createdAt: now, expiresAt: now.addingTimeInterval(60)))
        func isKept() -> Bool {
            store.recent.opened(token, under: keys.generation) { nil as RecentlyOpened.Opened? } != nil
        }
        _ = try await store.load(token)
        #expect(isKept())
        try await store.removeExpired()
        #expect(!isKept())
    }

    @Test("are opened anew under other secrets")
    func generations() throws {
        _ = try open("one")
        _ = try open("one", under: 1)
        #expect(count.number == 2)
        _ = try open("one", under: 1)
        #expect(count.number == 2)
    }

    @Test("are forgotten when there are many, the latest last")
    func bound() throws {
        for number in 0...2 * RecentlyOpened.halfCount { _ = try open("number-\(number)") }
        let before = count.number
        _ = try open("number-\(2 * RecentlyOpened.halfCount)")
        #expect(count.number == before)
        _ = try open("number-0")
        #expect(count.number == before + 1)
    }

    @Test("are not kept where their token is long")
    func long() throws {
        let token = String(repeating: "a", count: RecentlyOpened.maximumLength + 1)
        _ = try open(token)
        _ = try open(token)
        #expect(count.number == 2)
    }

    @Test("what does not open is tried each time")
    func refused() throws {
        let token = try #require(SessionToken("broken"))
        for _ in 0..<2 {
            let opened = recent.opened(token, under: 0) {
                count.add()
                return nil
            }
            #expect(opened == nil)
        }
        #expect(count.number == 2)
    }

    @Test("a cookie that was opened opens no more when the secret that sealed it is taken away")
    func replacedSecrets() async throws {
        let (old, new) = (String(repeating: "o", count: 32), String(repeating: "n", count: 32))
        let keys = try SecretKeys([old])
        let store = CookieSessionStore(keys: keys, shared: MemorySharedValues())
        let now = Date()
        let token = try await store.create(
            Session(payload: [1], createdAt: now, expiresAt: now.addingTimeInterval(60)))
        #expect(try await store.load(token) != nil)
        try keys.replace(with: [new, old])
        #expect(try await store.load(token) != nil)
        try keys.replace(with: [new])
        #expect(try await store.load(token) == nil)
    }
}
