import Foundation
import OpenIDConnect
import Synchronization
import Testing

@Suite("What is fetched from a provider")
struct FetchedTests {
    private let world = World()

    @Test("serves on without being asked for again for a minute, whoever noticed that the provider is down")
    func outage() async throws {
        let fetched = world.fetched
        #expect(try await fetched.current().value == 1)
        world.change { ($0.time, $0.isDown) = (1000, true) }
        // Nobody takes the old value here; that there is no new one is known from now on all the same.
        await #expect(throws: OpenIDError.self) { try await fetched.renewed() }
        #expect(try await fetched.current() == (1, false))
        world.change { $0.time = 1061 }
        #expect(try await fetched.current() == (1, true))
        #expect(world.fetches == 3)
    }

    @Test("does not age where it is fresh and cannot be renewed")
    func freshInAnOutage() async throws {
        let fetched = world.fetched
        _ = try await fetched.current()
        world.change { ($0.time, $0.isDown) = (10, true) }
        await #expect(throws: OpenIDError.self) { try await fetched.renewed() }
        world.change { $0.time = 500 }
        #expect(try await fetched.current() == (1, false))
        #expect(world.fetches == 2)
    }

    @Test("is not fetched again by who looked at it while another fetched it")
    func between() async throws {
        let fetched = world.fetched
        _ = try await fetched.current()
        world.change { $0.time = 1000 }
        // The clock, which is looked at once, stands still until another has fetched.
        world.change {
            $0.atNextLook = {
                let isFetched = DispatchSemaphore(value: 0)
                Task {
                    _ = try await fetched.current()
                    isFetched.signal()
                }
                isFetched.wait()
            }
        }
        let value = try await withCheckedThrowingContinuation { continuation in
            // On a thread of its own, since it blocks.
            Thread.detachNewThread {
                _ = Task.immediate {
                    continuation.resume(with: await Result.catching { try await fetched.current().value })
                }
            }
        }
        #expect(value == 2)
        #expect(world.fetches == 2)
    }

    /// A source and a clock.
    private final class World: Sendable {
        struct State {
            var time: TimeInterval = 0
            var isDown = false
            var fetches = 0
            var atNextLook: (@Sendable () -> Void)?
        }

        private let state = Mutex(State())

        var fetches: Int { state.withLock { $0.fetches } }

        func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }

        /// Fresh for 900 s.
        var fetched: Fetched<Int> {
            Fetched(
                freshness: 900, now: { self.now },
                fetch: {
                    self.state.withLock { state in
                        state.fetches += 1
                        return state.isDown
                            ? .failure(OpenIDError(.keySet, expected: "", actual: "", remedy: ""))
                            : .success(state.fetches)
                    }
                })
        }

        private var now: Date {
            let look = state.withLock { state in
                defer { state.atNextLook = nil }
                return state.atNextLook
            }
            look?()
            return Date(timeIntervalSince1970: state.withLock { $0.time })
        }
    }
}

extension Result where Failure == any Error {
    fileprivate static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
