import Foundation
import Sessions
import Synchronization

/// The sessions in a store.
final class Population: Sendable {
    private let store: any SessionStore
    private let now: @Sendable () -> Date
    private let payload: [UInt8]
    private let tokens = Mutex<[SessionToken]>([])
    private let count: Int

    /// Fills the store: two sessions of each user, and a tenth that lasts an hour.
    init(of count: Int, in store: any SessionStore, _ now: @escaping @Sendable () -> Date) async throws {
        self.store = store
        self.now = now
        self.count = count
        payload = (0..<2500).map { _ in .random(in: 0...255) }
        try await withThrowingTaskGroup { group in
            for caller in 0..<64 {
                group.addTask {
                    var own: [SessionToken] = []
                    for number in stride(from: caller, to: count, by: 64) {
                        let expires = number % 10 == 0
                        let token = try await self.create(number, lasting: expires ? .hour : .day)
                        if !expires { own.append(token) }
                    }
                    self.tokens.withLock { $0 += own }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The user who has a session of this number.
    private func subject(_ number: Int) -> String { "user-\(number / 2)" }

    @discardableResult
    func create(_ number: Int, lasting seconds: TimeInterval) async throws -> SessionToken {
        let now = now()
        return try await store.create(
            Session(
                payload: payload, issuer: "https://issuer.example", subject: subject(number),
                providerSessionID: "sid-\(number)", createdAt: now, expiresAt: now.addingTimeInterval(seconds)))
    }

    /// Some of the sessions that last, each once.
    func sample(_ count: Int) -> [SessionToken] {
        tokens.withLock { tokens in
            guard tokens.count > 4 * count else { return Array(tokens.shuffled().prefix(count)) }
            var sample: Set<SessionToken> = []
            while sample.count < count { sample.formUnion(tokens.randomElement().map { [$0] } ?? []) }
            return Array(sample)
        }
    }

    func load(_ token: SessionToken) async throws {
        guard try await store.load(token) != nil else { throw MissingSession() }
    }

    private func randomUser() -> SessionOwner {
        .user(issuer: "https://issuer.example", subject: subject(.random(in: 0..<count)))
    }

    func listUser() async throws { _ = try await store.sessions(of: randomUser()) }

    /// Ends all sessions of a user made for it.
    func endUser(_ number: Int) async throws {
        try await store.deleteAll(of: .user(issuer: "https://issuer.example", subject: subject(number)))
    }

    /// Removes what has expired: how long it took, and how long lookups took meanwhile.
    func sweep() async throws -> (seconds: TimeInterval, meanwhile: Times) {
        let sample = sample(100_000)
        let isOver = Atomic(false)
        let load = { (token: SessionToken) async throws in try await self.load(token) }
        async let meanwhile = Times(of: sample, until: { isOver.load(ordering: .relaxed) }, load)
        let seconds = try await timed { try await store.removeExpired() }
        isOver.store(true, ordering: .relaxed)
        return (seconds, try await meanwhile)
    }
}

/// A session was lost: there is nothing to measure.
struct MissingSession: Error {}
