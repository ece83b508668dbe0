import DevelopmentProvider
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import Synchronization
import TestSupport
import Testing
import WebLogin

/// The application under test with the development provider beside it, both without sockets.
final class World: Sendable {
    static let providerOrigin = "http://127.0.0.1:9001"
    static let applicationOrigin = "http://127.0.0.1:8000"
    static let metadataURL = providerOrigin + "/.well-known/openid-configuration"

    let login: WebLogin
    let transport: ScriptedTransport
    let clock: Mutexed<Date>
    let events = Mutexed<[LoginEvent]>([])
    /// What the network does instead of asking the provider.
    let interference = Mutexed<(@Sendable (TransportRequest) throws -> TransportResponse?)?>(nil)
    private let provider: DevelopmentProvider
    private let router: Router

    init(
        store: (any SessionStore)? = nil, providers: [String] = ["oidc_entry"], publicURL: String = applicationOrigin,
        configure: (inout ProviderRegistration) -> Void = { _ in }
    ) throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        self.clock = clock
        let callbacks = ["/login/authorize"] + providers.map { "/login/authorize/\($0)" }
        let client = DevelopmentClient(
            id: "app", secret: "canary-client-secret", redirectURIs: callbacks.map { publicURL + $0 },
            postLogoutRedirectURIs: [publicURL + "/"], idTokenAlgorithm: .es256)
        let provider = try DevelopmentProvider(
            issuer: Self.providerOrigin, clients: [client], now: { clock.value })
        self.provider = provider
        let interference = interference
        transport = ScriptedTransport { request in
            if let answer = try interference.value?(request) { return answer }
            return await Self.ask(provider, request)
        }
        let events = events
        login = try WebLogin(
            publicURL: publicURL, secretKeys: try SecretKeys(["0123456789abcdef0123456789abcdef"]),
            sessions: store ?? MemorySessionStore(now: { clock.value }), transport: transport, now: { clock.value },
            report: { event in events.value += [event] })
        for name in providers {
            try login.register(
                name, clientID: "app", clientSecret: "canary-client-secret", serverMetadataURL: Self.metadataURL,
                configure: configure)
        }
        var router = Router()
        login.mount(on: &router)
        let login = login
        router.add(.get, "/") { request in
            guard let session = try? await login.session(of: request) else { return .text("nobody") }
            return .text("\(session.subject) \(session.name ?? "")")
        }
        router.add(.get, "/private") { request in
            guard (try? await login.session(of: request)) != nil else { return login.loginRequired(request) }
            return .text("private")
        }
        self.router = router
    }

    private static func ask(_ provider: DevelopmentProvider, _ request: TransportRequest) async -> TransportResponse {
        var fields = HTTPFields()
        for field in request.fields { HTTPFields.Name(field.name).map { fields.append($0, field.value) } }
        let target = request.url.path + (request.url.query.map { "?" + $0 } ?? "")
        let method: HTTPMethod = request.method == .get ? .get : .post
        guard let message = HTTPRequest(method: method, target: target, fields: fields, body: request.body) else {
            return TransportResponse(status: 400, fields: [], body: [])
        }
        let answer = await provider.respond(to: message)
        let lines = answer.fields.lines.map { (name: $0.name.canonical, value: $0.value) }
        return TransportResponse(status: answer.status, fields: lines, body: answer.body)
    }

    func answer(_ request: HTTPRequest, at origin: String) async -> HTTPResponse {
        origin == Self.providerOrigin ? await provider.respond(to: request) : await router.respond(to: request)
    }
}

/// A browser: cookies for each origin, redirects one by one.
final class PlayedBrowser {
    let world: World
    var cookies: [String: [String: String]] = [:]
    /// What the browser says of its requests.
    var headers: [(HTTPFields.Name, String)] = [
        (.accept, "text/html"), (.secFetchMode, "navigate"), (.secFetchDest, "document"),
        (.secFetchSite, "same-origin"),
    ]

    init(_ world: World) { self.world = world }

    func send(_ url: String) async throws -> HTTPResponse { try await send(.get, url) }

    func send(_ method: HTTPMethod, _ url: String, form: String? = nil) async throws -> HTTPResponse {
        let address = try #require(
            EndpointURL(url.hasPrefix("/") ? World.applicationOrigin + url : url, plainHTTP: .everywhere))
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(name, value) }
        let jar = cookies[address.origin] ?? [:]
        if !jar.isEmpty { fields.append(.cookie, jar.map { "\($0)=\($1)" }.joined(separator: "; ")) }
        if form != nil { fields.append(.contentType, "application/x-www-form-urlencoded") }
        let target = (address.path.isEmpty ? "/" : address.path) + (address.query.map { "?" + $0 } ?? "")
        let request = try #require(
            HTTPRequest(method: method, target: target, fields: fields, body: Array((form ?? "").utf8)))
        let response = await world.answer(request, at: address.origin)
        for line in response.fields.values(.setCookie) { keep(line, origin: address.origin) }
        return response
    }

    private func keep(_ line: String, origin: String) {
        let parts = line.split(separator: ";").map { String($0.drop { $0 == " " }) }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.contains("Max-Age=0") {
            cookies[origin]?[pair[0]] = nil
        } else {
            cookies[origin, default: [:]][pair[0]] = pair[1]
        }
    }

    /// The cookies that the application set.
    var applicationCookies: [String: String] {
        get { cookies[World.applicationOrigin] ?? [:] }
        set { cookies[World.applicationOrigin] = newValue }
    }

    /// Begins a login and picks the first user at the provider: gives the callback's address, not yet visited.
    func callback(_ path: String = "/login") async throws -> String {
        let answer = try await provide(path)
        #expect(answer.status == 303)
        return try #require(answer.fields[.location])
    }

    /// The same where the answer comes as a form: gives its fields, not yet sent.
    func formPost(_ path: String = "/login") async throws -> FormParameters {
        let answer = try await provide(path)
        #expect(answer.status == 200)
        var form = FormParameters()
        for (name, value) in hiddenFields(String(decoding: answer.body, as: UTF8.self)) { form.append(name, value) }
        return form
    }

    /// Begins a login and picks the first user: gives the provider's answer.
    private func provide(_ path: String) async throws -> HTTPResponse {
        let begun = try await send(path)
        #expect(begun.status == 303)
        let page = try await send(try #require(begun.fields[.location]))
        if page.status == 303 { return page }
        let html = String(decoding: page.body, as: UTF8.self)
        var form = FormParameters()
        for (name, value) in hiddenFields(html) { form.append(name, value) }
        form.append("user", try #require([DevelopmentUser].readyUsers.first).subject)
        let action = try #require(html.firstMatch(of: /<form[^>]*action="([^"]*)"/)).1
        let address = action.hasPrefix("/") ? World.providerOrigin + action : String(action)
        return try await send(.post, address, form: form.encoded)
    }

    private func hiddenFields(_ html: String) -> [(String, String)] {
        html.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/).map { match in
            let value = String(match.2).replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
            return (String(match.1), value.replacing("&amp;", with: "&"))
        }
    }

    /// A whole login; ends at the page that the callback leads to.
    func logIn(_ path: String = "/login") async throws -> HTTPResponse { try await send(try await callback(path)) }

    func text(_ path: String) async throws -> String { String(decoding: try await send(path).body, as: UTF8.self) }
}

extension World {
    /// The failures that were reported, in order.
    var failures: [LoginFailure] {
        events.value.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
    }
}
