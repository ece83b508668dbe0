import HTTPMessages
import HTTPServer
import Testing

@Suite("Where a server listens")
struct ListeningTests {
    @Test(
        "An IPv4 address, an IPv6 address with and without brackets, and localhost",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"),
        ])
    func hosts(_ host: String, _ address: String) async throws {
        let configuration = HTTPServerConfiguration(host: host)
        let handler: HTTPHandler = { .text($0.peerAddress) }
        try await withServer(configuration, answering: handler) { server in
            let reply = try await blocking { [port = server.port] in
                let client = try RawClient(port: port, host: address)
                try client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return try client.reply()
            }
            #expect(reply?.body == address)
        }
    }

    @Test("A port that is taken is an error that names it and the remedy")
    func portInUse() async throws {
        try await withServer(answering: ok) { server in
            let error = #expect(throws: HTTPServerError.self) {
                try HTTPServer(HTTPServerConfiguration(port: server.port)) { _ in .text("never") }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.description.contains("127.0.0.1:\(server.port)") == true)
            #expect(error?.description.contains("choose another port") == true)
        }
    }

    @Test(
        "A host that is no address is an error that names it",
        arguments: ["example.org", "", "1.2.3.4.5", "::g", "localhost.evil"])
    func noAddress(_ host: String) {
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(HTTPServerConfiguration(host: host, port: 8000)) { _ in .text("never") }
        }
        #expect(error?.code == .host)
        #expect(error?.description.contains(host) == true)
    }

    @Test("An address of another machine is an error")
    func otherMachine() {
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(HTTPServerConfiguration(host: "192.0.2.1")) { _ in .text("never") }
        }
        #expect(error?.code == .addressNotAvailable)
    }

    @Test("The port is free again after a shutdown")
    func portIsFreed() async throws {
        let server = try HTTPServer(HTTPServerConfiguration()) { _ in .text("first") }
        let port = server.port
        _ = try await reply(from: port, to: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await server.shutdown()
        let handler: HTTPHandler = { _ in .text("second") }
        try await withServer(HTTPServerConfiguration(port: port), answering: handler) { _ in
            let reply = try await reply(from: port, to: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(reply?.body == "second")
        }
    }
}
