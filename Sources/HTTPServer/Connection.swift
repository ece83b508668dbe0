import HTTPMessages
import Synchronization

/// One connection and the request that is under way on it.
///
/// The library calls ``begin(target:)``, ``proceed(with:readHead:)`` and ``complete()`` on the connection's own
/// thread; handlers, deadlines and the shutdown come from other threads. One lock orders them all, suspending and
/// resuming above all. A connection whose handler was given up on is closed with the answer, so that a late ``finish(_:)``
/// never meets a later request.
final class Connection: Sendable {
    private enum Phase {
        /// Between two requests, or before the first.
        case idle
        /// The request line came.
        case head
        /// The head is checked; the body, if any, is being read.
        case body
        /// The handler runs on the connection's own thread.
        case running
        /// The handler waits, and the connection is suspended.
        case waiting(Task<Void, Never>)
        /// There is an answer for the library to fetch.
        case answered(HTTPResponse, closing: Bool)
        /// The library has the answer.
        case sending
        /// The library gave the connection up.
        case closed
    }

    private struct State {
        var phase = Phase.idle
        /// Since when the connection waits for its client; a request line alone does not count.
        var waitsSince = ContinuousClock.now
        var deadline: ContinuousClock.Instant?
        var target = ""
        var request: HTTPRequest?
        /// Bytes of the body that came, whether kept or not.
        var received = 0
        /// What the request will be answered with when it is complete, without a handler.
        var refusal: Refusal?
        /// Whether the connection has given way to another, and takes no further request.
        var isLeaving = false
        /// Whether a shutdown waits for this request.
        var isCounted = false
        /// Whose request counts as one in progress; `nil` where the connection itself is what is limited.
        var client: Client?
    }

    /// What becomes of a connection when the library's callback returns.
    enum Step {
        case goOn
        case close
    }

    /// As whose the connection counts.
    let client: Client
    private let peerAddress: String
    private let handle: ConnectionHandle
    private let engine: Engine
    private let state = Mutex(State())

    init(_ handle: ConnectionHandle, of peer: ConnectionTable.Peer, engine: Engine) {
        self.handle = handle
        self.engine = engine
        client = peer.client
        peerAddress = peer.address
        state.withLock { $0.deadline = .now + engine.configuration.headTimeout }
    }
}

// MARK: - On the connection's own thread

extension Connection {
    /// The request line is complete.
    func begin(target: String) {
        state.withLock {
            $0.phase = .head
            $0.target = target
            $0.deadline = .now + engine.configuration.headTimeout
        }
    }

    /// Goes on when the head is complete, with each piece of the body, without a piece when the request is complete, and
    /// again when the connection was resumed.
    /// `readHead` gives the head to a target.
    func proceed(with piece: RawSpan, readHead: (_ target: String) -> RequestHead) -> Step {
        switch state.withLock({ $0.phase }) {
        case .head: judgeHead(readHead)
        case .body: piece.isEmpty ? startHandler() : keep(piece)
        case .answered(let response, let closing): send(response, closing: closing)
        case .idle, .running, .waiting, .sending, .closed: .close
        }
    }

    /// The request is over: its answer is sent, or it was broken off.
    func complete() {
        let (wasCounted, client) = state.withLock { state in
            let counted = (state.isCounted, state.client)
            state = State(
                deadline: .now + (state.isLeaving ? .zero : engine.configuration.idleTimeout),
                isLeaving: state.isLeaving)
            return counted
        }
        if wasCounted { engine.requestEnded(of: client) }
    }

    /// The library closes the socket after this.
    func close() {
        state.withLock { $0 = State(phase: .closed) }
    }

    private func judgeHead(_ readHead: (_ target: String) -> RequestHead) -> Step {
        engine.requestBegan()
        let target = state.withLock {
            $0.isCounted = true
            return $0.target
        }
        do throws(Refusal) {
            let request = try readHead(target).request(within: engine.configuration, peerAddress: peerAddress)
            let client = engine.client(of: request, on: self)
            let isWelcome = client.map(engine.countRequest) ?? true
            state.withLock {
                $0.phase = .body
                // Its body is read all the same, so that the connection can stay: the proxy has other clients.
                $0.request = isWelcome ? request : nil
                $0.refusal = isWelcome ? nil : .tooManyRequests
                $0.client = isWelcome ? client : nil
                $0.waitsSince = .now
                $0.deadline = .now + engine.configuration.bodyTimeout
            }
            return .goOn
        } catch {
            return refuse(error)
        }
    }

    /// Beyond the limit the body is read but not kept, since the library takes an answer only at the head or after the
    /// whole body; a client that goes on regardless is cut off.
    private func keep(_ piece: RawSpan) -> Step {
        let limit = engine.configuration.bodyBytes
        return state.withLock { state in
            state.received += piece.byteCount
            if state.received <= limit {
                unsafe piece.withUnsafeBytes { unsafe state.request?.body.append(contentsOf: $0) }
            } else {
                state.request = nil
            }
            return state.received <= 2 * limit ? .goOn : .close
        }
    }

