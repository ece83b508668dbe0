import CurlTransport
import Glibc
import OpenIDConnect
import RawSockets
import Testing

@Suite("Servers that are slow, gone or never were", .timeLimit(.minutes(2)))
struct NetworkTests {
    private let short = TransportRequest.Limits(connect: .milliseconds(200), total: .milliseconds(300))

    private func expectTimeOut(_ script: @escaping @Sendable (Peer) -> Void) async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            script(peer)
        }
        let error = try await failure(of: server.request(limits: short))
        #expect(error.code == .timedOut, "\(error)")
    }

    @Test("a server that does not answer is given up at the limit")
    func silent() async throws {
        try await expectTimeOut { $0.waitForEnd() }
    }

    @Test("header bytes one by one do not stretch the limit")
    func slowHeader() async throws {
        try await expectTimeOut { peer in
            peer.send("HTTP/1.1 200 OK\r\nX: ")
            peer.drip("x", everyMilliseconds: 20)
        }
    }

    @Test("body bytes one by one do not stretch the limit")
    func drippingBody() async throws {
        try await expectTimeOut { peer in
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            peer.drip("x", everyMilliseconds: 20)
        }
    }

    @Test("a handshake that does not go on is given up at the connect limit")
    func silentHandshake() async throws {
        let server = try ScriptedServer { $0.waitForEnd() }
        let limits = TransportRequest.Limits(connect: .milliseconds(200), total: .seconds(30))
        #expect(try await failure(of: server.request(scheme: "https", limits: limits)).code == .timedOut)
    }

    @Test("a limit of zero is a short one, not none")
    func zeroLimit() async throws {
        let server = try ScriptedServer { $0.waitForEnd() }
        let limits = TransportRequest.Limits(connect: .zero, total: .zero)
        #expect(try await failure(of: server.request(limits: limits)).code == .timedOut)
    }

    @Test("a port where nothing listens is unreachable, and the error names the origin")
    func refused() async throws {
        var server: ScriptedServer? = try ScriptedServer { _ in }
        let request = try #require(server).request(.get, "/token?secret=x")
        server = nil
        // The listener ends on its own thread.
        var error = TransportError(.failed, origin: "", detail: "")
        repeat { error = try await failure(of: request) } while error.code == .truncated
        #expect(error.code == .unreachable)
        #expect(error.origin == request.url.origin)
        #expect(!error.description.contains("secret"))
    }

    @Test("a host that does not exist is unresolved")
    func unknownHost() async throws {
        let url = try #require(EndpointURL("https://name.invalid/"))
        let error = try await failure(of: TransportRequest(method: .get, url: url), .init(proxy: .none))
        #expect(error.code == .unresolved)
        #expect(error.detail.contains("name.invalid"))
    }

    @Test("TLS with a server that does not speak it is a TLS error")
    func plainServer() async throws {
        let server = try ScriptedServer { peer in
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.waitForEnd()
        }
        #expect(try await failure(of: server.request(scheme: "https")).code == .tls)
    }

    @Test("the environment's proxy is asked, and never for loopback")
    func environmentProxy() async {
        await #expect(processExitsWith: .success) {
            let heard = Counter()
            let proxy = try ScriptedServer { peer in
                if peer.readRequest()?.hasPrefix("CONNECT provider.invalid:443 ") == true { heard.increase() }
                peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            }
            for name in ["https_proxy", "http_proxy", "all_proxy"] {
                setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
            }
            let url = try #require(EndpointURL("https://provider.invalid/"))
            let request = TransportRequest(method: .get, url: url)
            #expect(try await failure(of: request).code == .unreachable)
            #expect(heard.count == 1)
            #expect(try await failure(of: request, .init(proxy: .none)).code == .unresolved)
            #expect(heard.count == 1)
            #expect(try await response(at: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").text == "ok")
        }
    }
}
