import Synchronization

/// So much at a time. What comes beyond that waits, in the order in which it came, and is not turned away: each of those who wait
/// holds a request open, of which the server has a limit of its own.
final class ConcurrencyLimit: Sendable {
    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// How much at a time.
    let most: Int
    private let state = Mutex(State())

    init(_ most: Int) { self.most = most }

    /// How many wait.
    var waitingCount: Int { state.withLock(\.waiting.count) }

    /// Does the work when there is room for it.
    func run<Result, Failure>(_ work: () throws(Failure) -> Result) async throws(Failure) -> Result {
        await enter()
        defer { leave() }
        return try work()
    }

    /// Waits for room, and takes it until ``leave()``.
    func enter() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                guard state.running == most else {
                    state.running += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            // Whoever waits takes over the room.
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
        next?.resume()
    }
}
