import HTTPMessages
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("Who may read the metrics")
struct OperatorAccessTests {
    private func permits(
        _ readers: String?, proxies: String?, from peer: String, _ fields: [(HTTPFields.Name, String)] = []
    ) throws -> Bool {
        let access = OperatorAccess(
            readers: try readers.map { try TrustedProxies($0) },
            proxies: try proxies.map { try TrustedProxies($0) } ?? TrustedProxies())
        var request = try #require(HTTPRequest(method: .get, target: "/metrics", peerAddress: peer))
        for (name, value) in fields { request.fields.append(name, value) }
        return access.permits(request)
    }

    @Test("a reader's own request is answered, and nobody else's")
    func direct() throws {
        #expect(try permits("loopback", proxies: nil, from: "127.0.0.1"))
        #expect(try permits("loopback", proxies: nil, from: "::1"))
        #expect(try permits("loopback", proxies: nil, from: "::ffff:127.0.0.1"))
        #expect(try permits("10.0.0.0/8", proxies: nil, from: "10.2.3.4"))
        #expect(try !permits("10.0.0.0/8", proxies: nil, from: "127.0.0.1"))
        #expect(try !permits("loopback", proxies: nil, from: "192.0.2.1"))
        #expect(try !permits("loopback", proxies: nil, from: ""))
        #expect(try !permits(nil, proxies: nil, from: "127.0.0.1"))
        // A trusted proxy's machine may ask for itself.
        #expect(try permits("loopback", proxies: "loopback", from: "127.0.0.1"))
    }

    @Test(
        "what came through a proxy that is not trusted is refused, however it shows",
        arguments: [
            (HTTPFields.Name.xForwardedFor, "127.0.0.1"), (.xForwardedFor, ""), (.forwarded, "for=127.0.0.1"),
            (.xForwardedHost, "app.example"), (.xForwardedProto, "https"), (.xRealIP, "127.0.0.1"), (.via, "1.1 proxy"),
        ])
    func untrustedProxy(_ name: HTTPFields.Name, _ value: String) throws {
        #expect(try !permits("loopback", proxies: nil, from: "127.0.0.1", [(name, value)]))
        #expect(try !permits("loopback", proxies: "10.0.0.1", from: "127.0.0.1", [(name, value)]))
    }

    @Test("through a trusted proxy, the client's address counts, and never the proxy's")
    func trustedProxy() throws {
        func permitted(_ fields: (HTTPFields.Name, String)...) throws -> Bool {
            try permits("loopback, 203.0.113.0/24", proxies: "loopback", from: "127.0.0.1", fields)
        }
        #expect(try permitted((.xForwardedFor, "203.0.113.9")))
        #expect(try permitted((.forwarded, "for=203.0.113.9")))
        #expect(try permitted((.xForwardedFor, "198.51.100.1, 203.0.113.9")))
        #expect(try !permitted((.xForwardedFor, "198.51.100.1")))
        #expect(try !permitted((.xForwardedFor, "203.0.113.9, 198.51.100.1")))
        #expect(try !permitted((.xForwardedFor, "127.0.0.1")))
        #expect(try !permitted((.xForwardedFor, "unknown")))
        #expect(try !permitted((.xForwardedFor, "")))
        // Where the fields contradict each other, the proxy's own address would stand.
        #expect(try !permitted((.xForwardedFor, "198.51.100.1"), (.forwarded, "for=198.51.100.2")))
        #expect(try !permitted((.via, "1.1 proxy")))
    }

    @Test("others see no such page as the metrics, nor why the app is not ready")
    func pages() async throws {
        let world = try OperatedWorld()
        world.interference.value = { _ in .json("CANARY", status: 500) }
        let (missing, metrics) = (try await world.send("/nowhere"), try await world.send("/metrics"))
        #expect(metrics.status == 404)
        #expect(metrics.body == missing.body)
        let unready = try await world.send("/readyz")
        #expect(unready.status == 503)
        #expect(String(decoding: unready.body, as: UTF8.self) == "dev: not ready\nsessions: ready\n")
        world.address = "127.0.0.1"
        let told = try await world.send("/metrics")
        #expect(told.status == 200)
        #expect(told.fields[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(told.fields[.cacheControl] == "no-store")
        #expect(try await world.text("/readyz").hasPrefix("dev: not ready: provider.status: expected"))
    }

    @Test("usually it is this machine, and nobody once the world can reach the app")
    func usual() throws {
        func readers(_ settings: [String: String]) throws -> TrustedProxies? {
            let provider = [
                "HOME": "/h", "CLIENT_ID": "app", "CLIENT_SECRET": "s",
                "SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
            ]
            return try Configuration(environment: settings.merging(provider) { $1 }).metricsReaders
        }
        let loopback = try TrustedProxies("loopback")
        #expect(try readers([:]) == loopback)
        #expect(try readers(["PUBLIC_URL": "https://app.example"]) == nil)
        #expect(try readers(["METRICS_ALLOW": "off"]) == nil)
        #expect(try readers(["METRICS_ALLOW": "loopback", "PUBLIC_URL": "https://app.example"]) == loopback)
        #expect(try readers(["METRICS_ALLOW": "10.0.0.0/8"]) == TrustedProxies("10.0.0.0/8"))
    }
}
