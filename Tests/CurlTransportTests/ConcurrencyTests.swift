import OpenIDConnect
import RawSockets
import Testing

@testable import CurlTransport

@Suite("Many requests, and their end")
struct ConcurrencyTests {
    @Test("200 requests at once all get their own answer", .timeLimit(.minutes(1)))
    func many() async throws {
        let server = try ScriptedServer { peer in
            while let request = peer.readRequest() {
                let path = request.split(separator: " ")[1]
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
            }
        }
        let transport = try CurlTransport()
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                let request = try server.request(.get, "/\(number)")
                group.addTask { try await transport.send(request).text == "/\(number)" }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 200)
    }

    /// A server that tells when a request arrived, and never answers.
    private func silentServer() throws -> (ScriptedServer, AsyncStream<Void>) {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { peer in
            guard peer.readRequest() != nil else { return }
            arrived.yield()
            peer.waitForEnd(milliseconds: 60_000)
            arrived.yield()
        }
        return (server, arrivals)
    }

    private func code(_ task: Task<TransportResponse, any Error>) async -> TransportError.Code? {
        switch await task.result {
        case .success: nil
        case .failure(let error): (error as? TransportError)?.code
        }
    }

    @Test("a cancelled task ends at once, and so does its connection", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        let (server, arrivals) = try silentServer()
        let transport = try CurlTransport()
        let request = try server.request(limits: .init(total: .seconds(60)))
        let task = Task { try await transport.send(request) }
        var arrival = arrivals.makeAsyncIterator()
        await arrival.next()
        task.cancel()
        #expect(await code(task) == .cancelled)
        // The second event: the server saw the end.
        await arrival.next()
    }

    @Test("a task that was cancelled before sends nothing", .timeLimit(.minutes(1)))
    func cancelledBefore() async throws {
        let (server, _) = try silentServer()
        let transport = try CurlTransport()
        let request = try server.request(limits: .init(total: .seconds(60)))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.send(request)
        }
        #expect(await code(task) == .cancelled)
    }

    @Test("a shutdown ends the requests that run and refuses later ones", .timeLimit(.minutes(1)))
    func shutdown() async throws {
        let (server, arrivals) = try silentServer()
        let transport = try CurlTransport()
        let request = try server.request(limits: .init(total: .seconds(60)))
        let tasks = (0..<20).map { _ in Task { try await transport.send(request) } }
        var arrival = arrivals.makeAsyncIterator()
        for _ in tasks { await arrival.next() }
        transport.shutdown()
        for task in tasks { #expect(await code(task) == .cancelled) }
        #expect(await code(Task { try await transport.send(request) }) == .cancelled)
        transport.shutdown()
    }
}

@Suite("The transport's thread")
struct ThreadTests {
    @Test("has ended when the transport is shut down, so that nothing is taken away from under it")
    func ends() throws {
        for _ in 0..<50 {
            var loop: TransferLoop? = try TransferLoop(TransferSettings(CurlTransport.Configuration()))
            weak let held = loop
            loop?.close()
            loop?.close()
            loop = nil
            // While it runs, the thread holds the loop.
            #expect(held == nil)
        }
    }
}
