import Foundation
import HTTPMessages
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@testable import OIDCDemo

@Suite("The audit and the metrics")
struct AuditTests {
    @Test("a login and a logout are a line each, with who, where and why, and are counted")
    func loginAndLogout() async throws {
        let world = try OperatedWorld()
        try await world.logIn()
        try await world.send("/logout", form: "")
        let entries = try world.entries()
        #expect(entries.compactMap { $0["event"] } == ["login.begun", "login.finished", "logout.done"])
        let (login, logout) = (entries[1], entries[2])
        #expect(login["level"] == "info")
        #expect(login["provider"] == "dev")
        #expect(login["issuer"] == OperatedWorld.providerOrigin)
        #expect(login["subject"] == "7d1f6c0a-ada")
        #expect(login["client"] == "192.0.2.7")
        #expect(login["auth_time"] == "2027-01-15T08:00:00Z")
        #expect(logout["by"] == "user")
        #expect(logout["subject"] == "7d1f6c0a-ada")
        #expect(logout["issuer"] == OperatedWorld.providerOrigin)
        #expect(logout["client"] == "192.0.2.7")
        #expect(Set(entries.compactMap { $0["request"] }).count == 3)
        let metrics = try await world.metrics()
        let logins = "oidc_demo_logins_total"
        #expect(metrics.value(logins, ["provider": "dev", "outcome": "begun"]) == 1)
        #expect(metrics.value(logins, ["provider": "dev", "outcome": "finished"]) == 1)
        #expect(metrics.value(logins, ["provider": "dev", "outcome": "failed"]) == 0)
        #expect(metrics.value("oidc_demo_logouts_total", ["provider": "dev", "by": "user"]) == 1)
    }

    @Test("a logout of nobody is no logout")
    func nobody() async throws {
        let world = try OperatedWorld()
        try await world.send("/logout", form: "")
        #expect(world.lines.value.isEmpty)
    }

    @Test("a refusal is a line with its rule, and is counted by it")
    func refusal() async throws {
        let world = try OperatedWorld()
        let callback = try await world.callback()
        world.interference.value = { request in
            request.purpose == .token ? .json("{\"error\":\"invalid_grant\"}", status: 400) : nil
        }
        try await world.send(callback)
        try await world.send("/login/authorize?code=x&state=" + String(repeating: "A", count: 43))
        let refused = try world.entries().filter { $0["event"] == "login.failed" }
        #expect(refused.map { $0["rule"] } == ["tokenResponse.error.invalid_grant", "transaction.cookie"])
        #expect(refused.allSatisfy { $0["level"] == "warning" && $0["client"] == "192.0.2.7" })
        let metrics = try await world.metrics()
        let rule = ["provider": "dev", "rule": "tokenResponse.error.invalid_grant"]
        #expect(metrics.value("oidc_demo_refusals_total", rule) == 1)
        #expect(metrics.value("oidc_demo_logins_total", ["provider": "dev", "outcome": "failed"]) == 1)
        #expect(metrics.value("oidc_demo_logins_total", ["provider": "", "outcome": "failed"]) == 1)
    }

