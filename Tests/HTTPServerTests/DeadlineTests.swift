import Glibc
import HTTPMessages
import HTTPServer
import Synchronization
import Testing

private let plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

/// Each test sets the limit that it is about to a fifth of a second and leaves the others at ten seconds and more: the
/// client, which waits for ten seconds, sees the end only because of that one.
@Suite("Deadlines")
struct DeadlineTests {
    private static let limit = Duration.milliseconds(200)

    private func configuration(_ limit: WritableKeyPath<HTTPServerConfiguration, Duration>) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.headTimeout = .seconds(60)
        configuration[keyPath: limit] = Self.limit
        return configuration
    }

    /// Whether the server ends the connection while one byte after the other comes, quicker than any limit.
    private func endsWhileDripping(after start: String, at port: UInt16) async throws -> Bool {
        try await blocking {
            let client = try RawClient(port: port)
            try client.send(start)
            for _ in 0..<500 {
                usleep(10_000)
                do { try client.send("a") } catch { return true }
            }
            return false
        }
    }

    @Test("A connection on which nothing comes is ended")
    func silence() async throws {
        try await withServer(configuration(\.headTimeout), answering: ok) { server in
            let rest = try await blocking { [port = server.port] in try RawClient(port: port).leftover() }
            #expect(rest.isEmpty)
        }
    }

    @Test(
        "A head that comes drop by drop is ended, however regular the drops",
        arguments: ["", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
    func slowHead(_ start: String) async throws {
        try await withServer(configuration(\.headTimeout), answering: ok) { server in
            let isEnded = try await endsWhileDripping(after: start, at: server.port)
            #expect(isEnded)
        }
    }

    @Test("A body that comes drop by drop is ended, however regular the drops")
    func slowBody() async throws {
        try await withServer(configuration(\.bodyTimeout), answering: ok) { server in
            let start = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n"
            let isEnded = try await endsWhileDripping(after: start, at: server.port)
            #expect(isEnded)
        }
    }

    @Test("A connection is ended when no further request comes")
    func idle() async throws {
        try await withServer(configuration(\.idleTimeout), answering: ok) { server in
            let (reply, rest) = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(plain)
                return (try client.reply(), try client.leftover())
            }
            #expect(reply?.status == 200)
            #expect(reply?["connection"] == nil)
            #expect(rest.isEmpty)
        }
    }

    @Test("A client that does not take its answer is cut off")
    func slowReader() async throws {
        let size = 32 << 20
        let handler: HTTPHandler = { _ in HTTPResponse(status: 200, body: Array(repeating: 0x78, count: size)) }
        try await withServer(configuration(\.answerTimeout), answering: handler) { server in
            let received = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(plain)
                usleep(600_000)
                return try client.leftover().utf8.count
            }
            #expect(received < size)
        }
    }

    @Test("A handler that waits too long is cancelled, and the client gets 503")
    func slowHandler() async throws {
        let gate = Gate()
        let wasCancelled = Mutex(false)
        let handler: HTTPHandler = { _ in
            await withTaskCancellationHandler {
                await gate.pass()
            } onCancel: {
                wasCancelled.withLock { $0 = true }
            }
            return .text("too late")
        }
        try await withServer(configuration(\.handlerTimeout), answering: handler) { server in
            let (reply, rest) = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(plain)
                return (try client.reply(), try client.leftover())
            }
            #expect(reply?.status == 503)
            #expect(reply?["connection"] == "close")
            #expect(rest.isEmpty)
            #expect(wasCancelled.withLock { $0 })
            // The late answer meets a connection that is gone.
            gate.open()
        }
    }

    @Test("No deadline meets a client that keeps within the limits")
    func inTime() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.headTimeout = .milliseconds(400)
        configuration.bodyTimeout = .milliseconds(400)
        configuration.idleTimeout = .milliseconds(400)
        configuration.answerTimeout = .milliseconds(400)
        try await withServer(configuration, answering: echo) { server in
            let bodies = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                // Longer than each limit, but no part of it is.
                return try (0..<10).map { _ in
                    usleep(60_000)
                    try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\na")
                    usleep(20_000)
                    try client.send("b")
                    return try client.reply()?.body
                }
            }
            #expect(bodies == Array(repeating: "ab", count: 10))
        }
    }
}
