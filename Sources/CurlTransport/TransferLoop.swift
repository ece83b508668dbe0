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

    private let settings: TransferSettings
    private let multi: MultiHandle
    private let inbox = Mutex(Inbox())
    private let lastID = Atomic<UInt>(0)
    /// The thread until it has been waited for.
    private let thread = Mutex<pthread_t?>(nil)

    /// Starts the thread, which keeps the loop alive until it is closed.
    init(_ settings: TransferSettings) throws(CurlTransportError) {
        guard let multi = MultiHandle(keepingConnections: 64) else {
            throw CurlTransportError(.library, context: "libcurl", remedy: "it did not start: is memory short?")
        }
        self.multi = multi
        self.settings = settings
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
        var running: [UInt: Transfer] = [:]
        while true {
            let work = inbox.withLock { inbox in
                defer { inbox = Inbox(isOpen: inbox.isOpen) }
                return inbox
            }
            for order in work.orders { start(order, in: &running) }
            for id in work.cancelled { end(id, in: &running) { .failure(.cancelled(origin: $0.origin)) } }
            guard work.isOpen else {
                for id in running.keys { end(id, in: &running) { .failure(.shutDown(origin: $0.origin)) } }
                return
            }
            if !multi.perform() {
                for id in running.keys {
                    end(id, in: &running) {
                        .failure(TransportError(.failed, origin: $0.origin, detail: "libcurl failed as a whole"))
                    }
                }
            }
            while let (id, result) = multi.nextFinished() { end(id, in: &running) { $0.outcome(result) } }
            multi.wait(milliseconds: 60_000)
        }
    }

    private func start(_ order: Order, in running: inout [UInt: Transfer]) {
        do throws(TransportError) {
            let transfer = try Transfer(order, settings: settings)
            guard multi.add(transfer.easy) else {
                throw TransportError(.failed, origin: transfer.origin, detail: "libcurl did not take the request")
            }
            running[order.id] = transfer
        } catch {
            order.continuation.resume(throwing: error)
        }
    }

    private func end(
        _ id: UInt, in running: inout [UInt: Transfer],
        as outcome: (Transfer) -> Result<TransportResponse, TransportError>
    ) {
        guard let transfer = running.removeValue(forKey: id) else { return }
        let outcome = outcome(transfer)
        multi.remove(transfer.easy)
        transfer.finish(outcome)
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
