import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("An access token near its end")
struct FreshSessionTests {
    /// How often the provider was asked for new tokens.
    private func refreshes(_ world: World) -> Int {
        world.transport.requests.filter {
            String(decoding: $0.body, as: UTF8.self).contains("grant_type=refresh_token")
        }.count
    }

    /// A browser that has logged in, and whose access token has ended.
    private func browser(_ world: World) async throws -> PlayedBrowser {
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        world.clock.value += 590
        return browser
    }

    @Test("is refreshed, and serves until its own end is near")
    func refreshed() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let first = try await browser.text("/token")
        world.clock.value += 500
        #expect(try await browser.text("/token") == first)
        world.clock.value += 80
        let second = try await browser.text("/token")
        #expect(second != first)
        #expect(try await browser.text("/token") == second)
        world.clock.value += 580
        #expect(try await browser.text("/token") != second)
        #expect(refreshes(world) == 2)
        #expect(try await browser.text("/") != "nobody")
    }

    @Test(
        "is refreshed once, however many ask for it on however many machines, and all get the new one",
        arguments: ["memory", "cookie"])
    func once(_ kind: String) async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let now = { @Sendable in clock.value }
        let store: any SessionStore =
            kind == "cookie"
            ? CookieSessionStore(keys: keys, shared: MemorySharedValues(now: now), now: now)
            : MemorySessionStore(now: now)
        let world = try World(store: store, clock: clock, machines: 2)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        world.clock.value += 590
        let cookies = browser.cookies
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let tab = PlayedBrowser(world)
                    tab.cookies = cookies
                    tab.machine = number % 2
                    return try await tab.text("/token")
                }
            }
            return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(refreshes(world) == 1)
        #expect(answers.count == 1)
        #expect(answers.first?.value == 200)
        // The next refresh works too: nobody kept the old refresh token, or the old cookie.
        browser.machine = 1
        #expect(try await browser.text("/token") == answers.first?.key)
        world.clock.value += 590
        #expect(try await browser.send("/token").status == 200)
        #expect(try await browser.text("/token") != answers.first?.key)
        #expect(refreshes(world) == 2)
    }

    @Test("of a session in a cookie leaves no cookie where machines tell each other of it")
    func succession() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let values = InterceptedValues(MemorySharedValues(now: now))
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: values, now: now)
        let browser = try await browser(try World(store: store, clock: clock))
        let former = browser.applicationCookies["oidc-session"]
        #expect(try await browser.send("/token").status == 200)
        let current = try #require(browser.applicationCookies["oidc-session"])
        #expect(current != former)
        #expect(!values.kept.value.isEmpty)
        for value in values.kept.value {
            #expect(value != Array(current.utf8))
            let token = SessionToken(String(decoding: value, as: UTF8.self))
            if let token { #expect(try await store.load(token) == nil) }
        }
    }

    @Test("of a session with several cookies is refreshed once: what notes a use does not bring the old tokens back")
    func severalCookies() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now), now: now)
        let world = try World(store: store, clock: clock)
        let browser = try await browser(world)
        let copy = PlayedBrowser(world)
        copy.cookies = browser.cookies
        // The one notes a use, the other refreshes, both from the same cookie.
        _ = try await copy.send("/")
        let token = try await browser.text("/token")
        #expect(copy.applicationCookies["oidc-session"] != browser.applicationCookies["oidc-session"])
        #expect(try await copy.text("/token") == token)
        #expect(refreshes(world) == 1)
    }

    @Test("is not refreshed a second time by who asked before another had done it, and comes after")
    func overtaken() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let store = InterceptedStore(MemorySessionStore(now: { clock.value }))
        let world = try World(store: store, clock: clock, machines: 2)
        let browser = try await browser(world)
        let answers = Mutexed<[String]>([])
        let cookies = browser.cookies
        store.values.beforeLease.value = {
            let other = PlayedBrowser(world)
            other.cookies = cookies
            other.machine = 1
            let answer = (try? await other.text("/token")) ?? ""
            answers.change { $0.append(answer) }
        }
        let late = try await browser.text("/token")
        #expect(answers.value == [late])
        #expect(refreshes(world) == 1)
    }

    @Test("that is refused ends the session, everywhere, and says so")
    func refused() async throws {
        let world = try World(machines: 2)
        let browser = try await browser(world)
        world.interference.value = { request in
            request.url.path == "/token" ? .json(#"{"error":"invalid_grant"}"#, status: 400) : nil
        }
        let cookies = browser.applicationCookies
        let answer = try await browser.send("/token")
        #expect(answer.status == 401)
        #expect(String(decoding: answer.body, as: UTF8.self) == "refresh.grant")
        #expect(browser.applicationCookies.isEmpty)
        #expect(world.failures.map(\.code) == [.refreshRefused])
        for machine in 0...1 {
            browser.machine = machine
            browser.applicationCookies = cookies
            #expect(try await browser.text("/") == "nobody")
        }
    }

    @Test("whose provider cannot be asked leaves the session as it is, and the next try works")
    func outage() async throws {
        let world = try World()
        let browser = try await browser(world)
        world.interference.value = { request in
            guard request.url.path == "/token" else { return nil }
            throw TransportError(.timedOut, origin: request.url.origin, detail: "played")
        }
        #expect(try await browser.send("/token").status == 504)
        #expect(try await browser.text("/") != "nobody")
        world.interference.value = { $0.url.path == "/token" ? .json("{}", status: 500) : nil }
        #expect(try await browser.send("/token").status == 502)
        world.interference.value = nil
        #expect(try await browser.send("/token").status == 200)
    }

    /// The keys cannot be fetched from now on, and what was fetched is old.
    private func loseKeys(_ world: World) {
        world.clock.value += 1000
        world.interference.value = { request in
            guard request.url.path.contains("jwks") else { return nil }
            throw TransportError(.timedOut, origin: request.url.origin, detail: "played")
        }
    }

    /// A world of two machines whose second has never fetched keys, and a browser that has logged in at the first.
    private func withoutKeys() async throws -> (World, PlayedBrowser) {
        let world = try World(machines: 2)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        loseKeys(world)
        browser.machine = 1
        return (world, browser)
    }

    @Test("whose ID Token cannot be verified for want of keys is new all the same, and the session says what it said")
    func withoutKeysKept() async throws {
        let (world, browser) = try await withoutKeys()
        let before = try await browser.text("/")
        let hint = try await idTokenHint(browser)
        let first = try await browser.text("/token")
        #expect(first.utf8.count > 20)
        #expect(refreshes(world) == 1)
        #expect(world.failures.isEmpty)
        #expect(try await browser.text("/") == before)
        #expect(try await idTokenHint(browser) == hint)
        // The refresh token that came with it is the one that serves the next time.
        world.clock.value += 590
        let second = try await browser.text("/token")
        #expect(second != first)
        #expect(refreshes(world) == 2)
        world.interference.value = nil
        world.clock.value += 590
        #expect(try await browser.send("/token").status == 200)
        #expect(try await idTokenHint(browser) != hint)
    }

    /// The ID Token that the session keeps.
    private func idTokenHint(_ browser: PlayedBrowser) async throws -> String {
        try await browser.text("/id-token-hint")
    }

    @Test("whose ID Token is another user's ends the session, also where its signature cannot be verified")
    func withoutKeysWrong() async throws {
        let (world, browser) = try await withoutKeys()
        world.alter("/token") { answer in
            guard let parts = answer["id_token"]?.string?.split(separator: "."), parts.count == 3 else { return }
            let claims = Base64URL.encode(Array(#"{"iss":"http://127.0.0.1:9001","sub":"mallory"}"#.utf8))
            answer["id_token"] = .string("\(parts[0]).\(claims).\(parts[2])")
        }
        #expect(try await browser.send("/token").status == 401)
        #expect(try await browser.text("/") == "nobody")
        #expect(world.failures.map(\.code) == [.refreshRefused])
    }

    @Test("whose ID Token is signed by nobody that is known ends the session")
    func wrongSignature() async throws {
        let world = try World()
        let browser = try await browser(world)
        world.alter("/token") { answer in
            guard let token = answer["id_token"]?.string else { return }
            answer["id_token"] = .string(String(token.dropLast(4)) + "AAAA")
        }
        #expect(try await browser.send("/token").status == 401)
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("is not refreshed for who has logged out meanwhile")
    func loggedOut() async throws {
        let world = try World()
        let browser = try await browser(world)
        let cookies = browser.applicationCookies
        _ = try await browser.send(.post, "/logout")
        browser.applicationCookies = cookies
        #expect(try await browser.send("/token").status == 401)
        #expect(refreshes(world) == 0)
    }

    @Test("does not bring a session back that ended while its tokens were refreshed")
    func endedMeanwhile() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let store = InterceptedStore(MemorySessionStore(now: { clock.value }))
        let world = try World(store: store, clock: clock)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        world.clock.value += 590
        store.beforeReplacing.value = { try await store.delete($0) }
        #expect(try await browser.send("/token").status == 401)
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("is kept though the store fails for a while, since the old refresh token has served")
    func storeFails() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let store = InterceptedStore(MemorySessionStore(now: { clock.value }))
        let failures = Mutexed(4)
        store.beforeReplacing.value = { _ in
            let fails = failures.change { left in
                left -= 1
                return left >= 0
            }
            if fails { throw BrokenSessionStore.Broken() }
        }
        let world = try World(store: store, clock: clock)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        for _ in 0..<2 {
            world.clock.value += 590
            #expect(try await browser.send("/token").status == 200)
        }
        #expect(refreshes(world) == 2)
    }

    @Test("whose successor does not fit into the cookie is said to be too large at once, since waiting changes nothing")
    func tooLarge() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let store = InterceptedStore(
            CookieSessionStore(keys: keys, shared: MemorySharedValues(now: now), now: now))
        let world = try World(store: store, clock: clock)
        let browser = try await browser(world)
        world.alter("/token") { answer in
            answer["access_token"] = .string(String(repeating: "x", count: 12_000))
            answer["id_token"] = nil
        }
        let tries = Mutexed(0)
        store.beforeReplacing.value = { _ in tries.change { $0 += 1 } }
        let answer = try await browser.send("/token")
        #expect(answer.status == 500)
        #expect(String(decoding: answer.body, as: UTF8.self) == "sessions.size")
        #expect(tries.value == 1)
    }

    @Test("that has ended without a refresh token is said to have ended, and one that is still good serves")
    func withoutRefreshToken() async throws {
        let world = try World()
        world.alter("/token") { $0["refresh_token"] = nil }
        let browser = try await browser(world)
        #expect(try await browser.send("/token").status == 200)
        world.clock.value += 10
        let answer = try await browser.send("/token")
        #expect(answer.status == 401)
        #expect(String(decoding: answer.body, as: UTF8.self) == "accessToken.expiry")
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("of nobody is no token")
    func nobody() async throws {
        #expect(try await PlayedBrowser(try World()).send("/token").status == 401)
    }
}
