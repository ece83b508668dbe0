import Dispatch
import HTTPMessages
import HTTPServer
import Synchronization
import Testing

private let plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

@Suite("Shutting down")
struct ShutdownTests {
    /// How long `body` takes.
    private func duration(_ body: () async throws -> Void) async rethrows -> Duration {
        let clock = ContinuousClock()
        return try await clock.measure { try await body() }
    }

    @Test("A request that is under way is finished, with Connection: close, and no further connection is taken")
    func underWay() async throws {
        let gate = Gate()
        let handler: HTTPHandler = { _ in
            await gate.pass()
            return .text("finished")
        }
        let server = try HTTPServer(HTTPServerConfiguration(), handler: handler)
        async let answer = blocking { [port = server.port] in
            let client = try RawClient(port: port)
            try client.send(plain)
            return (try client.reply(), try client.leftover())
        }
        await gate.arrival()
        async let shutdown: Void = server.shutdown(within: .seconds(30))
        try await blocking { [port = server.port] in
            // Refused as soon as the shutdown has begun.
            while (try? RawClient(port: port)) != nil {}
        }
        gate.open()
        await shutdown
        let (reply, rest) = try await answer
        #expect(reply?.body == "finished")
        #expect(reply?["connection"] == "close")
        #expect(rest.isEmpty)
    }

    @Test("A request that does not finish in time is answered with 503, and its handler is cancelled")
    func outOfTime() async throws {
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
        let server = try HTTPServer(HTTPServerConfiguration(), handler: handler)
        async let answer = reply(from: server.port, to: plain)
        await gate.arrival()
        let time = await duration { await server.shutdown(within: .milliseconds(50)) }
        #expect(try await answer?.status == 503)
        #expect(wasCancelled.withLock { $0 })
        #expect(time < .seconds(5))
        gate.open()
    }

    @Test("Connections that only wait for a next request do not hold it up")
    func idleConnections() async throws {
        let server = try HTTPServer(HTTPServerConfiguration()) { _ in .text("ok") }
        let opened = Gate()
        async let rests = blocking { [port = server.port] in
            let clients = try (0..<20).map { _ in try RawClient(port: port) }
            for client in clients.prefix(10) {
                try client.send(plain)
                _ = try client.reply()
            }
            try clients.last?.send("GET / HTT")
            Task { await opened.pass() }
            return try clients.map { try $0.leftover() }
        }
        await opened.arrival()
        let time = await duration { await server.shutdown(within: .seconds(30)) }
        #expect(time < .seconds(5))
        #expect(try await rests == Array(repeating: "", count: 20))
        opened.open()
    }

    @Test("A handler that blocks the server's thread cannot hold it up for ever")
    func blockedThread() async throws {
        let started = Gate()
        let end = DispatchSemaphore(value: 0)
        let server = try HTTPServer(HTTPServerConfiguration(threads: 1)) { _ in
            Task { await started.pass() }
            block(until: end)
            return .text("late")
        }
        async let answer = blocking { [port = server.port] in
            let client = try RawClient(port: port)
            try client.send(plain)
            return try client.reply()
        }
        await started.arrival()
        let time = await duration { await server.shutdown(within: .milliseconds(50)) }
        #expect(time < .seconds(8))
        end.signal()
        started.open()
        _ = try await answer
    }

    @Test("Further calls wait for the first, and a call after the end returns")
    func repeated() async throws {
        let gate = Gate()
        let server = try HTTPServer(HTTPServerConfiguration()) { _ in
            await gate.pass()
            return .text("finished")
        }
        async let answer = reply(from: server.port, to: plain)
        await gate.arrival()
        async let first: Void = server.shutdown(within: .seconds(30))
        async let second: Void = server.shutdown(within: .seconds(30))
        gate.open()
        _ = await (first, second)
        await server.shutdown()
        #expect(try await answer?.body == "finished")
    }

    @Test("A server that nobody holds any longer stops by itself")
    func letGo() async throws {
        var server: HTTPServer? = try HTTPServer(HTTPServerConfiguration()) { _ in .text("ok") }
        let port = try #require(server?.port)
        #expect(try await reply(from: port, to: plain)?.status == 200)
        server = nil
        let isRefused = try await blocking {
            for _ in 0..<100_000 { if (try? RawClient(port: port)) == nil { return true } }
            return false
        }
        #expect(isRefused)
    }

    @Test("A request on a kept connection is answered during a shutdown, or not taken at all, but never refused")
    func keptConnections() async throws {
        for round in 0..<20 {
            let served = Gate()
            let server = try HTTPServer(HTTPServerConfiguration(threads: 2)) { _ in
                await Task.yield()
                Task { await served.pass() }
                return .text("ok")
            }
            served.open()
            let statuses = await withTaskGroup(of: [Int].self) { group in
                for _ in 0..<4 {
                    group.addTask { [port = server.port] in
                        (try? await blocking { statusesUntilRefused(by: port) }) ?? []
                    }
                }
                await served.arrival(of: 1 + 40 * round)
                await server.shutdown(within: .seconds(30))
                return await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
            }
            #expect(statuses == [200])
        }
    }

    @Test("It comes through under load, at any moment")
    func underLoad() async throws {
        for round in 0..<20 {
            let served = Gate()
            let server = try HTTPServer(HTTPServerConfiguration(threads: 1 + round % 4)) { request in
                if request.path == "/waits" { await Task.yield() }
                Task { await served.pass() }
                return .text("ok")
            }
            served.open()
            await withTaskGroup { group in
                for number in 0..<4 {
                    group.addTask { [port = server.port] in
                        // Until the server ends the connection and takes no other.
                        try? await blocking {
                            while true {
                                let client = try RawClient(port: port)
                                let path = number.isMultiple(of: 2) ? "/" : "/waits"
                                for _ in 0..<50 {
                                    client.sendWhatIsTaken("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                    guard let reply = try client.reply() else { break }
                                    #expect(reply.status == 200 || reply.status == 503)
                                }
                            }
                        }
                    }
                }
                await served.arrival(of: 1 + 40 * round)
                await server.shutdown(within: .milliseconds(round.isMultiple(of: 2) ? 0 : 100))
            }
        }
    }
}

/// Sends one request after the other, until the server ends the connection and takes no other.
private func statusesUntilRefused(by port: UInt16) -> [Int] {
    var statuses: [Int] = []
    while let client = try? RawClient(port: port) {
        client.sendWhatIsTaken(plain)
        while let reply = try? client.reply() {
            statuses.append(reply.status)
            client.sendWhatIsTaken(plain)
        }
    }
    return statuses
}

/// Blocks the thread, which a handler must not do.
private func block(until semaphore: DispatchSemaphore) { semaphore.wait() }
