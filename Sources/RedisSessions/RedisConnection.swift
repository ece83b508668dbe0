import CHiredis
import Glibc
import Sessions
import Synchronization

/// What a connection is made with.
struct RedisSettings: Sendable {
    let address: RedisAddress
    let connectTimeout: Duration
    let replyTimeout: Duration
    let retryInterval: Duration
    let replyBytes: Int
    let lookup: HostLookup
    let distrust = Distrust()

    var endpoint: RedisAddress.Endpoint { address.endpoint }
    var place: String { address.place }

    var port: UInt16 {
        switch endpoint {
        case .tcp(_, let port), .tls(_, let port): port
        case .unixSocket: 0
        }
    }
}

/// How often one of a store's connections has met a server that is not the primary: the others then leave it too, since
/// what they read there may be outdated.
final class Distrust: Sendable {
    private let counter = Atomic<Int>(0)

    var count: Int { counter.load(ordering: .acquiring) }

    func increment() { counter.add(1, ordering: .acquiringAndReleasing) }
}

/// A connection to Redis with a thread of its own. Orders reach it through an inbox, are written as they come without
/// waiting for earlier answers, and end through their continuations.
final class RedisConnection: Sendable {
    private struct Inbox {
        var orders: [RedisOrder] = []
        var lookup: HostLookup.Outcome?
        /// A lookup may outlive the attempt that began it; the next one takes what it finds.
        var isLookingUp = false
        var isOpen = true
    }

    private let settings: RedisSettings
    private let wakeUp: WakeUp
    private let inbox = Mutex(Inbox())

    /// Starts the thread, which keeps the connection alive until it is closed. Nothing is connected before the first order.
    init(_ settings: RedisSettings) throws(SessionStoreError) {
        guard let wakeUp = WakeUp() else { throw .noResources("a file descriptor", errno) }
        self.settings = settings
        self.wakeUp = wakeUp
        let retained = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, runConnection, retained.toOpaque())
        guard code == 0 else {
            unsafe retained.release()
            throw .noResources("a thread", code)
        }
        pthread_detach(thread)
    }

    /// Sends commands and waits for their answers.
    func send(_ commands: [RedisCommand]) async -> RedisOrder.Outcome {
        await withCheckedContinuation { continuation in submit(RedisOrder(commands, continuation)) }
    }

    private func submit(_ order: RedisOrder) {
        let isOpen = inbox.withLock { inbox in
            if inbox.isOpen { inbox.orders.append(order) }
            return inbox.isOpen
        }
        if isOpen {
            wakeUp.signal()
        } else {
            order.end(.failure(RedisFailure(error: .closed(settings.place))))
        }
    }

    /// Ends every order and the thread.
    func close() {
        inbox.withLock { $0.isOpen = false }
        wakeUp.signal()
    }

    private func lookUp(_ host: String) {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.isLookingUp = true }
            return !inbox.isLookingUp
        }
        guard isFirst else { return }
        settings.lookup.find(host) { outcome in
            self.inbox.withLock { inbox in
                inbox.lookup = outcome
                inbox.isLookingUp = false
            }
            self.wakeUp.signal()
        }
    }

    fileprivate func run() {
        let line = RedisLine(settings, lookUp: lookUp)
        while true {
            let work = inbox.withLock { inbox in
                defer { (inbox.orders, inbox.lookup) = ([], nil) }
                return inbox
            }
            guard work.isOpen else { return line.close(work.orders) }
            if let outcome = work.lookup { line.take(outcome, at: .now) }
            if !work.orders.isEmpty { line.take(work.orders, at: .now) }
            line.proceed(wakeUp)
        }
    }
}

private func runConnection(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let connection = unsafe Unmanaged<RedisConnection>.fromOpaque(context).takeRetainedValue()
    unsafe chiredis_name_thread("redis")
    // A write to a closed connection must not end the process; only this thread writes to them.
    var brokenPipe = sigset_t()
    unsafe sigemptyset(&brokenPipe)
    unsafe sigaddset(&brokenPipe, SIGPIPE)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    connection.run()
    return nil
}
