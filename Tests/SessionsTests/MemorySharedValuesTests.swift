import FoundationEssentials
import Sessions
import TestSupport
import Testing

@Suite("Shared values in memory")
struct MemorySharedValuesTests {
    private let clock = ManualClock()

    private func end(after seconds: TimeInterval) -> Date { clock.now().addingTimeInterval(seconds) }

    private func states(_ range: Range<Int>) -> [SharedKey] { range.map { SharedKey(.state, "\($0)") } }

    @Test("a logout is not pushed out of the list by later logins, which are refused when it is full")
    func pushedOut() async throws {
        let shared = MemorySharedValues(maximumCount: 500, now: clock.now)
        let keys = try SecretKeys([String(repeating: "k", count: 32)])
        let store = CookieSessionStore(keys: keys, shared: shared, now: clock.now)
        func session(_ sid: String) -> Session {
            Session(
                payload: [1], issuer: "https://op.example", subject: "u", providerSessionID: sid,
                createdAt: clock.now(), expiresAt: end(after: 86_400))
        }
        let ended = try await store.create(session("ended"))
        try await store.delete(ended)
        #expect(try await store.load(ended) == nil)
        var tokens: [SessionToken] = []
        let error = await #expect(throws: SessionStoreError.self) {
            for number in 0..<1200 {
                clock.advance(by: 0.001)
                tokens.append(try await store.create(session("\(number)")))
            }
        }
        #expect(error?.code == .full)
        // The first one's begin is another.
        #expect(tokens.count == 499)
        #expect(try await store.load(ended) == nil)
        // Whoever was let in can log out.
        for token in tokens {
            try await store.delete(token)
            #expect(try await store.load(token) == nil)
        }
        #expect(try await store.load(ended) == nil)
    }

    @Test("sessions can be begun, refreshed and ended however many responses strangers have sent")
    func roomOfEach() async throws {
        let values = MemorySharedValues(maximumCount: 10, now: clock.now)
        let end = end(after: 60)
        for key in states(0..<10) { #expect(try await values.setFirst([], for: key, until: end)) }
        await #expect(throws: SessionStoreError.self) {
            _ = try await values.setFirst([], for: SharedKey(.state, "more"), until: end)
        }
        for number in 0..<10 { try await values.set([], for: SharedKey(.trace, "\(number)"), until: end) }
        for kind in [SharedKey.Kind.begun, .refreshing, .refreshed, .session, .user, .endedByProvider] {
            try await values.set([], for: SharedKey(kind, "a"), until: end)
        }
    }

    @Test("never pile up: beyond the limit a value is refused, and those that are there stay")
    func bounded() async throws {
        let values = MemorySharedValues(maximumCount: 10, now: clock.now)
        let end = end(after: 60)
        for key in states(0..<10) { try await values.set([1], for: key, until: end) }
        let (more, late) = (SharedKey(.state, "more"), end + 60)
        await #expect(throws: SessionStoreError.self) { try await values.set([1], for: more, until: late) }
        await #expect(throws: SessionStoreError.self) { _ = try await values.setFirst([1], for: more, until: late) }
        #expect(try await values.values(for: states(0..<10)) == Array(repeating: [1], count: 10))
        // One that is there can be replaced.
        try await values.set([2], for: states(3..<4)[0], until: end)
        #expect(try await values.setFirst([3], for: states(4..<5)[0], until: end) == false)
        // Ends go on until their room is taken.
        for number in 0..<10 { try await values.set([], for: SharedKey(.session, "\(number)"), until: end) }
        await #expect(throws: SessionStoreError.self) {
            try await values.set([], for: SharedKey(.session, "11"), until: end)
        }
    }

    @Test("make room of those whose end has come, without waiting for the next cleaning")
    func roomOfEnded() async throws {
        let values = MemorySharedValues(maximumCount: 10, now: clock.now)
        let end = end(after: 60)
        for key in states(0..<10) { try await values.set([1], for: key, until: end) }
        clock.advance(by: 60)
        for key in states(10..<20) { #expect(try await values.setFirst([1], for: key, until: end + 60)) }
        await #expect(throws: SessionStoreError.self) {
            try await values.set([1], for: SharedKey(.state, "more"), until: end + 60)
        }
    }
}
