import Synchronization

/// Lets so many in at a time, in the order in which they come.
final class Gate: Sendable {
    private struct State {
        var room: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(room: Int) { state = Mutex(State(room: room)) }

    func pass<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        await withCheckedContinuation { continuation in
            let mayEnter = state.withLock { state in
                guard state.room > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.room -= 1
                return true
            }
            if mayEnter { continuation.resume() }
        }
        defer { leave() }
        return try await work()
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.room += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