    @Test("a session that does not fit into the cookie is told in the log and on the page, with the setting that helps")
    func tooLarge() async throws {
        let store = CookieSessionStore(keys: .generated(), shared: MemorySharedValues())
        let world = try OperatedWorld(sessions: store)
        let callback = try await world.callback()
        let claim = "canary" + String(repeating: "x", count: 12_000)
        world.interference.value = { request in
            request.purpose == .userInfo ? .json("{\"sub\":\"7d1f6c0a-ada\",\"biography\":\"\(claim)\"}") : nil
        }
        let answer = try await world.send(callback)
        #expect(answer.status == 500)
        let page = String(decoding: answer.body, as: UTF8.self)
        for word in [
            "<h1>Your session does not fit</h1>", "does not fit into the cookie, which holds at most 12288",
            "SQLite or Redis", "<code>SESSION_STORE</code>", "<code>sqlite:PATH</code>", "<bdi>sessions.size</bdi>",
        ] { #expect(page.contains(word), "\(word)") }
        #expect(!page.contains("Nobody can log in") && !page.contains("Try again"))
        let entry = try #require(try world.entries().last)
        #expect(entry["event"] == "login.failed")
        #expect(entry["rule"] == "sessions.size")
        #expect(
            entry["came"]?.contains(/of [0-9]{5} characters, .* into the cookie, which holds at most 12288$/) == true)
        #expect(entry["remedy"]?.hasSuffix("ask for fewer scopes and claims.") == true)
        #expect(!(page + world.lines.value).contains("canary"))
        for secret in world.secrets { #expect(!(page + world.lines.value).contains(secret)) }
        let metrics = try await world.metrics()
        #expect(metrics.value("oidc_demo_refusals_total", ["provider": "dev", "rule": "sessions.size"]) == 1)
    }

    @Test("why the session store does not work is in the log, and not on the page")
    func storeFails() async throws {
        let error = SessionStoreError(.full, context: "/var/lib/sessions.sqlite", remedy: "make room on the disk")
        let world = try OperatedWorld(sessions: BrokenSessionStore(breaksLoads: false, throwing: error))
        let answer = try await world.send(try await world.callback())
        #expect(answer.status == 503)
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("sessions.sqlite"))
        let entry = try #require(try world.entries().last)
        #expect(entry["rule"] == "sessions.store")
        #expect(entry["error"] == "/var/lib/sessions.sqlite: make room on the disk (full)")
    }

    @Test("a refresh is counted, and one that is refused ends the session and says so")
    func refresh() async throws {
        let world = try OperatedWorld()
        try await world.logIn()
        world.clock.value += 590
        #expect(try await world.send("/userinfo").status == 200)
        world.clock.value += 590
        world.interference.value = { request in
            request.purpose == .token ? .json("{\"error\":\"invalid_grant\"}", status: 400) : nil
        }
        #expect(try await world.send("/userinfo").status == 401)
        let entries = try world.entries().suffix(3)
        #expect(entries.map { $0["event"] } == ["tokens.refreshed", "login.failed", "logout.done"])
        #expect(entries.last?["by"] == "refreshRefused")
        #expect(entries.last?["subject"] == "7d1f6c0a-ada")
        // It runs in a task of its own, and still belongs to the request.
        #expect(entries.allSatisfy { $0["request"]?.count == 12 && $0["client"] == "192.0.2.7" })
        let metrics = try await world.metrics()
        #expect(metrics.value("oidc_demo_token_refreshes_total", ["provider": "dev"]) == 1)
        #expect(metrics.value("oidc_demo_logouts_total", ["provider": "dev", "by": "refreshRefused"]) == 1)
        // What fails after a login is no failed login.
        #expect(metrics.value("oidc_demo_logins_total", ["provider": "dev", "outcome": "failed"]) == 0)
        #expect(metrics.value("oidc_demo_refusals_total", ["provider": "dev", "rule": "refresh.grant"]) == 1)
    }

    @Test("requests to the provider are counted and timed by what was asked for, and by what came")
    func providerRequests() async throws {
        let world = try OperatedWorld()
        try await world.logIn()
        world.interference.value = { _ in throw TransportError(.timedOut, origin: "", detail: "") }
        world.clock.value += 3700
        try await world.send("/login")
        let metrics = try await world.metrics()
        func count(_ endpoint: String, _ outcome: String) -> Double {
            metrics.value(
                "oidc_demo_provider_requests_total", ["provider": "dev", "endpoint": endpoint, "outcome": outcome])
        }
        for endpoint in ["metadata", "keys", "token", "userInfo"] {
            #expect(count(endpoint, "2xx") == 1, "\(endpoint)")
        }
        #expect(count("metadata", "timedOut") == 1)
        let name = "oidc_demo_provider_request_seconds"
        let keys = ["provider": "dev", "endpoint": "keys"]
        #expect(metrics.value(name + "_count", keys) == 1)
        #expect(metrics.value(name + "_sum", keys) == 0.25)
        #expect(metrics.value(name + "_bucket", keys.merging(["le": "0.1"]) { $1 }) == 0)
        #expect(metrics.value(name + "_bucket", keys.merging(["le": "0.25"]) { $1 }) == 1)
        #expect(metrics.value(name + "_count", ["provider": "dev", "endpoint": "metadata"]) == 2)
    }

