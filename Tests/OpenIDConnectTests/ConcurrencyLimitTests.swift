import JOSE
import TestSupport
import Testing

@testable import OpenIDConnect

@Suite("A limit on what is done at a time", .timeLimit(.minutes(1)))
struct ConcurrencyLimitTests {
    @Test("lets so much in, and the others when it leaves, in the order in which they came")
    func order() async {
        let limit = ConcurrencyLimit(2)
        await limit.enter()
        await limit.enter()
        let done = Mutexed<[Int]>([])
        await withTaskGroup { group in
            for number in 0..<3 {
                group.addTask { await limit.run { done.change { $0.append(number) } } }
                while limit.waitingCount <= number, done.value.isEmpty { await Task.yield() }
            }
            #expect(done.value.isEmpty)
            limit.leave()
            await group.waitForAll()
            #expect(done.value == [0, 1, 2])
            limit.leave()
        }
        // All of the room is there again.
        await limit.enter()
        await limit.enter()
        #expect(limit.waitingCount == 0)
    }

    @Test("gives room back where the work fails")
    func failure() async {
        let limit = ConcurrencyLimit(1)
        for _ in 0..<3 {
            await #expect(throws: CancellationError.self) { try await limit.run { throw CancellationError() } }
        }
    }

    @Test("holds for tokens that anybody can send, and not for those of a login")
    func untrusted() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let token = try provider.logoutToken()
        let limit = KeySource.untrustedVerifications
        // Other tests wait meanwhile.
        for _ in 0..<limit.most { await limit.enter() }
        let isVerified = Mutexed(false)
        let verification = Task {
            _ = try await client.verifyLogoutToken(token)
            isVerified.value = true
        }
        _ = try await provider.login(provider.transport)
        while limit.waitingCount == 0, !isVerified.value { await Task.yield() }
        #expect(!isVerified.value)
        for _ in 0..<limit.most { limit.leave() }
        try await verification.value
    }
}
