import Dispatch
import Glibc
import HTTPMessages
import Synchronization

/// What a server runs on: the listening socket, the daemons, the connections and their deadlines.
///
/// It accepts by itself and hands the connections to daemons of one thread each, because libmicrohttpd's own pool aborts
/// the process when it is told to stop accepting at an unlucky moment (0.9.75, `MHD_quiesce_daemon`).
final class Engine: Sendable {
    let configuration: HTTPServerConfiguration
    let handler: HTTPHandler
    let port: UInt16
    private let listener: Mutex<ListeningSocket?>
    private let daemons = Mutex<[Daemon]>([])
    private let connections = Mutex(ConnectionTable())
    /// The requests in progress of the clients of proxies.
    private let requests = Mutex(ClientCounts())
    /// Tells who waits for room that there may be some.
    private let roomMade = DispatchSemaphore(value: 0)
    private let waitsForRoom = Atomic(false)
    private let closing = Atomic(false)
    private let stopping = Atomic(false)
    /// Open as long as connections are accepted.
    private let accepting = DispatchGroup()
    /// Open as long as a request is under way.
    private let running = DispatchGroup()
    private let reaperEnd = DispatchSemaphore(value: 0)
    private let stopped = Mutex<Task<Void, Never>?>(nil)

    /// Whether connections end with the next answer.
    var isClosing: Bool { closing.load(ordering: .acquiring) }
    /// Whether no request may wait any longer.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    init(_ configuration: HTTPServerConfiguration, handler: @escaping HTTPHandler) throws(HTTPServerError) {
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        self.configuration = configuration
        self.handler = handler
        port = socket.port
        let descriptor = socket.descriptor
        listener = Mutex(consume socket)
        var started: [Daemon] = []
        for _ in 0..<min(max(configuration.threads, 1), 64) {
            guard let daemon = Daemon(for: self) else {
                for daemon in started { daemon.stop() }
                throw HTTPServerError(
                    .failed, address: "\(configuration.host):\(configuration.port)",
                    detail: "no thread could be started; free memory or raise the limits of the process")
            }
            started.append(daemon)
        }
        daemons.withLock { $0 = started }
        DispatchQueue(label: "HTTPServer.accept").async(group: accepting) { [self, started] in
            accept(from: descriptor, for: started)
        }
        // On a thread of its own: handlers that keep every thread of the cooperative pool busy must not stop the clock.
        DispatchQueue(label: "HTTPServer.deadlines").async { [self] in reap() }
    }

    // MARK: Connections

    private func accept(from listener: CInt, for daemons: [Daemon]) {
        var turn = 0
        while !isClosing {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    let descriptor = unsafe Glibc.accept(listener, address, &length)
                    if descriptor >= 0 {
                        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                        let host = unsafe numericName(of: address, length: length)?.host ?? ""
                        if admit(descriptor, from: host),
                            unsafe !daemons[turn % daemons.count].add(descriptor, address: address, length: length)
                        {
                            connections.withLock { _ = $0.takeOver(descriptor) }
                        }
                        turn += 1
                    } else if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
                        // Out of descriptors or memory: the client keeps waiting until some are free again.
                        usleep(20_000)
                    }
                }
            }
        }
    }

    /// Finds room for a connection, and waits for it: meanwhile further ones wait in the system's queue. `false` where the
    /// client has too many already, or the server stops; the connection is closed then.
    private func admit(_ descriptor: CInt, from address: String) -> Bool {
        let peer = ConnectionTable.Peer(
            address: address, client: Client(address: address, trusting: configuration.trustedProxies))
        var isOverdue = false
        while !isClosing {
            waitsForRoom.store(true, ordering: .sequentiallyConsistent)
            let admission = connections.withLock { table in
                let admission = table.admit(descriptor, of: peer, within: configuration)
                // One at a time; another where that one cannot be closed because a handler blocks its thread.
                if admission == .full, isOverdue || table.leaving.isEmpty { table.giveWay(at: .now) }
                return admission
            }
            switch admission {
            case .admitted: return true
            case .tooManyOfClient:
                Glibc.close(descriptor)
                return false
            case .full: isOverdue = roomMade.wait(timeout: .now() + Duration.milliseconds(100)) == .timedOut
            }
        }
        Glibc.close(descriptor)
        return false
    }

    private func tellOfRoom() {
        if waitsForRoom.exchange(false, ordering: .sequentiallyConsistent) { roomMade.signal() }
    }

    /// A daemon took a connection over.
    func open(_ handle: ConnectionHandle) -> Connection {
        connections.withLock { table in
            let peer = table.takeOver(handle.descriptor)
            let connection = Connection(
                handle, of: peer ?? ConnectionTable.Peer(address: "", client: .other("")), engine: self)
            table.add(connection)
            return connection
        }
    }

    /// A connection ended.
    func close(_ connection: Connection) {
        connection.close()
        connections.withLock { $0.remove(connection) }
        tellOfRoom()
    }

    // MARK: Requests

    func requestBegan() { running.enter() }

    /// `client` is whose request was counted by ``countRequest(of:)``.
    func requestEnded(of client: Client?) {
        if let client { requests.withLock { $0.remove(client) } }
        tellOfRoom()
        running.leave()
    }

    /// The client on whose behalf a proxy sends the request; `nil` where it is no proxy's, or the proxy does not say. Those
    /// who send fields that contradict each other count as one client.
    func client(of request: HTTPRequest, on connection: Connection) -> Client? {
        guard connection.client == .proxy else { return nil }
        let proxies = configuration.trustedProxies
        let client = Client(address: request.clientAddress(trusting: proxies), trusting: proxies)
        guard client == .proxy else { return client }
        return request.hasContradictoryAddresses(trusting: proxies) ? .contradictory : nil
    }

    /// Counts a request in progress; `false` where the client has too many already.
    func countRequest(of client: Client) -> Bool {
        requests.withLock {
            guard $0[client] < configuration.connectionsPerAddress else { return false }
            $0.add(client)
            return true
        }
    }

    private var allConnections: [Connection] { connections.withLock { Array($0.open.values) } }

    // MARK: Deadlines

    /// Looks for passed deadlines each second, more often where a limit is shorter. libmicrohttpd's own time-out begins
    /// anew with every byte.
    private func reap() {
        let shortest = min(
            configuration.headTimeout, configuration.bodyTimeout, configuration.handlerTimeout,
            configuration.answerTimeout, configuration.idleTimeout)
        let interval = min(.seconds(1), max(.milliseconds(10), shortest / 4))
        while reaperEnd.wait(timeout: .now() + interval) == .timedOut {
            for connection in allConnections { connection.expire(at: .now) }
        }
    }

    // MARK: Shutdown

    /// Stops once; later calls wait for the first.
    func shutdown(within limit: Duration) async {
        let task = stopped.withLock { stopped in
            let task =
                stopped
                ?? Task.detached { [self] in
                    await withCheckedContinuation { continuation in
                        DispatchQueue(label: "HTTPServer.stop").async { [self] in
                            stop(within: limit)
                            continuation.resume()
                        }
                    }
                }
            stopped = task
            return task
        }
        await task.value
    }

    /// Blocks. Each wait is bounded: a handler that blocks a thread of the library must not hold up the shutdown for
    /// ever, and leaves its daemon running instead.
    private func stop(within limit: Duration) {
        let grace = Duration.seconds(1)
        let end = ContinuousClock.now + limit
        closing.store(true, ordering: .releasing)
        // Wakes the thread that accepts.
        listener.withLock { shutDownSocket($0?.descriptor ?? -1) }
        accepting.wait()
        listener.withLock { $0 = nil }
        _ = running.wait(timeout: .now() + limit)
        endConnections(until: end)
        stopping.store(true, ordering: .releasing)
        for connection in allConnections { connection.abandon() }
        _ = running.wait(timeout: .now() + grace)
        reaperEnd.signal()
        let ending = DispatchGroup()
        DispatchQueue(label: "HTTPServer.end").async(group: ending) { [self] in
            for daemon in daemons.withLock({ $0 }) { daemon.stop() }
        }
        _ = ending.wait(timeout: .now() + grace)
    }

    /// Ends the connections on which nothing is in progress; the others end with their next response. A request that a proxy
    /// has just sent on a kept connection is answered: refused with 503, it would not be sent to another instance.
    private func endConnections(until end: ContinuousClock.Instant) {
        while ContinuousClock.now < end {
            let open = allConnections
            if open.isEmpty { return }
            for connection in open { _ = connection.giveWay(at: .now) }
            usleep(2_000)
        }
    }
}

extension DispatchTime {
    fileprivate static func + (time: DispatchTime, duration: Duration) -> DispatchTime {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int(clamping: attoseconds / 1_000_000_000)
        let whole = DispatchTimeInterval.seconds(Int(clamping: min(seconds, 1_000_000)))
        return time + whole + DispatchTimeInterval.nanoseconds(nanoseconds)
    }
}