    private func startHandler() -> Step {
        let (request, refusal) = state.withLock { state in
            defer { state.request = nil }
            state.phase = .running
            state.deadline = nil
            return (state.request, state.received > engine.configuration.bodyBytes ? nil : state.refusal)
        }
        if let refusal { return send(refusal.response, closing: false) }
        guard let request else { return refuse(.bodyTooLarge) }
        // Runs here until it first waits. Most handlers never do, and their connection is never suspended.
        let task = Task.immediate { [handler = engine.handler] in
            self.finish(await handler(request))
        }
        let answer: HTTPResponse? = state.withLock {
            if case .answered(let response, _) = $0.phase { return response }
            $0.phase = .waiting(task)
            $0.deadline = .now + engine.configuration.handlerTimeout
            handle.suspend()
            // The shutdown passes over every connection once: one that begins to wait after that gives up by itself.
            if engine.isStopping { giveUp(&$0, .stopping) }
            return nil
        }
        return answer.map { send($0, closing: false) } ?? .goOn
    }

    private func refuse(_ refusal: Refusal) -> Step {
        send(refusal.response, closing: true)
    }

    private func send(_ response: HTTPResponse, closing: Bool) -> Step {
        state.withLock {
            $0.phase = .sending
            $0.waitsSince = .now
            $0.deadline = .now + engine.configuration.answerTimeout
        }
        let closing = closing || engine.isClosing
        if response.isSendable { return handle.send(response, closing: closing) ? .goOn : .close }
        return handle.send(Refusal.failed.response, closing: closing) ? .goOn : .close
    }
}

// MARK: - From any thread

extension Connection {
    /// The handler has answered.
    private func finish(_ response: HTTPResponse) {
        state.withLock {
            switch $0.phase {
            case .running: $0.phase = .answered(response, closing: false)
            case .waiting:
                $0.phase = .answered(response, closing: false)
                $0.deadline = nil
                handle.resume()
            case .idle, .head, .body, .answered, .sending, .closed: break
            }
        }
    }

    /// Ends what has taken too long: a request whose handler waits is answered, any other is cut off.
    func expire(at now: ContinuousClock.Instant) {
        state.withLock {
            guard let deadline = $0.deadline, deadline <= now else { return }
            $0.deadline = nil
            switch $0.phase {
            case .idle, .head, .body, .sending: handle.shutDown()
            case .waiting: giveUp(&$0, .overloaded)
            case .running, .answered, .closed: break
            }
        }
    }

    /// Answers in the place of a handler that waits; the daemon must not be stopped with a suspended connection.
    func abandon() {
        state.withLock { giveUp(&$0, .stopping) }
    }

    /// How a connection ranks among those that may be cut off for another: first comes what is less.
    struct Yield: Comparable {
        /// Whether there is a whole head, and the client is slow with the rest of the request or in taking the answer.
        let isSlow: Bool
        let since: ContinuousClock.Instant

        static func < (left: Yield, right: Yield) -> Bool {
            left.isSlow == right.isSlow ? left.since < right.since : right.isSlow
        }
    }

    /// `nil` where the connection is in use.
    func yield(at now: ContinuousClock.Instant) -> Yield? { state.withLock { yield(of: $0, at: now) } }

    /// Ends the connection unless it has come into use, or is about to; `false` if so.
    func giveWay(at now: ContinuousClock.Instant) -> Bool {
        state.withLock {
            guard yield(of: $0, at: now) != nil, !handle.hasUnread else { return false }
            // The library may have read a request of which it has not told yet: that is answered, and then the deadline ends
            // what is left.
            if case .sending = $0.phase { handle.shutDown() } else { handle.shutDownReading() }
            $0.isLeaving = true
            $0.deadline = now
            return true
        }
    }

    private func yield(of state: State, at now: ContinuousClock.Instant) -> Yield? {
        switch state.phase {
        case .idle, .head: Yield(isSlow: false, since: state.waitsSince)
        case .body, .sending:
            state.waitsSince + engine.configuration.patience <= now
                ? Yield(isSlow: true, since: state.waitsSince) : nil
        case .running, .waiting, .answered, .closed: nil
        }
    }

    private func giveUp(_ state: inout State, _ refusal: Refusal) {
        guard case .waiting(let task) = state.phase else { return }
        state.phase = .answered(refusal.response, closing: true)
        state.deadline = nil
        task.cancel()
        handle.resume()
    }
}

extension HTTPResponse {
    /// What the fields may take at most: the library closes the connection without an answer where its memory for the
    /// head does not suffice.
    static let maximumHeadBytes = 24 << 10

    fileprivate var isSendable: Bool {
        (200...599).contains(status)
            && fields.lines.reduce(512) { $0 + $1.name.canonical.utf8.count + $1.value.utf8.count + 4 }
                <= Self.maximumHeadBytes
    }
}
