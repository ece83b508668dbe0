import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A back-channel logout")
struct BackChannelLogoutTests {
    @Test("oidcc-client-test-rp-backchannel-rpinitlogout: ends the session that it names, on every machine, with 200")
    func module() async throws {
        let provider = try LogoutProvider()
        let browser = PlayedBrowser(provider.world)
        _ = try await browser.logIn()
        let sid = try await provider.sessionID(of: browser)
        browser.machine = 1
        #expect(try await browser.text("/") != "nobody")
        let answer = try await provider.send(
            ["sid": .string(sid), "unknown": ["a": 1]], extra: [("unknown", "parameter")])
        #expect(answer.status == 200)
        #expect(answer.fields[.cacheControl] == "no-store")
        for machine in 0...1 {
            browser.machine = machine
            #expect(try await browser.text("/") == "nobody")
        }
    }

    /// What breaks a logout token, by the conformance suite's name where it has one, and the rule that says so.
    static let faults: [(name: String, rule: String, change: @Sendable (inout JSONObject) -> Void)] = [
        ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", "audience", { $0["aud"] = "app1" }),
        ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", "", { $0["iss"] = "http://127.0.0.1:90011" }),
        ("oidcc-client-test-rp-backchannel-rpinitlogout-no-event", "events", { $0["events"] = nil }),
        (
            "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", "events",
            { $0["events"] = ["http://schemas.openid.net/event/wrong": [:]] }
        ),
        ("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", "noNonce", { $0["nonce"] = "n" }),
        ("without iat", "issuedAt", { $0["iat"] = nil }), ("without jti", "tokenID", { $0["jti"] = nil }),
        (
            "about nobody", "identified",
            {
                $0["sub"] = nil
                $0["sid"] = nil
            }
        ),
        ("expired", "expiry", { $0["exp"] = 1_700_000_000 }),
    ]

    @Test("that breaks a rule is refused with 400, and ends nothing", arguments: faults.map(\.name))
    func refused(_ name: String) async throws {
        let fault = try #require(Self.faults.first { $0.name == name })
        let provider = try LogoutProvider()
        let browser = PlayedBrowser(provider.world)
        _ = try await browser.logIn()
        let answer = try await provider.send(change: fault.change)
        #expect(answer.status == 400)
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(answer.fields[.contentType] == "application/json")
        let rule = fault.rule.isEmpty ? "logout.issuer" : "logoutToken." + fault.rule
        #expect(provider.world.failures.map(\.rule) == [rule])
        #expect(String(decoding: answer.body, as: UTF8.self).contains(rule))
        #expect(try await browser.text("/") != "nobody")
    }

