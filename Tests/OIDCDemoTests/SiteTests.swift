import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@testable import OIDCDemo

private struct MemoryLog: Log {
    let entries = Mutexed<[LogEntry]>([])
    func write(_ entry: LogEntry) { entries.value += [entry] }
}

/// The site with a provider that answers as the test says.
private struct World {
    let site: Site
    let log = MemoryLog()
    let providerAnswer: Mutexed<TransportResponse>

    init(sessions: any SessionStore = MemorySessionStore(), providers: Int = 1) throws {
        let answer = Mutexed(TransportResponse.json("no", status: 500))
        providerAnswer = answer
        let pages = Pages(isDevelopment: false, redirectURI: "http://localhost:8000/login/authorize")
        let operations = Operations(log: log, readers: try TrustedProxies("loopback"))
        let login = try WebLogin(
            publicURL: "http://localhost:8000", secretKeys: .generated(), sessions: sessions,
            transport: ScriptedTransport { _ in answer.value }, pages: pages,
            report: { operations.note($0) })
        for number in 1...providers {
            try login.register(
                "op\(number)", title: "Provider \(number)", clientID: "app", clientSecret: "CANARY-secret",
                serverMetadataURL: "https://op.example/.well-known/openid-configuration")
        }
        site = Site(login: login, pages: pages, sessions: sessions, operations: operations)
    }

    func send(
        _ target: String, _ method: HTTPMethod = .get, cookie: String? = nil, navigates: Bool = true,
        from address: String = "192.0.2.7"
    ) async throws -> HTTPResponse {
        var request = try #require(HTTPRequest(method: method, target: target, peerAddress: address))
        request.fields[.secFetchMode] = navigates ? "navigate" : "no-cors"
        request.fields[.secFetchDest] = navigates ? "document" : "image"
        request.fields[.secFetchSite] = "same-origin"
        request.fields[.cookie] = cookie
        return await site.respond(to: request)
    }
}

private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

private let metadata = """
    {"issuer": "https://op.example", "authorization_endpoint": "https://op.example/a", \
    "token_endpoint": "https://op.example/t", "jwks_uri": "https://op.example/k", "response_types_supported": ["code"], \
    "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"]}
    """

@Suite("The site")
struct SiteTests {
    @Test("the app is alive, and says so, whatever the provider does")
    func alive() async throws {
        let response = try await World().send("/healthz")
        #expect(response.status == 200)
        #expect(response.fields[.contentType] == "text/plain; charset=utf-8")
    }

    @Test("the app is not ready while its provider is down, says why, and recovers alone")
    func readiness() async throws {
        let world = try World()
        let down = try await world.send("/readyz", from: "127.0.0.1")
        #expect(down.status == 503)
        #expect(text(down).hasPrefix("op1: not ready: "))
        #expect(text(down).contains("sessions: ready\n"))
        let refused = try await world.send("/login")
        #expect(refused.status == 502)
        #expect(text(refused).contains("Try again"))
        world.providerAnswer.value = .json(metadata)
        let up = try await world.send("/readyz")
        #expect(up.status == 200)
        #expect(text(up) == "op1: ready\nsessions: ready\n")
        #expect(try await world.send("/login").status == 303)
    }

    @Test("a session store that does not work makes the app unready, and its page says so")
    func brokenStore() async throws {
        let world = try World(sessions: BrokenSessionStore())
        world.providerAnswer.value = .json(metadata)
        #expect(try await world.send("/readyz").status == 503)
        let token = try await MemorySessionStore().create(
            Session(payload: [], createdAt: Date(), lastUsedAt: Date(), expiresAt: .distantFuture))
        let page = try await world.send("/", cookie: "oidc-session=\(token.string)")
        #expect(page.status == 503)
        #expect(text(page).contains("<h1>Nobody can log in just now</h1>"))
        #expect(world.log.entries.value.map(\.event) == [.sessionsFailed])
    }

    @Test("every answer forbids what it does not need, and only files may be kept by caches")
    func headers() async throws {
        let world = try World(providers: 2)
        world.providerAnswer.value = .json(metadata)
        for path in [
            "/", "/login", "/login?provider=op1", "/login/authorize", "/logout", "/healthz", "/readyz", "/nowhere",
            "/style.css", "/favicon.svg", "/favicon.ico",
        ] {
            for method in [HTTPMethod.get, .post, .put] {
                let response = try await world.send(path, method)
                #expect(response.fields[.xContentTypeOptions] == "nosniff", "\(path)")
                #expect(response.fields[.referrerPolicy] != nil, "\(path)")
                #expect(response.fields[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true, "\(path)")
                #expect(response.fields[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true, "\(path)")
                let isFile = StaticFiles.all.contains { $0.path == path } && method == .get
                #expect((response.fields[.cacheControl] == "no-store") == !isFile, "\(method) \(path)")
            }
        }
    }

    @Test("what is not there, or not that way, is told in a page")
    func notFound() async throws {
        let world = try World()
        let missing = try await world.send("/nowhere")
        #expect(missing.status == 404)
        #expect(missing.fields[.contentType] == "text/html; charset=utf-8")
        let wrong = try await world.send("/", .post)
        #expect(wrong.status == 405)
        #expect(wrong.fields[.allow] == "GET, HEAD")
        #expect(text(wrong).contains("<h1>"))
    }

    @Test("the browser's own request for an icon gets one, and touches no login")
    func favicon() async throws {
        for path in ["/favicon.ico", "/favicon.svg", "/style.css"] {
            let response = try await World().send(path, navigates: false)
            #expect(response.status == 200)
            #expect(response.fields.values(.setCookie).isEmpty)
        }
    }

    @Test("several providers are a choice, one is none")
    func chooser() async throws {
        let world = try World(providers: 2)
        world.providerAnswer.value = .json(metadata)
        let choice = try await world.send("/login?next=%2Fx")
        #expect(choice.status == 200)
        #expect(text(choice).contains("href=\"/login?provider=op2&amp;next=%2Fx\""))
        #expect(try await world.send("/login?provider=op2").status == 303)
    }

    @Test("a failure is logged with its rule, and without a secret")
    func log() async throws {
        let world = try World()
        let state = String(repeating: "A", count: 43)
        _ = try await world.send("/login/authorize?code=CANARY-code&state=\(state)")
        let entry = try #require(world.log.entries.value.first)
        #expect(entry.event == .loginFailed)
        #expect(entry.fields.contains(LogEntry.Field(name: "code", value: "noTransaction")))
        #expect(!entry.fields.contains { $0.value.contains("CANARY") })
    }
}
