import Dispatch
import HTTPMessages
import HTTPServer
import Synchronization
import Testing

private let plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

@Suite("Many at once, and handlers that wait")
struct LoadTests {
    @Test("200 requests wait at the same time, and all are answered")
    func concurrency() async throws {
        let gate = Gate()
        let handler: HTTPHandler = { request in
            await gate.pass()
            return .text(request.path)
        }
        try await withServer(answering: handler) { server in
            async let bodies = blocking { [port = server.port] in
                let clients = try (0..<200).map { _ in try RawClient(port: port) }
                for (number, client) in clients.enumerated() {
                    try client.send("GET /\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                }
                return try clients.map { try $0.reply()?.body }
            }
            await gate.arrival(of: 200)
            gate.open()
            let answered = try await bodies
            #expect(answered == (0..<200).map { "/\($0)" })
        }
    }

    @Test("A handler that waits for another thread is answered when that resumes it")
    func otherThread() async throws {
        let handler: HTTPHandler = { _ in
            let number = await withCheckedContinuation { continuation in
                DispatchQueue(label: "other").async { continuation.resume(returning: 42) }
            }
            return .text("\(number)")
        }
        try await withServer(answering: handler) { server in
            let bodies = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                return try (0..<500).map { _ in
                    try client.send(plain)
                    return try client.reply()?.body
                }
            }
            #expect(bodies.allSatisfy { $0 == "42" })
        }
    }

    @Test("A handler that does not wait runs on the server's own thread")
    func inline() async throws {
        let threads = Mutex<Set<String>>([])
        let handler: HTTPHandler = { _ in
            threads.withLock { _ = $0.insert(currentThreadName()) }
            return .text("ok")
        }
        try await withServer(HTTPServerConfiguration(threads: 1), answering: handler) { server in
            for _ in 0..<5 { _ = try await reply(from: server.port, to: plain) }
        }
        #expect(threads.withLock { $0 } == ["MHD-single"])
    }

    @Test("A client that goes away while the handler waits harms nobody")
    func disconnect() async throws {
        let gate = Gate()
        let handler: HTTPHandler = { request in
            if request.path == "/waits" { await gate.pass() }
            return HTTPResponse(status: 200, body: Array(repeating: 0x78, count: 100_000))
        }
        try await withServer(answering: handler) { server in
            try await blocking { [port = server.port] in
                for _ in 0..<20 {
                    let client = try RawClient(port: port)
                    try client.send("GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n")
                }
            }
            await gate.arrival(of: 20)
            gate.open()
            let reply = try await reply(from: server.port, to: plain)
            #expect(reply?.body.count == 100_000)
        }
    }
}
