import DevelopmentProvider
import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@testable import OIDCDemo

/// The app and the development provider without sockets, with its log and its metrics, and a browser.
final class OperatedWorld {
    static let origin = "http://localhost:8000"
    static let providerOrigin = "http://127.0.0.1:9001"
    static let secret = "canary-client-secret"

    let site: Site
    let operations: Operations
    let clock: Mutexed<Date>
    let lines: Mutexed<String>
    /// All that went between app, provider and browser and is nobody else's business.
    private(set) var secrets: Set<String> = [OperatedWorld.secret]
    /// What the network does instead of asking the provider.
    let interference = Mutexed<(@Sendable (TransportRequest) throws -> TransportResponse?)?>(nil)
    var address = "192.0.2.7"
    var more: [(HTTPFields.Name, String)] = []
    private var cookies: [String: String] = [:]
    private let provider: DevelopmentProvider
    private let exchanged = Mutexed<[String]>([])

    init(
        _ format: LineLog.Format = .json, proxies: String? = nil, logsRequests: Bool = false,
        sessions: (any SessionStore)? = nil
    ) throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let lines = Mutexed("")
        let ticks = Mutexed(ContinuousClock.now)
        (self.clock, self.lines) = (clock, lines)
        let now = { @Sendable in
            ticks.change { ticks in
                ticks += .milliseconds(250)
                return ticks
            }
        }
        let operations = Operations(
            log: LineLog(format, now: { clock.value }, sink: { line in lines.change { $0 += line } }),
            readers: try TrustedProxies("loopback"), proxies: try proxies.map { try TrustedProxies($0) } ?? .init(),
            logsRequests: logsRequests, startedAt: clock.value, now: now)
        self.operations = operations
        let client = DevelopmentClient(
            id: "app", secret: Self.secret, redirectURIs: [Self.origin + "/login/authorize"],
            postLogoutRedirectURIs: [Self.origin + "/"])
        let provider = try DevelopmentProvider(
            issuer: Self.providerOrigin, clients: [client], now: { clock.value })
        self.provider = provider
        let sessions = sessions ?? MemorySessionStore(now: { clock.value })
        let pages = Pages(isDevelopment: false, redirectURI: Self.origin + "/login/authorize")
        let (interference, exchanged) = (interference, exchanged)
        let transport = ScriptedTransport { request in
            if let answer = try interference.value?(request) { return answer }
            let answer = await Self.ask(provider, request)
            if request.purpose == .token {
                exchanged.change { $0.append(String(decoding: answer.body, as: UTF8.self)) }
            }
            return answer
        }
        let login = try WebLogin(
            publicURL: Self.origin, secretKeys: .generated(), sessions: sessions, transport: transport, pages: pages,
            now: { clock.value }, report: { operations.note($0) })
        try login.register(
            "dev", clientID: "app", clientSecret: Self.secret,
            serverMetadataURL: Self.providerOrigin + "/.well-known/openid-configuration"
        ) { registration in
            registration.transport = MeasuredTransport(
                transport: transport, provider: registration.name, metrics: operations.metrics, now: now)
        }
        site = Site(login: login, pages: pages, sessions: sessions, operations: operations)
    }

    private static func ask(_ provider: DevelopmentProvider, _ request: TransportRequest) async -> TransportResponse {
        var fields = HTTPFields()
        for field in request.fields { HTTPFields.Name(field.name).map { fields.append($0, field.value) } }
        let target = request.url.path + (request.url.query.map { "?" + $0 } ?? "")
        let message = HTTPRequest(
            method: request.method == .get ? .get : .post, target: target, fields: fields, body: request.body)
        guard let message else { return TransportResponse(status: 400, fields: [], body: []) }
        let answer = await provider.respond(to: message)
        return TransportResponse(
            status: answer.status, fields: answer.fields.lines.map { (name: $0.name.canonical, value: $0.value) },
            body: answer.body)
    }

    /// A request of the browser to the app.
    @discardableResult
    func send(_ target: String, form: String? = nil) async throws -> HTTPResponse {
        var request = try #require(
            HTTPRequest(
                method: form == nil ? .get : .post, target: target, body: Array((form ?? "").utf8),
                peerAddress: address))
        request.fields = [.secFetchMode: "navigate", .secFetchDest: "document", .secFetchSite: "same-origin"]
        request.fields[.contentType] = form.map { _ in "application/x-www-form-urlencoded" }
        if !cookies.isEmpty { request.fields[.cookie] = cookies.map { "\($0)=\($1)" }.joined(separator: "; ") }
        for (name, value) in more { request.fields.append(name, value) }
        let response = await site.respond(to: request)
        for line in response.fields.values(.setCookie) {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 { secrets.insert(pair[1]) }
            cookies[pair[0]] = pair.count == 2 && !line.contains("Max-Age=0") ? pair[1] : nil
        }
        return response
    }

    func text(_ target: String) async throws -> String { String(decoding: try await send(target).body, as: UTF8.self) }

    /// A login up to the callback's address, not yet visited.
    func callback() async throws -> String {
        let begun = try #require(try await send("/login").fields[.location])
        let target = String(begun.dropFirst(Self.providerOrigin.count))
        let page = await provider.respond(to: try #require(HTTPRequest(method: .get, target: target)))
        let html = String(decoding: page.body, as: UTF8.self)
        var form = FormParameters()
        for field in html.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/) {
            form.append(String(field.1), String(field.2).replacing("&quot;", with: "\"").replacing("&amp;", with: "&"))
        }
        form.append("user", [DevelopmentUser].readyUsers[0].subject)
        let action = try #require(html.firstMatch(of: /<form[^>]*action="([^"]*)"/)).1
        var answer = try #require(
            HTTPRequest(
                method: .post, target: String(action).replacing(Self.providerOrigin, with: ""),
                body: Array(form.encoded.utf8)))
        answer.fields = [
            .contentType: "application/x-www-form-urlencoded", .origin: Self.providerOrigin,
            .secFetchSite: "same-origin",
            .cookie: page.fields.values(.setCookie).map { String($0.prefix { $0 != ";" }) }.joined(separator: "; "),
        ]
        let location = try #require(await provider.respond(to: answer).fields[.location])
        let query = location.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if ["code", "state"].contains(parts[0]) { secrets.insert(String(parts[1])) }
        }
        return String(location.dropFirst(Self.origin.count))
    }

    func logIn() async throws {
        let answer = try await send(try await callback())
        #expect(answer.status == 303)
    }

    /// Tokens and codes, cookies and the client's secret, as they came so far.
    var canaries: Set<String> {
        var all = secrets
        for body in exchanged.value {
            for token in body.matches(of: /"(?:access_token|refresh_token|id_token)": ?"([^"]+)"/) {
                all.insert(String(token.1))
            }
        }
        return all
    }

    /// The log's entries so far, as JSON objects.
    func entries() throws -> [[String: String]] {
        try lines.value.split(separator: "\n").map { line in
            try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        }
    }

    func metrics() async throws -> PrometheusText {
        let (usual, fields) = (address, more)
        (address, more) = ("127.0.0.1", [])
        defer { (address, more) = (usual, fields) }
        return try PrometheusText(try await text("/metrics"))
    }
}
