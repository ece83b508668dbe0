import FoundationEssentials
import HTTPMessages
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A user's sessions")
struct ActiveSessionsTests {
    /// The handles on the list, the newest first.
    private func handles(_ browser: PlayedBrowser) async throws -> [String] {
        try await browser.text("/sessions").split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    }

    private func browsers(_ world: World) async throws -> [PlayedBrowser] {
        var browsers: [PlayedBrowser] = []
        for number in 0..<3 {
            let browser = PlayedBrowser(world)
            browser.headers.append((.userAgent, "Browser \(number)"))
            browser.user = number == 2 ? 1 : 0
            _ = try await browser.logIn()
            world.clock.value += 60
            browsers.append(browser)
        }
        return browsers
    }

    @Test("are listed for their user alone, the newest first, with what the browser called itself")
    func listed() async throws {
        let browsers = try await browsers(try World())
        let list = try await browsers[0].text("/sessions").split(separator: "\n").map { $0.drop { $0 != " " } }
        #expect(list == [" false Browser 1", " true Browser 0"])
        #expect(try await handles(browsers[2]).count == 1)
        #expect(try await PlayedBrowser(browsers[0].world).text("/sessions") == "nobody")
    }

    @Test("end one by one")
    func one() async throws {
        let browsers = try await browsers(try World())
        let handles = try await handles(browsers[0])
        #expect(try await browsers[0].send(.post, "/sessions/end", form: "session=\(handles[0])").status == 200)
        #expect(try await browsers[1].text("/") == "nobody")
        #expect(try await browsers[0].text("/") != "nobody")
        #expect(try await browsers[0].send(.post, "/sessions/end", form: "session=\(handles[1])").status == 200)
        #expect(browsers[0].applicationCookies.isEmpty)
        #expect(try await browsers[0].text("/") == "nobody")
    }

    @Test("are ended by nobody else")
    func foreign() async throws {
        let browsers = try await browsers(try World())
        let handle = try await handles(browsers[0])[1]
        #expect(try await browsers[2].send(.post, "/sessions/end", form: "session=\(handle)").status == 200)
        #expect(try await browsers[0].text("/") != "nobody")
    }

    @Test("are not ended by another site's form", arguments: ["/sessions/end", "/sessions/end-all"])
    func crossSite(_ path: String) async throws {
        let browsers = try await browsers(try World())
        let handle = try await handles(browsers[0])[1]
        for headers: [(HTTPFields.Name, String)] in [
            [(.secFetchSite, "cross-site")], [(.secFetchSite, "same-site")], [(.origin, "https://evil.example")], [],
        ] {
            browsers[0].headers = headers
            let answer = try await browsers[0].send(.post, path, form: "session=\(handle)")
            #expect(answer.status == 403)
            #expect(String(decoding: answer.body, as: UTF8.self) == "request.origin")
        }
        #expect(try await browsers[0].text("/") != "nobody")
    }

    @Test("end all at once, here and at the provider")
    func everywhere() async throws {
        let browsers = try await browsers(try World())
        let answer = try await browsers[0].send(.post, "/sessions/end-all")
        #expect(answer.status == 303)
        #expect(answer.fields[.location]?.hasPrefix(World.providerOrigin) == true)
        #expect(browsers[0].applicationCookies["oidc-session"] == nil)
        for browser in browsers[0...1] { #expect(try await browser.text("/") == "nobody") }
        #expect(try await browsers[2].text("/") != "nobody")
    }

    @Test("that live in cookies are not listed but for one's own, and end all at once too")
    func cookies() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now), now: now)
        let browsers = try await browsers(try World(store: store, clock: clock))
        let copy = browsers[0].applicationCookies
        #expect(try await handles(browsers[0]).count == 1)
        #expect(try await browsers[0].send(.post, "/sessions/end-all").status == 303)
        browsers[0].applicationCookies = copy
        for browser in browsers[0...1] { #expect(try await browser.text("/") == "nobody") }
        #expect(try await browsers[2].text("/") != "nobody")
    }

    @Test("of more than a hundred the newest are listed, with this browser's own however old, and all can be ended")
    func many() async throws {
        let store = MemorySessionStore(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        let world = try World(store: store)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let token = try #require(browser.applicationCookies["oidc-session"].flatMap { SessionToken($0) })
        let own = try #require(try await store.load(token))
        for number in 1...150 {
            let time = own.createdAt.addingTimeInterval(TimeInterval(number) / 1000)
            _ = try await store.create(
                Session(
                    payload: own.payload, summary: own.summary, issuer: own.issuer, subject: own.subject,
                    createdAt: time, expiresAt: time + 3600))
        }
        let lines = try await browser.text("/sessions").split(separator: "\n")
        #expect(lines.count == 102)
        #expect(lines.last == "50 more")
        #expect(lines.filter { $0.contains(" true ") }.count == 1)
        #expect(try await browser.send(.post, "/sessions/end-all").status == 303)
        let user = try #require(own.user)
        #expect(try await store.sessions(of: user) == SessionList([], count: 0))
    }

    @Test("a session that an earlier version kept, without a summary, is listed as well")
    func withoutSummary() async throws {
        let store = MemorySessionStore(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        let browser = PlayedBrowser(try World(store: store))
        browser.headers.append((.userAgent, "Browser/1"))
        _ = try await browser.logIn()
        let before = try await browser.text("/sessions")
        let token = try #require(browser.applicationCookies["oidc-session"].flatMap { SessionToken($0) })
        var own = try #require(try await store.load(token))
        #expect(own.summary.count < own.payload.count / 4)
        own.summary = []
        _ = try await store.replace(token, with: own)
        #expect(try await browser.text("/sessions") == before)
        #expect(before.contains(" true Browser/1"))
    }
}
