import ByteText
import Glibc
import Sessions

/// The state of a connection, for its own thread: down until somebody has a command, then connecting, logging in, up.
///
/// After a failed attempt the server counts as down: the next order after a while makes another attempt, and those that
/// come meanwhile fail at once.
final class RedisLine {
    typealias Instant = ContinuousClock.Instant

    private enum Phase {
        case down
        case lookingUp(until: Instant)
        case connecting(RedisContext, otherAddresses: ArraySlice<String>, addressUntil: Instant, until: Instant)
        case loggingIn(RedisContext, RedisLogin, until: Instant)
        case up(RedisContext)
    }

    /// An order whose commands are with Redis.
    private struct Flight {
        let order: RedisOrder
        let until: Instant
        var replies: [RedisReply] = []

        /// The first answer that only a server gives which is not the primary.
        var refusal: (error: RedisServerError, command: String)? {
            for (command, reply) in zip(order.commands, replies) {
                if case .error(let error) = reply, error.isOfAnotherThanThePrimary { return (error, command.name) }
            }
            return nil
        }
    }

    private let settings: RedisSettings
    private let lookUp: (String) -> Void
    private var phase = Phase.down
    /// Not all is written.
    private var hasUnsent = false
    private var waiting = Queue<RedisOrder>()
    private var inFlight = Queue<Flight>()
    private var failure: (error: SessionStoreError, since: Instant)?
    /// The server is not the primary: once what is in flight has its answers, its host is looked up again.
    private var isLeaving = false
    /// Until when another such answer does not end the connection: while a failover lasts, what only reads goes on.
    private var stayUntil: Instant?
    /// The address that was left: of several it is tried last.
    private var addressLeft: String?
    private var address: String?
    private var knownDistrust = 0

    /// `lookUp` begins to find the addresses of a host.
    init(_ settings: RedisSettings, lookUp: @escaping (String) -> Void) {
        self.settings = settings
        self.lookUp = lookUp
    }

    // MARK: What comes in

    func take(_ orders: [RedisOrder], at now: Instant) {
        for order in orders {
            if let failure {
                guard case .down = phase, waiting.isEmpty, now >= failure.since + settings.retryInterval else {
                    order.end(.failure(RedisFailure(error: failure.error)))
                    continue
                }
            }
            waiting.append(order)
        }
        if case .down = phase, !waiting.isEmpty { begin(at: now) }
        if case .up(let context) = phase {
            if knownDistrust != settings.distrust.count { isLeaving = true }
            exchange(context, isReadable: false, at: now)
        }
    }

    func take(_ outcome: HostLookup.Outcome, at now: Instant) {
        // It may have come too late for the attempt that asked.
        guard case .lookingUp(let until) = phase else { return }
        switch outcome {
        case .addresses(let addresses):
            let isLeft = addresses.map { addressLeft?.isExactly($0) ?? false }
            let order = addresses.indices.filter { !isLeft[$0] } + addresses.indices.filter { isLeft[$0] }
            connect(order.map { addresses[$0] }[...], until: until, at: now)
        case .failure(let words): fail(.unreachable(settings.place, words), at: now)
        }
    }

    /// Ends everything, and these too.
    func close(_ orders: [RedisOrder]) {
        for order in orders { waiting.append(order) }
        drop(RedisFailure(error: .closed(settings.place)), waitingToo: true)
    }

    // MARK: Waiting

