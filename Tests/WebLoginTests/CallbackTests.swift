import DevelopmentProvider
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A callback")
struct CallbackTests {
    private func refused(
        _ browser: PlayedBrowser, _ callback: String, _ status: Int, _ code: LoginFailure.Code
    ) async throws {
        let answer = try await browser.send(callback)
        #expect(answer.status == status)
        #expect(browser.world.failures.last?.code == code)
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(browser.applicationCookies["oidc-session"] == nil)
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("of another browser is refused")
    func foreign() async throws {
        let world = try World()
        let callback = try await PlayedBrowser(world).callback()
        try await refused(PlayedBrowser(world), callback, 400, .noTransaction)
        let busy = PlayedBrowser(world)
        _ = try await busy.send("/login")
        try await refused(busy, callback, 400, .foreignState)
    }

    @Test("that comes after ten minutes is called late")
    func late() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        world.clock.value += 601
        try await refused(browser, callback, 400, .transactionExpired)
    }

    @Test("of a login that was begun before all time is called late", arguments: [Int64.min, -1])
    func ancient(begun: Int64) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let state = String(repeating: "s", count: 43)
        let login: JSONObject = [
            "iss": .string(World.providerOrigin), "state": .string(state), "nonce": .string(state),
            "verifier": .string(state), "redirect": .string(World.applicationOrigin + "/login/authorize"),
            "begun": .number(JSONNumber(begun)),
        ]
        let transaction: JSONObject = ["provider": "oidc_entry", "next": "/", "login": .object(login)]
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        browser.applicationCookies["oidc-login-ssssssssssss"] = try keys.seal(
            transaction.serialized(), purpose: "oidc login transaction 1")
        try await refused(browser, "/login/authorize?code=c&state=\(state)", 400, .transactionExpired)
    }

    @Test("that is sent again is refused, and goes on for who is signed in")
    func replayed() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let cookies = browser.applicationCookies
        #expect(try await browser.send(callback).status == 303)
        let again = try await browser.send(callback)
        #expect(again.status == 303)
        #expect(again.fields[.location] == "/")
        // The same with the transaction's cookie still there and no session: a copy of the whole browser.
        let copy = PlayedBrowser(world)
        copy.applicationCookies = cookies
        try await refused(copy, callback, 400, .transactionUsed)
        #expect(world.transport.paths.filter { $0.contains("token") }.count == 1)
    }

    @Test("that comes twice at a time redeems its code once")
    func doubled() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        var statuses: [Int] = []
        for _ in 0..<5 {
            let tab = PlayedBrowser(world)
            tab.applicationCookies = browser.applicationCookies
            statuses.append(try await tab.send(callback).status)
        }
        #expect(statuses == [303, 400, 400, 400, 400])
        #expect(world.transport.paths.filter { $0.contains("token") }.count == 1)
    }

    @Test("is not finished with the cookie of another login under its cookie's name")
    func renamed() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.send("/login")
        let other = try #require(browser.applicationCookies.values.first)
        browser.applicationCookies = [:]
        let callback = try await browser.callback()
        let name = try #require(browser.applicationCookies.keys.first)
        browser.applicationCookies[name] = other
        try await refused(browser, callback, 400, .foreignState)
        #expect(world.transport.paths.filter { $0.contains("token") }.isEmpty)
    }

    @Test("whose cookie was forged is refused")
    func forged() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let name = try #require(browser.applicationCookies.keys.first)
        browser.applicationCookies[name] = String(repeating: "A", count: 200)
        try await refused(browser, callback, 400, .noTransaction)
        #expect(browser.applicationCookies[name] == nil)
    }

    @Test(
        "that is malformed is refused",
        arguments: [
            "", "?state=x", "?code=a", "?code=a&code=b&state=S", "?code=%ZZ&state=S", "?code=a&error=b&state=S",
        ])
    func malformed(_ query: String) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let state = try #require(callback.firstMatch(of: /state=([^&]*)/)).1
        let answer = try await browser.send("/login/authorize" + query.replacing("S", with: state))
        #expect(answer.status == 400)
        #expect([.malformedCallback, .foreignState].contains(world.failures.last?.code))
        #expect(!world.transport.paths.contains { $0.contains("token") })
    }

    @Test("with the provider's refusal shows it, escaped")
    func providerRefused() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let state = try #require(callback.firstMatch(of: /state=([^&]*)/)).1
        let answer = try await browser.send(
            "/login/authorize?error=access_denied&error_description=%3Cscript%3E&state=\(state)&iss="
                + FormEncoding.encode(World.providerOrigin))
        #expect(answer.status == 403)
        #expect(world.failures.map(\.code) == [.providerRefused])
        let page = String(decoding: answer.body, as: UTF8.self)
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script>"))
    }

    @Test("whose ID Token breaks a rule leaves no session and names the rule")
    func rule() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        world.interference.value = { request in
            guard request.url.path.contains("jwks") else { return nil }
            return .json(#"{"keys":[]}"#)
        }
        try await refused(browser, callback, 400, .idTokenRefused)
        #expect(world.failures.last?.rule == "idToken.signature")
    }

    @Test(
        "while no answer can be had says so with 502 or 504, or 503 where that is ours, and the next login works",
        arguments: [
            (TransportError.Code.unreachable, 502), (.timedOut, 504), (.truncated, 502), (.tls, 502),
            (.certificateExpired, 502), (.tooManyOpenFiles, 503),
        ])
    func outage(_ code: TransportError.Code, _ status: Int) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        world.interference.value = { request in
            throw TransportError(code, origin: request.url.origin, detail: "played")
        }
        try await refused(browser, callback, status, .providerUnavailable)
        world.interference.value = nil
        #expect(try await browser.logIn().status == 303)
    }

    @Test("when the session store fails answers 503 and keeps nothing")
    func storeFails() async throws {
        let world = try World(store: BrokenSessionStore(breaksLoads: false))
        let browser = PlayedBrowser(world)
        try await refused(browser, try await browser.callback(), 503, .sessionsUnavailable)
    }

    @Test("when the session store fails keeps what it says of itself for the log, and off the page")
    func storeFailsInWords() async throws {
        let error = SessionStoreError(.full, context: "/canary/sessions.sqlite", remedy: "make room")
        for (thrown, told) in [(error, "\(error)"), (BrokenSessionStore.Broken(), "Broken")] as [(any Error, String)] {
            let world = try World(store: BrokenSessionStore(breaksLoads: false, throwing: thrown))
            let browser = PlayedBrowser(world)
            let answer = try await browser.send(try await browser.callback())
            #expect(world.failures.last?.storeError == told)
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("canary"))
        }
    }

    @Test("with more than a cookie holds says so: how much it is, how much may be, and what the operator can do")
    func tooLarge() async throws {
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let store = CookieSessionStore(keys: keys, shared: MemorySharedValues())
        let world = try World(store: store)
        world.alter("/userinfo") { $0["biography"] = .string("canary" + String(repeating: "x", count: 12_000)) }
        let browser = PlayedBrowser(world)
        let answer = try await browser.send(try await browser.callback())
        #expect(answer.status == 500)
        #expect(browser.applicationCookies["oidc-session"] == nil)
        let failure = try #require(world.failures.last)
        #expect(failure.code == .sessionTooLarge)
        #expect(failure.rule == "sessions.size")
        let size = try #require(failure.actual?.firstMatch(of: /of ([0-9]+) characters/)?.1)
        #expect(try #require(Int(size)) > SessionToken.maximumLength)
        let page = String(decoding: answer.body, as: UTF8.self)
        for word in [
            "does not fit into the cookie", String(size), "12288", "SQLite or Redis", "fewer scopes",
            "Trying again does not help",
        ] { #expect(page.contains(word), "\(word)") }
        for secret in ["canary", "eyJ"] { #expect(!page.contains(secret)) }
    }

    @Test("with claims as deep as JSON may be makes a session that can be read")
    func deepClaims() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let deep = String(repeating: "[", count: 31) + String(repeating: "]", count: 31)
        let subject = try #require([DevelopmentUser].readyUsers.first).subject
        world.interference.value = { request in
            request.url.path == "/userinfo" ? .json(#"{"sub":"\#(subject)","x":\#(deep)}"#) : nil
        }
        _ = try await browser.logIn()
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("finds the keys of the last hour though the provider cannot serve them any longer")
    func keysOutliveMetadata() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        world.clock.value += 3601
        world.interference.value = { $0.url.path == "/jwks" ? .json("", status: 503) : nil }
        #expect(try await browser.logIn().status == 303)
    }

    @Test("makes a session that prints no token")
    func redaction() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        var fields = HTTPFields()
        fields.append(.cookie, browser.applicationCookies.map { "\($0)=\($1)" }.joined(separator: "; "))
        let request = try #require(HTTPRequest(method: .get, target: "/", fields: fields))
        let session = try #require(try await world.login.session(of: request))
        var text = "\(session) \(String(reflecting: session))"
        dump(session, to: &text)
        #expect(!text.contains("eyJ"))
    }

    @Test("failures carry no code, no token and no secret")
    func canaries() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let code = try #require(callback.firstMatch(of: /code=([^&]*)/)).1
        world.interference.value = { request in
            request.url.path.contains("token") ? .json(#"{"access_token":"canary-token","token_type":"mac"}"#) : nil
        }
        let answer = try await browser.send(callback)
        let text = String(decoding: answer.body, as: UTF8.self) + "\(world.events.value)"
        #expect(answer.status == 502)
        #expect(!text.contains("canary") && !text.contains(code))
    }
}

@Suite("A provider that is down at the start")
struct OutageTests {
    @Test("is named by the login and by the readiness, and found again alone")
    func recovers() async throws {
        let world = try World()
        world.interference.value = { _ in .json("<html>", status: 200) }
        let browser = PlayedBrowser(world)
        #expect(try await browser.send("/login").status == 502)
        #expect(await world.login.readiness().first?.problem?.code == .metadata)
        world.interference.value = nil
        #expect(await world.login.readiness().first?.problem == nil)
        #expect(try await browser.logIn().status == 303)
    }

    @Test("metadata serve an hour, then the next login asks again, and an outage then does no harm")
    func freshness() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        for _ in 0..<3 { _ = try await browser.send("/login") }
        #expect(world.transport.requests.count == 1)
        world.clock.value += 3601
        world.interference.value = { _ in .json("", status: 500) }
        for _ in 0..<3 { #expect(try await browser.send("/login").status == 303) }
        #expect(world.transport.requests.count == 2)
        world.clock.value += 60
        #expect(try await browser.send("/login").status == 303)
        #expect(world.transport.requests.count == 3)
    }
}
