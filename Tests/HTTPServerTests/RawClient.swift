import Dispatch
import Glibc
import HTTPMessages
import HTTPServer
import Synchronization

/// A TCP client that sends what it is told to, however wrong, with blocking calls that end after ten seconds at most.
final class RawClient {
    private let descriptor: CInt
    private var buffer: [UInt8] = []

    /// What the server answered.
    struct Reply {
        var status: Int
        var fields: [(name: String, value: String)]
        var body: String

        subscript(_ name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
    }

    struct Failure: Error {
        var what: String
        var code: CInt
    }

    /// Connects, from an address of its own where one is given: all of 127.0.0.0/8 are this machine.
    init(port: UInt16, host: String = "127.0.0.1", from source: String? = nil) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else {
            throw Failure(what: "address", code: 0)
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(address.ai_family, CInt(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if let source {
            var own = sockaddr_in()
            own.sin_family = sa_family_t(AF_INET)
            inet_pton(AF_INET, source, &own.sin_addr)
            let isBound = withUnsafePointer(to: &own) { own in
                own.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isBound else { throw Failure(what: "bind", code: errno) }
        }
        guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            throw Failure(what: "connect", code: errno)
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send", code: errno) }
            sent += count
        }
    }

    /// Sends what it can of a request that the server may refuse before it has read it.
    func sendWhatIsTaken(_ text: String) { try? send(text) }

    /// The next answer, final or interim; `nil` where the connection ended before one came whole.
    func reply(toHead: Bool = false) throws -> Reply? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = buffer.firstRange(of: end) {
                let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
                let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                let fields = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (String(parts[0]), String(parts.last?.drop { $0 == " " } ?? ""))
                }
                var reply = Reply(status: status, fields: fields, body: "")
                let length = toHead || status == 100 ? 0 : reply["content-length"].flatMap { Int($0) } ?? 0
                if buffer.count >= head.upperBound + length {
                    reply.body = String(decoding: buffer[head.upperBound..<(head.upperBound + length)], as: UTF8.self)
                    buffer.removeFirst(head.upperBound + length)
                    return reply
                }
            }
            guard try receive() else { return nil }
        }
    }

    /// Whether the server ends the connection; what it still sends before counts as left over and is given back.
    func leftover() throws -> String {
        while try receive() {}
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Whether nothing comes, not even the end of the connection, for so many milliseconds.
    func isSilent(forMilliseconds limit: CInt) -> Bool {
        var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&end, 1, limit) == 0
    }

    /// Reads more; `false` at the end of the connection. Throws where nothing comes for ten seconds.
    private func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count > 0 { buffer += piece[..<count] }
        if count < 0, errno != ECONNRESET { throw Failure(what: "recv", code: errno) }
        return count > 0
    }
}

/// A client that several threads may use, one after the other.
final class SharedClient: Sendable {
    private let client: Mutex<RawClient>

    init(_ client: sending RawClient) { self.client = Mutex(client) }

    func send(_ text: String) throws { try client.withLock { try $0.send(text) } }

    func reply() throws -> RawClient.Reply? { try client.withLock { try $0.reply() } }
}

/// Runs blocking calls on a thread of their own, not on those that handlers need. What they expect counts for the test.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(ClientThread()) { try body() }
}

private final class ClientThread: TaskExecutor {
    private let queue = DispatchQueue(label: "client")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Says ok to everything.
let ok: HTTPHandler = { _ in .text("ok") }

/// Answers with the body of the request.
let echo: HTTPHandler = { HTTPResponse(status: 200, body: $0.body) }

/// Runs a server for as long as `body` takes.
func withServer<Value>(
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(), answering handler: @escaping HTTPHandler,
    _ body: (HTTPServer) async throws -> Value
) async throws -> Value {
    let server = try HTTPServer(configuration, handler: handler)
    do {
        let value = try await body(server)
        await server.shutdown(within: .seconds(5))
        return value
    } catch {
        await server.shutdown(within: .zero)
        throw error
    }
}

/// What a server answers to one request on a connection of its own.
func reply(
    from port: UInt16, to request: String, toHead: Bool = false
) async throws -> RawClient.Reply? {
    try await blocking {
        let client = try RawClient(port: port)
        client.sendWhatIsTaken(request)
        return try client.reply(toHead: toHead)
    }
}

/// The name of the thread that asks.
func currentThreadName() -> String {
    let file = open("/proc/thread-self/comm", O_RDONLY)
    defer { close(file) }
    var name = [UInt8](repeating: 0, count: 64)
    let count = read(file, &name, name.count)
    return String(decoding: name.prefix(max(0, count - 1)), as: UTF8.self)
}
