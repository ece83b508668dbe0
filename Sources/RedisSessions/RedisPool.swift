import ByteText
import Sessions
import Synchronization

/// A few connections, used in turn.
final class RedisPool: Sendable {
    private let connections: [RedisConnection]
    private let place: String
    private let waitingLimit: Int
    private let replyTimeout: Duration
    private let next = Atomic<UInt>(0)
    private let waiting = Atomic<Int>(0)

    init(
        _ address: RedisAddress, _ configuration: RedisSessionStore.Configuration, lookup: HostLookup = HostLookup()
    ) throws(SessionStoreError) {
        let settings = RedisSettings(
            address: address, connectTimeout: configuration.connectTimeout, replyTimeout: configuration.replyTimeout,
            retryInterval: configuration.retryInterval, replyBytes: configuration.replyBytes,
            lookup: lookup)
        var connections: [RedisConnection] = []
        for _ in 0..<min(max(1, configuration.connections), 64) {
            do throws(SessionStoreError) {
                connections.append(try RedisConnection(settings))
            } catch {
                for connection in connections { connection.close() }
                throw error
            }
        }
        self.connections = connections
        place = settings.place
        waitingLimit = configuration.waitingCommands
        replyTimeout = configuration.replyTimeout
    }

    deinit { close() }

    func close() {
        for connection in connections { connection.close() }
    }

    /// The answer to a command.
    ///
    /// `isRepeatable`: it does no harm twice, so it is sent once more where the connection broke before the answer.
    /// Throws the error of a refusal too.
    func send(_ command: RedisCommand, isRepeatable: Bool = true) async throws(SessionStoreError) -> RedisReply {
        let reply = try await send([command], isRepeatable: isRepeatable)[0]
        if case .error(let error) = reply { throw SessionStoreError(error, command: command.name, place: place) }
        return reply
    }

    /// The answers to some commands that are sent together, refusals among them.
    func send(
        _ commands: [RedisCommand], isRepeatable: Bool = true
    ) async throws(SessionStoreError) -> [RedisReply] {
        guard waiting.add(commands.count, ordering: .relaxed).newValue <= waitingLimit else {
            waiting.subtract(commands.count, ordering: .relaxed)
            throw SessionStoreError(
                .unavailable, context: "\(place): over \(waitingLimit) commands wait",
                remedy: "see why Redis is slow, or spread the requests over more machines")
        }
        defer { waiting.subtract(commands.count, ordering: .relaxed) }
        let began = ContinuousClock.now
        let connection = nextConnection
        var outcome = await connection.send(commands)
        if case .failure(let failure) = outcome, .now < began + replyTimeout {
            if failure.isRefused {
                outcome = await connection.send(commands)
            } else if failure.isBroken, isRepeatable {
                outcome = await nextConnection.send(commands)
            }
        }
        do throws(RedisFailure) {
            return try outcome.get()
        } catch {
            throw error.error
        }
    }

    /// What is kept under some keys; `nil` where there is nothing, or a key of another type.
    func values(of keys: [[UInt8]]) async throws(SessionStoreError) -> [[UInt8]?] {
        try await values(by: keys.map { RedisCommand("GET", $0) })
    }

    /// The first bytes of what is kept under some keys; none where there is nothing, or a key of another type.
    func beginnings(of keys: [[UInt8]], byteCount: Int) async throws(SessionStoreError) -> [[UInt8]] {
        let commands = keys.map { RedisCommand("GETRANGE", $0, Array("0"), Array(byteCount - 1)) }
        return try await values(by: commands).map { $0 ?? [] }
    }

    private func values(by commands: [RedisCommand]) async throws(SessionStoreError) -> [[UInt8]?] {
        guard let name = commands.first?.name else { return [] }
        let replies = try await send(commands)
        var values: [[UInt8]?] = []
        for reply in replies {
            switch reply {
            case .bytes(let bytes): values.append(bytes)
            case .null: values.append(nil)
            case .error(let error) where error.name.isExactly("WRONGTYPE"): values.append(nil)
            case .error(let error): throw SessionStoreError(error, command: name, place: place)
            default: throw unexpected
            }
        }
        return values
    }

    /// What a command lists; nothing where there is a key of another type.
    func list(_ command: RedisCommand) async throws(SessionStoreError) -> [RedisReply] {
        switch try await send([command])[0] {
        case .list(let list): return list
        case .error(let error) where error.name.isExactly("WRONGTYPE"): return []
        case .error(let error): throw SessionStoreError(error, command: command.name, place: place)
        default: throw unexpected
        }
    }

    /// Runs a script.
    func run(
        _ script: RedisScript, keys: [[UInt8]], _ values: [[UInt8]], isRepeatable: Bool = true
    ) async throws(SessionStoreError) -> RedisReply {
        let reply = try await send([script.command(keys, values)], isRepeatable: isRepeatable)[0]
        guard case .error(let error) = reply else { return reply }
        guard error.name.isExactly("NOSCRIPT") else { throw SessionStoreError(error, command: "EVALSHA", place: place) }
        return try await send(script.fullCommand(keys, values), isRepeatable: isRepeatable)
    }

    /// The error of an answer that is of another kind than the command's.
    var unexpected: SessionStoreError { .garbled(place, "an answer is of another kind than was asked for") }

    private var nextConnection: RedisConnection {
        connections[Int(next.add(1, ordering: .relaxed).oldValue % UInt(connections.count))]
    }
}
