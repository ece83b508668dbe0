package import FoundationEssentials
import Synchronization

/// A value that is fetched from the network when it is needed: one fetch at a time, shared by all who wait for it; once
/// fetched it serves for a while, and when it is old and cannot be renewed it goes on serving.
///
/// Behind a lock, not an actor: who finds the value there goes on at once, on the thread where it is.
package final class Fetched<Value: Sendable>: Sendable {
    private typealias Flight = Task<Result<Value, OpenIDError>, Never>

    private struct State {
        var last: (value: Value, at: Date)?
        var flight: Flight?
        /// Why the last fetch failed, where it did.
        var failure: OpenIDError?
    }

    private enum Found {
        case fresh(Value)
        case coming(Flight)
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
        let now = now()
        // In one go: between a look at the value and one at the flight, a whole flight could come and go.
        let found = state.withLock { state -> Found in
            if let last = state.last, now.timeIntervalSince(last.at) < freshness { return .fresh(last.value) }
            return .coming(flight(&state))
        }
        switch found {
        case .fresh(let value): return (value, false)
        case .coming(let flight):
            switch await flight.value {
            case .success(let value): return (value, true)
            case .failure(let error):
                guard let known = state.withLock({ $0.last?.value }) else { throw error }
                return (known, true)
            }
        }
    }

    /// Why the last fetch failed; `nil` where it did not: then the source has no newer value that is known of.
    var lastFailure: OpenIDError? { state.withLock { $0.failure } }

    /// The value as it is at the source now. Who comes while a fetch runs gets that fetch's result.
    ///
    /// Throws what the fetch failed with.
    package func renewed() async throws(OpenIDError) -> Value {
        try await state.withLock { flight(&$0) }.value.get()
    }

    private func flight(_ state: inout State) -> Flight {
        if let flight = state.flight { return flight }
        // A task of its own: that one who waits goes away must not take the value from the others.
        let flight = Task { [self] in
            let result = await fetch()
            let now = now()
            self.state.withLock { state in
                state.flight = nil
                switch result {
                case .success(let value):
                    state.last = (value, now)
                    state.failure = nil
                case .failure(let error):
                    state.failure = error
                    // Not every login of an outage waits for another failure. What is still fresh does not age by it.
                    if let last = state.last, now.timeIntervalSince(last.at) >= freshness {
                        state.last?.at = now.addingTimeInterval(Self.pause - freshness)
                    }
                }
            }
            return result
        }
        state.flight = flight
        return flight
    }
}
