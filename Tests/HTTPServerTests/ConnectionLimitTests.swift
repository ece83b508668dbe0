import Dispatch
import HTTPMessages
import Testing

@testable import HTTPServer

private let plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
private let waits = "GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n"

extension RawClient {
    /// A client whose connection is idle: it has had one response.
    static func idle(port: UInt16, from source: String? = nil) throws -> RawClient {
        let client = try RawClient(port: port, from: source)
        #expect(try client.status(of: plain) == 200)
        return client
    }

    func status(of request: String) throws -> Int? {
        sendWhatIsTaken(request)
        return try reply()?.status
    }
}

@Suite("How many connections a server takes, and whose", .timeLimit(.minutes(1)))
struct ConnectionLimitTests {
    private func limits(_ connections: Int, perClient: Int = 256) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.connections = connections
        configuration.connectionsPerAddress = perClient
        return configuration
    }

    /// Waits at the gate where the path says so.
    private func waiting(at gate: Gate) -> HTTPHandler {
        { request in
            if request.path == "/waits" { await gate.pass() }
            return .text("ok")
        }
    }

    @Test("When there are as many as there may be, the one that has been idle longest gives way to a new one")
    func idleGivesWay() async throws {
        try await withServer(limits(2), answering: ok) { server in
            try await blocking { [port = server.port] in
                let first = try RawClient.idle(port: port)
                let second = try RawClient.idle(port: port)
                let third = try RawClient.idle(port: port)
                #expect(try first.leftover().isEmpty)
                #expect(try third.status(of: plain) == 200)
                #expect(try second.status(of: plain) == 200)
            }
        }
    }

    @Test(
        "Connections without a whole head give way to a new one",
        arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
    func headlessGivesWay(_ beginning: String) async throws {
        var configuration = limits(2)
        configuration.headTimeout = .seconds(60)
        try await withServer(configuration, answering: ok) { server in
            try await blocking { [port = server.port] in
                let slow = try (0..<2).map { _ in try RawClient(port: port) }
                for client in slow { try client.send(beginning) }
                for _ in 0..<20 { #expect(try RawClient(port: port).status(of: plain) == 200) }
                withExtendedLifetime(slow) {}
            }
        }
    }

    @Test("A connection whose request is on its way does not give way")
    func arrivingStays() async throws {
        let (began, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        var configuration = limits(2)
        configuration.threads = 1
        let handler: HTTPHandler = { request in
            // Blocks the server's only thread, so that nothing is read meanwhile.
            if request.path == "/blocks" { block(until: mayEnd, after: began) }
            return .text("ok")
        }
        try await withServer(configuration, answering: handler) { server in
            try await blocking { [port = server.port] in
                let first = try RawClient.idle(port: port)
                let second = try RawClient.idle(port: port)
                try second.send("GET /blocks HTTP/1.1\r\nHost: localhost\r\n\r\n")
                began.wait()
                try first.send(plain)
                let third = try RawClient(port: port)
                try third.send(plain)
                #expect(first.isSilent(forMilliseconds: 250))
                mayEnd.signal()
                for client in [first, second, third] { #expect(try client.reply()?.status == 200) }
            }
        }
    }

    @Test("The client that has most connections gives way first, and who has one keeps it")
    func greedyGivesWay() async throws {
        try await withServer(limits(4), answering: ok) { server in
            try await blocking { [port = server.port] in
                let modest = try RawClient.idle(port: port, from: "127.0.0.2")
                var greedy = try (0..<3).map { _ in try RawClient.idle(port: port, from: "127.0.0.3") }
                // It comes again and again, and takes nothing from anybody but itself.
                for _ in 0..<20 { greedy.append(try RawClient.idle(port: port, from: "127.0.0.3")) }
                let new = try RawClient.idle(port: port, from: "127.0.0.4")
                #expect(try modest.status(of: plain) == 200)
                #expect(try new.status(of: plain) == 200)
            }
        }
    }

    @Test("A client that is slow with a body gives way when its time is over")
    func slowBodyGivesWay() async throws {
        var configuration = limits(1)
        configuration.patience = .zero
        try await withServer(configuration, answering: ok) { server in
            try await blocking { [port = server.port] in
                let slow = try RawClient(port: port)
                try slow.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1234")
                #expect(try RawClient(port: port).status(of: plain) == 200)
                #expect(try slow.leftover().isEmpty)
            }
        }
    }

    @Test("A body that is under way does not give way: the new connection waits")
    func bodyStays() async throws {
        try await withServer(limits(1), answering: echo) { server in
            try await blocking { [port = server.port] in
                let first = try RawClient(port: port)
                try first.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n")
                // Now the server has the head.
                #expect(try first.reply()?.status == 100)
                let second = try RawClient(port: port)
                try second.send(plain)
                try first.send("123456789")
                #expect(try first.reply()?.body == "123456789")
                #expect(try second.reply()?.status == 200)
            }
        }
    }

    @Test("Requests in progress do not give way: a new connection waits until one of them is through")
    func busyStays() async throws {
        let gate = Gate()
        try await withServer(limits(2), answering: waiting(at: gate)) { server in
            let busy = try await blocking { [port = server.port] in
                let busy = try (0..<2).map { _ in SharedClient(try RawClient(port: port)) }
                for client in busy { try client.send(waits) }
                return busy
            }
            await gate.arrival(of: 2)
            let further = try await blocking { [port = server.port] in
                let further = SharedClient(try RawClient(port: port))
                try further.send(plain)
                return further
            }
            gate.open()
            try await blocking {
                let statuses = try (busy + [further]).map { try $0.reply()?.status }
                #expect(statuses == [200, 200, 200])
            }
        }
    }

    @Test("A connection beyond the limit for its client is closed, and there is room again when another ends")
    func clientLimit() async throws {
        try await withServer(limits(512, perClient: 2), answering: ok) { server in
            try await blocking { [port = server.port] in
                let two = try (0..<2).map { _ in try RawClient.idle(port: port) }
                #expect(try RawClient(port: port).status(of: plain) == nil)
                #expect(try RawClient(port: port, from: "127.0.0.2").status(of: plain) == 200)
                // One of the two asks to be closed, and is.
                try two[0].send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                _ = try two[0].leftover()
                // The server counts it out a moment after the client has seen the end.
                let isThereRoom = try (0..<1000).contains { _ in try RawClient(port: port).status(of: plain) != nil }
                #expect(isThereRoom)
                #expect(try two[1].status(of: plain) == 200)
            }
        }
    }

    @Test("No more are admitted than there may be, of a client and in all; proxies are limited by the latter alone")
    func admission() {
        func peer(_ address: String) -> ConnectionTable.Peer {
            ConnectionTable.Peer(address: address, client: Client(address: address, trusting: TrustedProxies()))
        }
        let proxy = ConnectionTable.Peer(address: "127.0.0.1", client: .proxy)
        let limits = limits(4, perClient: 2)
        var table = ConnectionTable()
        #expect(table.admit(1, of: peer("192.0.2.1"), within: limits) == .admitted)
        #expect(table.admit(2, of: peer("::ffff:192.0.2.1"), within: limits) == .admitted)
        #expect(table.admit(3, of: peer("192.0.2.1"), within: limits) == .tooManyOfClient)
        #expect(table.admit(3, of: proxy, within: limits) == .admitted)
        #expect(table.admit(4, of: proxy, within: limits) == .admitted)
        #expect(table.admit(5, of: proxy, within: limits) == .full)
        #expect(table.admit(5, of: peer("192.0.2.2"), within: limits) == .full)
        #expect(table.takeOver(2)?.address == "::ffff:192.0.2.1")
        #expect(table.takeOver(2) == nil)
        #expect(table.admit(5, of: proxy, within: limits) == .admitted)
        // A descriptor that comes again is another connection, and the former one is gone.
        #expect(table.takeOver(3) != nil)
        #expect(table.admit(1, of: peer("192.0.2.2"), within: limits) == .admitted)
        #expect(table.takeOver(4) != nil)
        #expect(table.admit(6, of: peer("192.0.2.1"), within: limits) == .admitted)
    }

    @Test("A client is an IPv4 address, however it is written, or an IPv6 network of 64 bits")
    func clients() throws {
        let proxies = try TrustedProxies("10.0.0.0/8, fd00::1")
        func client(_ address: String) -> Client { Client(address: address, trusting: proxies) }
        #expect(client("192.0.2.1") == client("::ffff:192.0.2.1"))
        #expect(client("192.0.2.1") == client("::ffff:c000:201"))
        #expect(client("192.0.2.1") != client("192.0.2.2"))
        #expect(client("::ffff:192.0.2.1") != client("::ffff:192.0.2.2"))
        #expect(client("2001:db8:0:1::1") == client("2001:db8:0:1:ffff:ffff:ffff:ffff"))
        #expect(client("2001:db8:0:1::1") != client("2001:db8:0:2::1"))
        #expect(client("fe80::1%eth0") == client("fe80::2%eth0"))
        #expect(client("10.1.2.3") == .proxy)
        #expect(client("::ffff:10.1.2.3") == .proxy)
        #expect(client("fd00::1") == .proxy)
        #expect(client("fd00::2") != .proxy)
        #expect(client("") == .other(""))
    }
}

/// Blocks the thread, which a handler must not do.
private func block(until end: DispatchSemaphore, after began: DispatchSemaphore) {
    began.signal()
    end.wait()
}
