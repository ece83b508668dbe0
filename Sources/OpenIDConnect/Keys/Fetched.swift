package import FoundationEssentials
import Synchronization

/// A value that is fetched from the network when it is needed: one fetch at a time, shared by all who wait for it; once
/// fetched it serves for a while, and when it is old and cannot be renewed it goes on serving.
///
/// Behind a lock, not an actor: who finds the value there goes on at once, on the thread where it is.
package final class Fetched<Value: Sendable>: Sendable {
    private struct State {
        var last: (value: Value, at: Date)?
        var flight: Task<Result<Value, OpenIDError>, Never>?
    }

    /// How long an old value serves after it could not be renewed, in seconds.
    private static var pause: TimeInterval { 60 }

    private let freshness: TimeInterval
    private let now: @Sendable () -> Date
    private let fetch: @Sendable () async -> Result<Value, OpenIDError>
    private let state = Mutex(State())

    /// Nothing is fetched yet. `freshness` in seconds.
    package init(
        freshness: TimeInterval, now: @escaping @Sendable () -> Date,
        fetch: @escaping @Sendable () async -> Result<Value, OpenIDError>
    ) {
        self.freshness = freshness
        self.now = now
        self.fetch = fetch
    }

    /// The value, fetched anew where it is old; `isNew` tells that there is no use in asking again at once.
    ///
    /// Throws what the fetch failed with, where there is no earlier value.
    package func current() async throws(OpenIDError) -> (value: Value, isNew: Bool) {
        guard let last = state.withLock({ $0.last }) else { return (try await renewed(), true) }
        if now().timeIntervalSince(last.at) < freshness { return (last.value, false) }
        do {
            return (try await renewed(), true)
        } catch {
            let now = now()
            return state.withLock { state in
                // Not every login of an outage waits for another failure.
                // While this one waited, another may have fetched a newer value: that stays.
                guard let known = state.last, known.at == last.at else {
                    return (state.last?.value ?? last.value, true)
                }
                state.last = (known.value, now.addingTimeInterval(Self.pause - freshness))
                return (known.value, true)
            }
        }
    }

    /// The value as it is at the source now. Who comes while a fetch runs gets that fetch's result.
    ///
    /// Throws what the fetch failed with.
    package func renewed() async throws(OpenIDError) -> Value {
        let flight = state.withLock { state in
            if let flight = state.flight { return flight }
            // A task of its own: that one who waits goes away must not take the value from the others.
            let flight = Task { [self] in
                let result = await fetch()
                let now = now()
                self.state.withLock { state in
                    state.flight = nil
                    if case .success(let value) = result { state.last = (value, now) }
                }
                return result
            }
            state.flight = flight
            return flight
        }
        return try await flight.value.get()
    }
}
