import Synchronization

/// Holds those who pass back until it is opened, and tells when a number of them has arrived.
final class Gate: Sendable {
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var isOpen = false
        var arrived = 0
        var held: [Waiter] = []
        var watchers: [(count: Int, waiter: Waiter)] = []
    }

    private let state = Mutex(State())

    /// Waits until the gate is open.
    func pass() async {
        await withCheckedContinuation { (waiter: Waiter) in
            let released: [Waiter] = state.withLock { state in
                state.arrived += 1
                var released = state.watchers.filter { $0.count <= state.arrived }.map(\.waiter)
                state.watchers.removeAll { $0.count <= state.arrived }
                if state.isOpen { released.append(waiter) } else { state.held.append(waiter) }
                return released
            }
            for waiter in released { waiter.resume() }
        }
    }

    /// Waits until so many have arrived.
    func arrival(of count: Int = 1) async {
        await withCheckedContinuation { (waiter: Waiter) in
            let isThere = state.withLock { state in
                if state.arrived < count { state.watchers.append((count, waiter)) }
                return state.arrived >= count
            }
            if isThere { waiter.resume() }
        }
    }

    /// Lets all pass.
    func open() {
        let held: [Waiter] = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for waiter in held { waiter.resume() }
    }
}