    /// Waits for the socket, for `wakeUp`, or for the next time that runs out; then moves on.
    func proceed(_ wakeUp: borrowing WakeUp) {
        var descriptors = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        if let (descriptor, events) = interest {
            descriptors.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        }
        // One more, so that the time has come when the wait is over.
        let milliseconds = nextTime.map { Int32(min(max((($0 - .now) / .milliseconds(1)) + 1, 0), 60_000)) }
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1)
        if descriptors[0].revents != 0 { wakeUp.drain() }
        let events = descriptors.count > 1 ? Int32(descriptors[1].revents) : 0
        move(isReadable: events & ~POLLOUT != 0, isWritable: events & ~POLLIN != 0, at: .now)
    }

    private var interest: (descriptor: Int32, events: Int32)? {
        switch phase {
        case .down, .lookingUp: nil
        case .connecting(let context, _, _, _): (context.descriptor, POLLOUT)
        case .loggingIn(let context, _, _), .up(let context):
            (context.descriptor, hasUnsent ? POLLIN | POLLOUT : POLLIN)
        }
    }

    private var nextTime: Instant? {
        switch phase {
        case .down: nil
        case .lookingUp(let until), .loggingIn(_, _, let until): until
        case .connecting(_, _, let addressUntil, _): addressUntil
        case .up: inFlight.first?.until
        }
    }

    private func move(isReadable: Bool, isWritable: Bool, at now: Instant) {
        switch phase {
        case .down: break
        case .lookingUp(let until):
            if now >= until { fail(.unreachable(settings.place, "its host was not found in time"), at: now) }
        case .connecting(let context, let others, let addressUntil, let until):
            if isWritable {
                connected(context, others, until: until, at: now)
            } else if now >= addressUntil {
                connect(others, until: until, at: now, after: "no answer in time")
            }
        case .loggingIn(let context, let login, let until):
            if isReadable || isWritable { logIn(context, login, isReadable: isReadable, until: until, at: now) }
            if case .loggingIn = phase, now >= until {
                fail(.unreachable(settings.place, "no answer in time"), at: now)
            }
        case .up(let context):
            if isReadable || isWritable { exchange(context, isReadable: isReadable, at: now) }
            if case .up = phase, let first = inFlight.first, now >= first.until {
                fail(.unreachable(settings.place, "no answer in time"), at: now)
            }
        }
    }

    // MARK: Connecting

    private func begin(at now: Instant) {
        let until = now + settings.connectTimeout
        knownDistrust = settings.distrust.count
        switch settings.endpoint {
        case .unixSocket(let path):
            do throws(RedisContext.Failure) {
                let context = try RedisContext(path: path, replyLimit: settings.replyBytes)
                phase = .connecting(context, otherAddresses: [], addressUntil: until, until: until)
            } catch {
                fail(error.error(settings.place), at: now)
            }
        case .tcp(let host, _), .tls(let host, _):
            if HostLookup.isAddress(host) {
                connect([host], until: until, at: now)
            } else {
                phase = .lookingUp(until: until)
                lookUp(host)
            }
        }
    }

    /// Tries the first of the addresses that can be tried.
    private func connect(_ addresses: ArraySlice<String>, until: Instant, at now: Instant, after words: String? = nil) {
        var (rest, words) = (addresses, words ?? "its host has no address")
        while let address = rest.popFirst(), now < until {
            do throws(RedisContext.Failure) {
                let context = try RedisContext(
                    address: address, port: settings.port, replyLimit: settings.replyBytes)
                self.address = address
                // The others get their part of the time.
                let share = (until - now) / (rest.count + 1)
                phase = .connecting(context, otherAddresses: rest, addressUntil: now + share, until: until)
                return
            } catch {
                words = error.words
            }
        }
        fail(.unreachable(settings.place, words), at: now)
    }

    private func connected(
        _ context: RedisContext, _ others: ArraySlice<String>, until: Instant, at now: Instant
    ) {
        do throws(RedisContext.Failure) {
            try context.requireConnected()
            let login = RedisLogin(settings.address)
            for command in login.commands { try context.append(command) }
            phase = .loggingIn(context, login, until: until)
            hasUnsent = try !context.write()
        } catch {
            connect(others, until: until, at: now, after: error.words)
        }
    }

    private func logIn(
        _ context: RedisContext, _ login: RedisLogin, isReadable: Bool, until: Instant, at now: Instant
    ) {
        var login = login
        do {
            if isReadable { try context.read() }
            while !login.isDone, let reply = try context.nextReply() { try login.take(reply, place: settings.place) }
            guard login.isDone else {
                phase = .loggingIn(context, login, until: until)
                hasUnsent = try !context.write()
                return
            }
            phase = .up(context)
            failure = nil
            exchange(context, isReadable: false, at: now)
        } catch let error as SessionStoreError {
            fail(error, at: now)
        } catch {
            fail((error as? RedisContext.Failure)?.error(settings.place) ?? .closed(settings.place), at: now)
        }
    }

    // MARK: Up

    private func exchange(_ context: RedisContext, isReadable: Bool, at now: Instant) {
        do throws(RedisContext.Failure) {
            if isReadable { try context.read() }
            while let reply = try context.nextReply() { try receive(reply, at: now) }
            hasUnsent = try !context.write()
            while !hasUnsent, !isLeaving, let order = waiting.popFirst() {
                inFlight.append(Flight(order: order, until: now + settings.replyTimeout))
                for command in order.commands { try context.append(command) }
                hasUnsent = try !context.write()
            }
            if isLeaving, inFlight.isEmpty { leave(at: now) }
        } catch {
            switch error {
            case .lost: lose(error, at: now)
            case .garbled: fail(error.error(settings.place), at: now)
            }
        }
    }

    private func receive(_ reply: RedisReply, at now: Instant) throws(RedisContext.Failure) {
        guard !inFlight.isEmpty else { throw .garbled("an answer came that nobody asked for") }
        inFlight.changeFirst { $0.replies.append(reply) }
        guard let first = inFlight.first, first.replies.count == first.order.commands.count else { return }
        _ = inFlight.popFirst()
        guard let refusal = first.refusal, isLeaving || stayUntil.map({ now >= $0 }) ?? true else {
            return first.order.end(.success(first.replies))
        }
        if !isLeaving {
            isLeaving = true
            addressLeft = address
            settings.distrust.increment()
        }
        let error = SessionStoreError(refusal.error, command: refusal.command, place: settings.place)
        first.order.end(.failure(RedisFailure(error: error, isRefused: true)))
    }

    /// Gives up a connection that nobody waits for, and makes another for those who come.
    private func leave(at now: Instant) {
        phase = .down
        (isLeaving, hasUnsent) = (false, false)
        stayUntil = now + settings.retryInterval
        if !waiting.isEmpty { begin(at: now) }
    }

    /// The connection is gone; those who have not been served yet get a new one.
    private func lose(_ failure: RedisContext.Failure, at now: Instant) {
        drop(RedisFailure(error: failure.error(settings.place), isBroken: true), waitingToo: false)
        if !waiting.isEmpty { begin(at: now) }
    }

    /// Redis counts as down.
    private func fail(_ error: SessionStoreError, at now: Instant) {
        failure = (error, now)
        drop(RedisFailure(error: error), waitingToo: true)
    }

    private func drop(_ failure: RedisFailure, waitingToo: Bool) {
        phase = .down
        hasUnsent = false
        isLeaving = false
        while let flight = inFlight.popFirst() { flight.order.end(.failure(failure)) }
        while waitingToo, let order = waiting.popFirst() { order.end(.failure(failure)) }
    }
}

extension RedisContext.Failure {
    var words: String {
        switch self {
        case .lost(let words), .garbled(let words): words
        }
    }

    func error(_ place: String) -> SessionStoreError {
        switch self {
        case .lost(let words): .unreachable(place, words)
        case .garbled(let words): .garbled(place, words)
        }
    }
}
