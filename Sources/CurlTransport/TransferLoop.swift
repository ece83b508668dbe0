import CCurl
import Glibc
import OpenIDConnect
import Synchronization

/// The thread that runs every transfer. Orders reach it through an inbox; it answers through their continuations.
final class TransferLoop: Sendable {
    /// A request, and who waits for it.
    struct Order: Sendable {
        let id: UInt
        let request: TransportRequest
        let continuation: CheckedContinuation<TransportResponse, any Error>
    }

    private struct Inbox {
        var orders: [Order] = []
        var cancelled: [UInt] = []
        var isOpen = true
    }

    /// What the thread alone knows.
    private struct State {
        var running: [UInt: Transfer] = [:]
        var hosts = KnownHosts()
    }

    private let settings: TransferSettings
    private let now: @Sendable () -> ContinuousClock.Instant
    private let multi: MultiHandle
    private let inbox = Mutex(Inbox())
    private let lastID = Atomic<UInt>(0)
    /// The thread until it has been waited for.
    private let thread = Mutex<pthread_t?>(nil)

    /// Starts the thread, which keeps the loop alive until it is closed.
    init(
        _ settings: TransferSettings, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(CurlTransportError) {
        guard let multi = MultiHandle(keepingConnections: 64) else {
            throw CurlTransportError(.library, context: "libcurl", remedy: "it did not start: is memory short?")
        }
        self.multi = multi
        self.settings = settings
        self.now = now
        let retained = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, runLoop, retained.toOpaque())
        guard code == 0 else {
            unsafe retained.release()
            throw CurlTransportError(
                .library, context: "libcurl's thread",
                remedy: "it did not start (error \(code)): raise the limit on threads")
        }
        self.thread.withLock { $0 = thread }
    }

    func nextID() -> UInt { lastID.add(1, ordering: .relaxed).newValue }

    func submit(_ order: Order) {
        let isOpen = inbox.withLock { inbox in
            if inbox.isOpen { inbox.orders.append(order) }
            return inbox.isOpen
        }
        guard isOpen else {
            order.continuation.resume(throwing: TransportError.shutDown(origin: order.request.url.origin))
            return
        }
        multi.wakeUp()
    }

    /// Ends a transfer if it still runs.
    func cancel(_ id: UInt) {
        inbox.withLock { $0.cancelled.append(id) }
        multi.wakeUp()
    }

    /// Ends every transfer and the thread, and waits until it has ended: a process that exits meanwhile would take OpenSSL
    /// away from under it.
    func close() {
        inbox.withLock { $0.isOpen = false }
        multi.wakeUp()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        if pthread_equal(running, pthread_self()) != 0 {
            pthread_detach(running)
        } else {
            pthread_join(running, nil)
        }
    }

    fileprivate func run() {
        var state = State()
        while true {
            let work = inbox.withLock { inbox in
                defer { inbox = Inbox(isOpen: inbox.isOpen) }
                return inbox
            }
            for order in work.orders { start(order, in: &state) }
            for id in work.cancelled { end(id, in: &state) { .failure(.cancelled(origin: $0.origin)) } }
            guard work.isOpen else {
                for id in state.running.keys { end(id, in: &state) { .failure(.shutDown(origin: $0.origin)) } }
                return
            }
            if !multi.perform() {
                for id in state.running.keys {
                    end(id, in: &state) {
                        .failure(TransportError(.failed, origin: $0.origin, detail: "libcurl failed as a whole"))
                    }
                }
            }
            while let (id, result) = multi.nextFinished() {
                endAttempt(id, in: &state) { $0.outcome(result) }
            }
            let now = now()
            for (id, transfer) in state.running where transfer.isOverdue(at: now) {
                endAttempt(id, in: &state) { .failure(.noAnswer(origin: $0.origin)) }
            }
            multi.wait(milliseconds: pause(from: now, state))
        }
    }

    /// How long there is nothing to do but for libcurl, in milliseconds: until a kept connection has been silent for too long.
    private func pause(from now: ContinuousClock.Instant, _ state: State) -> Int32 {
        let next = state.running.values.lazy.filter { $0.headerBytes == 0 }.compactMap(\.patience).min()
        guard let next else { return 60_000 }
        return Int32(min(max((next - now) / .milliseconds(1), 0) + 1, 60_000))
    }

    private func start(_ order: Order, in state: inout State) {
        start(order, Attempt(order.request, state.hosts, at: now()), in: &state)
    }

    private func start(_ order: Order, _ attempt: Attempt, in state: inout State) {
        do throws(TransportError) {
            let transfer = try Transfer(order, attempt: attempt, settings: settings, now: now)
            guard multi.add(transfer.easy) else {
                throw TransportError(.failed, origin: transfer.origin, detail: "libcurl did not take the request")
            }
            state.running[order.id] = transfer
        } catch {
            order.continuation.resume(throwing: error)
        }
    }

    /// Ends an attempt; the request with it, unless it may be tried once more.
    private func endAttempt(
        _ id: UInt, in state: inout State, as outcome: (Transfer) -> Result<TransportResponse, TransportError>
    ) {
        guard let transfer = state.running.removeValue(forKey: id) else { return }
        let outcome = outcome(transfer)
        multi.remove(transfer.easy)
        let host = transfer.request.url.host
        if transfer.attempt.looksUpName, transfer.wasSent, !transfer.usedKeptConnection {
            state.hosts.noteLookup(of: host, at: now())
        }
        if case .failure = outcome, transfer.headerBytes == 0 {
            state.hosts.forgetAddress(of: host)
            if transfer.usedKeptConnection { state.hosts.distrustConnections(to: host, at: now()) }
        }
        if let next = transfer.nextAttempt(after: outcome) {
            start(transfer.order, next, in: &state)
        } else {
            transfer.finish(outcome)
        }
    }

    /// Ends a request.
    private func end(
        _ id: UInt, in state: inout State, as outcome: (Transfer) -> Result<TransportResponse, TransportError>
    ) {
        guard let transfer = state.running.removeValue(forKey: id) else { return }
        multi.remove(transfer.easy)
        transfer.finish(outcome(transfer))
    }
}

private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let loop = unsafe Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue()
    // A write to a closed connection must not end the process; only this thread writes to them.
    var brokenPipe = sigset_t()
    unsafe sigemptyset(&brokenPipe)
    unsafe sigaddset(&brokenPipe, SIGPIPE)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    loop.run()
    return nil
}
