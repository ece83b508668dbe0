import HTTPMessages
import HTTPServer
import Testing

private let plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

@Suite("Connections of a trusted proxy, which carry the requests of many clients", .timeLimit(.minutes(1)))
struct ProxiedClientTests {
    private func limits(_ connections: Int, perClient: Int) throws -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.connections = connections
        configuration.connectionsPerAddress = perClient
        configuration.trustedProxies = try TrustedProxies("127.0.0.1")
        return configuration
    }

    private func request(_ path: String, of client: String?, more: String = "", body: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\(more)"
            + (client.map { "X-Forwarded-For: \($0)\r\n" } ?? "") + "\r\n" + body
    }

    @Test("The proxy may have all connections, whatever one client may have")
    func allForTheProxy() async throws {
        try await withServer(try limits(20, perClient: 1), answering: ok) { server in
            try await blocking { [port = server.port] in
                let proxy = try (0..<20).map { _ in try RawClient.idle(port: port) }
                for connection in proxy { #expect(try connection.status(of: plain) == 200) }
            }
        }
    }

    @Test("The proxy's idle connections do not give way: a further one waits, and is served when one ends")
    func idleStays() async throws {
        try await withServer(try limits(2, perClient: 1), answering: ok) { server in
            try await blocking { [port = server.port] in
                let two = try (0..<2).map { _ in try RawClient.idle(port: port) }
                let further = try RawClient(port: port)
                try further.send(plain)
                for connection in two + two { #expect(try connection.status(of: plain) == 200) }
                try two[0].send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                #expect(try further.reply()?.status == 200)
                #expect(try two[1].status(of: plain) == 200)
            }
        }
    }

    @Test(
        "A client with too many requests in progress gets 429, on a connection that stays; others are served",
        arguments: [
            (["203.0.113.5", "203.0.113.5"], "::ffff:203.0.113.5", "203.0.113.6"),
            (["2001:db8::1", "2001:db8::2"], "2001:db8::3", "2001:db8:0:1::1"),
            (["9.9.9.9, 203.0.113.5", "8.8.8.8, 203.0.113.5"], "7.7.7.7, 203.0.113.5", "203.0.113.5, 203.0.113.6"),
            // Forwarded, which this proxy leaves as the client sent it, leads elsewhere.
            (
                ["203.0.113.5\r\nForwarded: for=9.9.9.9", "203.0.113.5\r\nForwarded: for=8.8.8.8"],
                "203.0.113.7\r\nForwarded: for=7.7.7.7", "203.0.113.5"
            ),
        ])
    func tooManyOfClient(_ held: [String], _ same: String, _ other: String) async throws {
        let gate = Gate()
        let handler: HTTPHandler = { request in
            if request.path == "/waits" { await gate.pass() }
            return .text(String(decoding: request.body, as: UTF8.self))
        }
        let (holding, further, others) = (
            held.map { request("/waits", of: $0) }, request("/", of: same, body: "of the same"),
            request("/", of: other, body: "of another")
        )
        try await withServer(try limits(512, perClient: 2), answering: handler) { server in
            let busy = try await blocking { [port = server.port] in
                let busy = try holding.map { _ in SharedClient(try RawClient(port: port)) }
                for (client, request) in zip(busy, holding) { try client.send(request) }
                return busy
            }
            await gate.arrival(of: 2)
            let connection = try await blocking { [port = server.port] in
                let connection = try RawClient(port: port)
                for _ in 0..<3 {
                    try connection.send(further)
                    let refused = try connection.reply()
                    #expect(refused?.status == 429)
                    #expect(refused?["retry-after"] == "1")
                    #expect(refused?["connection"] == nil)
                    #expect(refused?.body.contains("too many requests") == true)
                    try connection.send(others)
                    #expect(try connection.reply()?.body == "of another")
                }
                return SharedClient(connection)
            }
            gate.open()
            try await blocking {
                for client in busy { #expect(try client.reply()?.status == 200) }
                for _ in 0..<5 {
                    try connection.send(further)
                    #expect(try connection.reply()?.body == "of the same")
                }
            }
        }
    }

    @Test("Where the proxy names nobody, or itself, nobody is counted", arguments: [nil, "127.0.0.1", "unknown"])
    func nobody(_ named: String?) async throws {
        let gate = Gate()
        let handler: HTTPHandler = { request in
            if request.path == "/waits" { await gate.pass() }
            return .text("ok")
        }
        let (held, further) = (request("/waits", of: named), request("/", of: named))
        try await withServer(try limits(512, perClient: 1), answering: handler) { server in
            let busy = try await blocking { [port = server.port] in
                let busy = SharedClient(try RawClient(port: port))
                try busy.send(held)
                return busy
            }
            await gate.arrival()
            let status = try await blocking { [port = server.port] in try RawClient(port: port).status(of: further) }
            #expect(status == 200)
            gate.open()
            let reply = try await blocking { try busy.reply() }
            #expect(reply?.status == 200)
        }
    }

    @Test("Whom a peer names that is no trusted proxy does not matter: its connections are limited")
    func untrusted() async throws {
        let request = request("/", of: "203.0.113.5")
        try await withServer(try limits(512, perClient: 1), answering: ok) { server in
            try await blocking { [port = server.port] in
                let first = try RawClient(port: port, from: "127.0.0.2")
                #expect(try first.status(of: request) == 200)
                #expect(try RawClient(port: port, from: "127.0.0.2").status(of: request) == nil)
            }
        }
    }
}
