import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing

@testable import WebLogin

extension PlayedBrowser {
    /// What this browser may see of its last login.
    fileprivate func trace() async throws -> LoginTrace? {
        var request = try #require(HTTPRequest(method: .get, target: "/login/trace"))
        request.fields[.cookie] = applicationCookies.map { "\($0)=\($1)" }.joined(separator: "; ")
        return try await world.login.lastLogin(of: request)
    }
}

extension LoginTrace {
    fileprivate var text: String { JSONValue.object(json).text }
}

@Suite("The last login of a browser")
struct TraceTests {
    @Test("is told step by step, each rule with what was expected and what came")
    func steps() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        world.clock.value += 7
        _ = try await browser.send(callback)
        let trace = try #require(try await browser.trace())
        #expect(trace.outcome == .finished(issuer: World.providerOrigin, subject: try await subject(of: browser)))
        #expect(trace.record.steps.map(\.kind) == LoginRecord.Step.Kind.allCases)
        #expect(trace.record.steps.allSatisfy { !$0.isFailed && !$0.parts.isEmpty })
        let rules = trace.record.rules(of: .idToken)
        #expect(rules.map(\.name) == IDTokenRule.allCases.map { "idToken.\($0.rawValue)" })
        let audience = try #require(rules.first { $0.name == "idToken.audience" })
        #expect((audience.expected, audience.value, audience.verdict) == ("app", "app", .passed))
        let sent = trace.record.steps[1].parts.map { "\($0.name)=\($0.value)" }
        #expect(sent.contains("code_challenge_method=S256"))
        #expect(sent.contains("GET=\(World.providerOrigin)/authorize"))
        #expect(trace.record.steps[1].at == world.clock.value.addingTimeInterval(-7))
        #expect(trace.record.steps[2].parts.contains { $0.role == .measured && $0.value == "7 s" })
        #expect(trace.record.steps[4].parts.contains { $0.role == .key && $0.verdict == .passed })
        #expect(
            trace.record.steps[6].parts.contains { $0.role == .merged && $0.name == "email" && $0.value == "UserInfo" })
    }

    private func subject(of browser: PlayedBrowser) async throws -> String {
        String(try await browser.text("/").prefix { $0 != " " })
    }

    @Test("holds no code, no token, no secret, whole or by half")
    func secrets() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        let answers = Mutexed<[JSONObject]>([])
        world.alteration.value = { request, answer in
            if request.url.path == "/token", let object = try? JSONObject(parsing: answer.body) {
                answers.change { $0.append(object) }
            }
            return answer
        }
        let callback = try await browser.callback()
        _ = try await browser.send(callback)
        let text = try #require(try await browser.trace()).text
        let query = try FormParameters(parsing: Array(callback.drop { $0 != "?" }.dropFirst().utf8))
        let request = try #require(world.transport.requests.first { $0.url.path == "/token" })
        let form = try FormParameters(parsing: request.body)
        let claims = try #require(try await idTokenClaims(answers.value))
        let secrets = [
            query["code"], query["state"], form["code_verifier"], answers.value.first?["access_token"]?.string,
            answers.value.first?["refresh_token"]?.string, answers.value.first?["id_token"]?.string,
            claims["nonce"]?.string, claims["sid"]?.string, "canary-client-secret",
            request.fields.first { $0.name == "Authorization" }?.value,
        ].compactMap(\.self)
        #expect(secrets.count == 10)
        for secret in secrets { #expect(!text.contains(secret.dropFirst(secret.count / 2))) }
    }

    private func idTokenClaims(_ answers: [JSONObject]) async throws -> JSONObject? {
        let parts = answers.first?["id_token"]?.string?.split(separator: ".") ?? []
        guard parts.count == 3, let bytes = try? Base64URL.decode(String(parts[1])) else { return nil }
        return try JSONObject(parsing: bytes)
    }

    @Test("that failed ends with the rule that failed, and what it found")
    func failure() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        world.alter("/userinfo") { $0["sub"] = "somebody-else" }
        #expect(try await browser.logIn().status == 400)
        let trace = try #require(try await browser.trace())
        guard case .failed("userInfo.subject", _, let remedy) = trace.outcome else {
            Issue.record("\(trace.outcome)")
            return
        }
        #expect(remedy.contains("somebody else"))
        let last = try #require(trace.record.steps.last)
        #expect(last.kind == .userInfo && last.isFailed)
        #expect(last.parts.contains { $0.verdict == .failed && $0.value == "somebody-else" })
        #expect(world.failures.last?.record?.steps.map(\.kind) == trace.record.steps.map(\.kind))
    }

    @Test("that could not even begin is told too")
    func noProvider() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        world.interference.value = { request in
            throw TransportError(.tls, origin: request.url.origin, detail: "expired")
        }
        #expect(try await browser.send("/login").status == 502)
        let trace = try #require(try await browser.trace())
        #expect(trace.record.steps.map(\.kind) == [.discovery])
        #expect(trace.record.rules(of: .discovery).map(\.name) == ["transport.tls"])
    }

    @Test("is shown to no other browser, with or without a session")
    func otherBrowser() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(try await browser.trace() != nil)
        let other = PlayedBrowser(world)
        #expect(try await other.trace() == nil)
        // Who has got hold of the name of the trace alone sees nothing of a login that went well.
        other.applicationCookies["oidc-trace"] = browser.applicationCookies["oidc-trace"]
        #expect(try await other.trace() == nil)
        other.user = 1
        _ = try await other.logIn()
        other.applicationCookies["oidc-trace"] = browser.applicationCookies["oidc-trace"]
        #expect(try await other.trace() == nil)
        other.applicationCookies["oidc-trace"] = String(repeating: "A", count: 43)
        #expect(try await other.trace() == nil)
    }

    @Test("is gone when its session is, and after an hour")
    func end() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        world.clock.value += 3599
        #expect(try await browser.trace() != nil)
        world.clock.value += 2
        #expect(try await browser.trace() == nil)
        _ = try await browser.logIn()
        let later = browser.applicationCookies
        _ = try await browser.send(.post, "/logout")
        browser.applicationCookies = later
        #expect(try await browser.trace() == nil)
        // Another login of the same user is another login.
        world.clock.value += 10
        _ = try await browser.logIn()
        browser.applicationCookies["oidc-trace"] = later["oidc-trace"]
        #expect(try await browser.trace() == nil)
    }

    @Test("is not kept where nobody's is")
    func off() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(browser.applicationCookies["oidc-trace"] == nil)
        #expect(try await browser.trace() == nil)
    }

    @Test("is kept and shown for allowed users only, and not where nobody logged in")
    func allowed() async throws {
        let isAllowed = Mutexed(true)
        let world = try World(tracing: .users { _ in isAllowed.value })
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(try await browser.trace() != nil)
        isAllowed.value = false
        #expect(try await browser.trace() == nil)
        let other = PlayedBrowser(world)
        _ = try await other.logIn()
        #expect(other.applicationCookies["oidc-trace"] == nil)
        isAllowed.value = true
        world.alter("/userinfo") { $0["sub"] = "somebody-else" }
        let failing = PlayedBrowser(world)
        #expect(try await failing.logIn().status == 400)
        #expect(failing.applicationCookies["oidc-trace"] == nil)
    }

    @Test("stays within 64 KiB, whatever the provider sends, and says what was left out")
    func size() async throws {
        let world = try World(tracing: .everyone)
        let browser = PlayedBrowser(world)
        world.alter("/userinfo") { claims in
            for number in 0..<10_000 { claims["claim \"\\\u{202E}<b>\u{1}\(number)"] = "\\\"\u{7}" }
            claims["long"] = .string(String(repeating: "x", count: 100_000))
        }
        _ = try await browser.logIn()
        let trace = try #require(try await browser.trace())
        #expect(trace.text.utf8.count <= LoginRecord.maximumByteCount)
        #expect(trace.record.omittedPartCount > 5000)
        #expect(!trace.text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }

    @Test("is not kept of a flood: two hundred at once, and some more after an hour")
    func flood() async throws {
        let world = try World(tracing: .everyone)
        world.interference.value = { request in throw TransportError(.timedOut, origin: request.url.origin, detail: "")
        }
        var kept = 0
        for _ in 0..<220 {
            let browser = PlayedBrowser(world)
            _ = try await browser.send("/login")
            if browser.applicationCookies["oidc-trace"] != nil { kept += 1 }
        }
        #expect(kept == 200)
        world.clock.value += 36
        let browser = PlayedBrowser(world)
        _ = try await browser.send("/login")
        #expect(browser.applicationCookies["oidc-trace"] != nil)
    }
}
