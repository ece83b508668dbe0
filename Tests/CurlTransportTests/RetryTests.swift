import CurlTransport
import OpenIDConnect
import RawSockets
import TestSupport
import Testing

@Suite("A connection that is used again, and ends")
struct RetryTests {
    @Test("a POST that gets no answer is not sent again, a GET once, on a new connection", .timeLimit(.minutes(1)))
    func once() async throws {
        for (method, count) in [(TransportRequest.Method.get, 2), (.post, 1)] {
            let seen = Mutexed<[String]>([])
            let server = try ScriptedServer { peer in
                while let request = peer.readRequest() {
                    let path = String(request.split(separator: " ")[1])
                    seen.value += [path]
                    if path == "/second" { return }
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                }
            }
            let transport = try CurlTransport()
            _ = try await transport.send(server.request(.get, "/first"))
            let second = try server.request(method, "/second", body: method == .post ? "code=1" : "")
            await #expect(throws: TransportError(.truncated, origin: "", detail: "")) {
                try await transport.send(second)
            }
            #expect(seen.value == ["/first"] + [String](repeating: "/second", count: count), "\(method)")
        }
    }
}