    @Test("requests are counted by route and class of status, whatever paths strangers ask for")
    func requests() async throws {
        let world = try OperatedWorld()
        for number in 0..<200 { try await world.send("/stranger-\(number)?x=\(number)") }
        for number in 0..<200 { try await world.send("/login/authorize/s\(number)?error=stranger_\(number)&state=x") }
        try await world.send("/healthz")
        let metrics = try await world.metrics()
        #expect(metrics.value("oidc_demo_http_requests_total", ["route": "", "status": "4xx"]) == 200)
        let callback = ["route": "/login/authorize/*", "status": "4xx"]
        #expect(metrics.value("oidc_demo_http_requests_total", callback) == 200)
        #expect(metrics.value("oidc_demo_http_requests_total", ["route": "/healthz", "status": "2xx"]) == 1)
        #expect(metrics.values.count < 30)
    }

    @Test("an error that a provider makes up is counted as another, and one that is known by its name")
    func errors() throws {
        let metrics = Metrics(startedAt: Date(timeIntervalSince1970: 0.5))
        for number in 0..<10_000 {
            metrics.count(.failed(Self.failure("authorizationResponse.error.made_up_\(number)")))
        }
        metrics.count(.failed(Self.failure("tokenResponse.error.invalid_client")))
        let text = try PrometheusText(metrics.text)
        let other = ["provider": "", "rule": "authorizationResponse.error.other"]
        #expect(text.value("oidc_demo_refusals_total", other) == 10_000)
        let known = ["provider": "", "rule": "tokenResponse.error.invalid_client"]
        #expect(text.value("oidc_demo_refusals_total", known) == 1)
        #expect(text.value("process_start_time_seconds") == 0.5)
        #expect(text.value("oidc_demo_build_info", ["version": About.version]) == 1)
        #expect(Set(text.types.keys) == Set(Metric.allCases.map(\.rawValue)))
    }

    private static func failure(_ rule: String) -> LoginFailure {
        LoginFailure(
            .providerRefused, status: 400, provider: nil, summary: "", rule: rule, remedy: "", retryPath: "/")
    }

    @Test("a label's value is escaped as the format wants it")
    func labels() throws {
        let value = "a\\n\"b\"\nc\\"
        let line = Metrics.line("m", [("l", value), ("k", "{}, =")], "1")
        #expect(line == "m{l=\"a\\\\n\\\"b\\\"\\nc\\\\\",k=\"{}, =\"} 1\n")
        let text = try PrometheusText("# HELP m x\n# TYPE m counter\n" + line)
        #expect(text.value("m", ["l": value, "k": "{}, ="]) == 1)
    }

    @Test(
        "no secret, token, code or cookie is in the log or the metrics, whatever happens",
        arguments: [LineLog.Format.text, .json])
    func canaries(_ format: LineLog.Format) async throws {
        let world = try OperatedWorld(format, logsRequests: true)
        try await world.logIn()
        world.clock.value += 590
        try await world.send("/userinfo")
        try await world.send("/sessions")
        try await world.send("/sessions/end-all", form: "")
        let callback = try await world.callback()
        try await world.send(callback + "x")
        world.interference.value = { request in
            guard request.purpose == .token else { return nil }
            let echo = String(decoding: request.body, as: UTF8.self)
            return .json("{\"error\":\"invalid_grant\",\"error_description\":\"\(echo)\"}", status: 400)
        }
        try await world.send(try await world.callback())
        world.interference.value = { request in
            throw TransportError(.failed, origin: request.url.origin, detail: "it failed")
        }
        try await world.send(callback)
        try await world.send("/logout?id_token_hint=\(OperatedWorld.secret)", form: "")
        let told = world.lines.value + world.operations.metrics.text
        #expect(told.split(separator: "\n").count > 40)
        #expect(world.canaries.count > 10)
        for canary in world.canaries where canary.count > 7 { #expect(!told.contains(canary)) }
    }
}