    @Test(
        "that is not signed by the provider, with its algorithm, is refused",
        arguments: [
            ("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", "logoutToken.form"),
            ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", "logoutToken.algorithm"),
            ("by another key", "logoutToken.signature"),
        ])
    func signature(_ name: String, _ rule: String) async throws {
        let provider = try LogoutProvider { $0.client.idTokenSignedResponseAlg = .es256 }
        let browser = PlayedBrowser(provider.world)
        _ = try await browser.logIn()
        let claims = provider.claims(["sub": .string(try await provider.subject(of: browser))])
        let payload = JSONValue.object(claims).serialized()
        let token =
            switch name {
            case "by another key": try SigningKey.generate(.es256, keyID: "other").sign(payload: payload, type: nil)
            case _ where name.hasSuffix("alg-none"):
                Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(payload) + "."
            // Validly signed, by a key that the provider publishes.
            default: try provider.rsaKey.sign(payload: payload, type: nil)
            }
        #expect(try await provider.post("logout_token=" + token).status == 400)
        #expect(provider.world.failures.map(\.rule) == [rule])
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("of a user ends all their sessions, and nobody else's")
    func user() async throws {
        let provider = try LogoutProvider()
        let (one, two, other) = (
            PlayedBrowser(provider.world), PlayedBrowser(provider.world), PlayedBrowser(provider.world)
        )
        for browser in [one, two] { _ = try await browser.logIn() }
        other.user = 1
        _ = try await other.logIn()
        let subject = try await provider.subject(of: one)
        #expect(try await provider.send(["sub": .string(subject)]).status == 200)
        for browser in [one, two] { #expect(try await browser.text("/") == "nobody") }
        #expect(try await other.text("/") != "nobody")
    }

    @Test("of one session leaves the user's others, except those of which it is not known where they were begun")
    func session() async throws {
        let provider = try LogoutProvider()
        let (one, two, unknown) = (
            PlayedBrowser(provider.world), PlayedBrowser(provider.world), PlayedBrowser(provider.world)
        )
        for browser in [one, two] { _ = try await browser.logIn() }
        provider.leavesOutSessionID.value = true
        _ = try await unknown.logIn()
        let (subject, sid) = (try await provider.subject(of: one), try await provider.sessionID(of: one))
        #expect(try await provider.send(["sub": .string(subject), "sid": .string(sid)]).status == 200)
        #expect(try await one.text("/") == "nobody")
        #expect(try await two.text("/") != "nobody")
        #expect(try await unknown.text("/") == "nobody")
    }

    @Test("of a session that is over already is no error")
    func over() async throws {
        let provider = try LogoutProvider()
        #expect(try await provider.send(["sid": "unknown"]).status == 200)
    }

    @Test("that comes again is refused, on every machine")
    func replayed() async throws {
        let provider = try LogoutProvider()
        let token = try provider.token(["sid": "one"])
        #expect(try await provider.post("logout_token=" + token).status == 200)
        for machine in 0...1 {
            #expect(try await provider.post("logout_token=" + token, machine: machine).status == 400)
        }
        #expect(provider.world.failures.map(\.rule) == ["logoutToken.replay", "logoutToken.replay"])
        // Until nobody would take it anyway.
        provider.world.clock.value += 3600
        #expect(try await provider.post("logout_token=" + token).status == 400)
        #expect(provider.world.failures.last?.rule != "logoutToken.replay")
    }

    @Test("that comes while a login is finished ends that login too")
    func duringLogin() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let provider = try LogoutProvider(clock: clock)
        let first = PlayedBrowser(provider.world)
        _ = try await first.logIn()
        // The next login of this browser is in the same session at the provider.
        let sid = try await provider.sessionID(of: first)
        let callback = try await first.callback()
        #expect(try await provider.send(["sid": .string(sid)]).status == 200)
        #expect(try await first.send(callback).status == 401)
        #expect(provider.world.failures.map(\.code) == [.providerSessionEnded])
        #expect(try await first.text("/") == "nobody")
    }

    /// Keycloak uses a `sid` again after an administrator's logout.
    @Test(
        "of a session at the provider leaves a login alone that was begun after it, though the provider uses the sid again",
        arguments: ["memory", "cookie"])
    func sessionIDAgain(_ kind: String) async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000.4))
        let now = { @Sendable in clock.value }
        let store: any SessionStore =
            kind == "memory"
            ? MemorySessionStore(now: now)
            : CookieSessionStore(
                keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now),
                now: now)
        let provider = try LogoutProvider(store: store, clock: clock)
        let (browser, old) = (PlayedBrowser(provider.world), PlayedBrowser(provider.world))
        _ = try await browser.logIn()
        let sid = try await provider.sessionID(of: browser)
        old.cookies = browser.cookies
        let early = try await browser.callback()
        clock.value += 0.1
        #expect(try await provider.send(["sid": .string(sid)]).status == 200)
        #expect(try await browser.text("/") == "nobody")
        // Begun before the logout, and in the session that ended.
        #expect(try await browser.send(early).status == 401)
        // Begun in the very millisecond, it may have been before.
        let same = try await browser.callback()
        #expect(try await browser.send(same).status == 401)
        clock.value += 0.1
        _ = try await browser.logIn()
        #expect(try await provider.sessionID(of: browser) == sid)
        clock.value += 1
        for machine in 0...1 {
            browser.machine = machine
            #expect(try await browser.text("/") != "nobody")
        }
        // What ended stays ended.
        #expect(try await old.text("/") == "nobody")
        // And the new session ends as the first did.
        #expect(try await provider.send(["sid": .string(sid)]).status == 200)
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("of what names no issuer bothers no provider")
    func unreadable() async throws {
        let provider = try LogoutProvider()
        #expect(try await provider.post("logout_token=x").status == 400)
        #expect(provider.world.transport.requests.isEmpty)
    }

    @Test("with a user and a session ends all of the user's where the store cannot tell which were begun in it")
    func cookiesWithoutSessionID() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now), now: now)
        let provider = try LogoutProvider(store: store, clock: clock)
        let (one, other) = (PlayedBrowser(provider.world), PlayedBrowser(provider.world))
        provider.leavesOutSessionID.value = true
        _ = try await one.logIn()
        other.user = 1
        _ = try await other.logIn()
        let subject = try await provider.subject(of: one)
        #expect(try await provider.send(["sub": .string(subject), "sid": "unknown"]).status == 200)
        #expect(try await one.text("/") == "nobody")
        #expect(try await other.text("/") != "nobody")
    }

    @Test("that the store fails to do is answered with 400, and done when it comes again")
    func storeFails() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let store = InterceptedStore(MemorySessionStore(now: { clock.value }))
        let provider = try LogoutProvider(store: store, clock: clock)
        let browser = PlayedBrowser(provider.world)
        _ = try await browser.logIn()
        let token = try provider.token(["sid": .string(try await provider.sessionID(of: browser))])
        store.beforeEndingAll.value = { throw BrokenSessionStore.Broken() }
        #expect(try await provider.post("logout_token=" + token).status == 400)
        store.beforeEndingAll.value = nil
        #expect(try await browser.text("/") != "nobody")
        #expect(try await provider.post("logout_token=" + token).status == 200)
        #expect(try await browser.text("/") == "nobody")
    }

    @Test(
        "that is no form with one logout_token is refused",
        arguments: [
            "", "logout_token=", "logout_token=a&logout_token=b", "token=a", "logout_token=%ZZ", "logout_token=a.b.c",
        ])
    func malformed(_ body: String) async throws {
        let provider = try LogoutProvider()
        #expect(try await provider.post(body).status == 400)
        #expect(provider.world.failures.count == 1)
        #expect(try await provider.post("logout_token=a", type: "application/json").status == 400)
        // Good ones are none either when there are two.
        let (one, two) = (try provider.token(["sid": "one"]), try provider.token(["sid": "two"]))
        #expect(try await provider.post("logout_token=\(one)&logout_token=\(two)").status == 400)
        #expect(provider.world.failures.last?.rule == "logout.parameters")
    }

    @Test("holds for sessions in cookies too, on every machine")
    func cookies() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now), now: now)
        let provider = try LogoutProvider(store: store, clock: clock)
        let (one, two) = (PlayedBrowser(provider.world), PlayedBrowser(provider.world))
        for browser in [one, two] { _ = try await browser.logIn() }
        let sid = try await provider.sessionID(of: one)
        #expect(try await provider.send(["sid": .string(sid)]).status == 200)
        one.machine = 1
        #expect(try await one.text("/") == "nobody")
        #expect(try await two.text("/") != "nobody")
    }
}
