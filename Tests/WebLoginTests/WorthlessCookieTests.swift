import FoundationEssentials
import HTTPMessages
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A session cookie that is worth nothing")
struct WorthlessCookieTests {
    /// What the application answers to a `Cookie` line.
    private func answer(_ world: World, _ line: String, _ target: String = "/") async throws -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.cookie, line)
        let request = try #require(HTTPRequest(method: .get, target: target, fields: fields))
        return await world.answer(request, at: World.applicationOrigin, machine: 0)
    }

    /// The names of the cookies that an answer clears.
    private func cleared(_ answer: HTTPResponse) -> Set<String> {
        Set(
            answer.fields.values(.setCookie).filter { $0.contains("Max-Age=0") }.map { String($0.prefix { $0 != "=" }) }
        )
    }

    @Test(
        "counts as none, and is cleared, with all its parts",
        arguments: [
            ("oidc-session=forged", 1), ("oidc-session=" + String(repeating: "A", count: 43), 1), ("oidc-session=", 1),
            ("oidc-session=a; oidc-session=a", 1), ("oidc-session=2~a", 1), ("oidc-session=2~a; oidc-session-1=b", 2),
            ("oidc-session=9~a", 1), ("oidc-session=~", 1), ("oidc-session=-1~a", 1),
            ("oidc-session=" + String(repeating: "A", count: 16_000), 1),
        ])
    func cleared(_ line: String, _ count: Int) async throws {
        let answer = try await answer(try World(), line)
        #expect(String(decoding: answer.body, as: UTF8.self) == "nobody")
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(cleared(answer).count == count)
        #expect(cleared(answer).contains("oidc-session"))
    }

    @Test("is cleared when its session is over, and left alone while it is not, or where nobody asked for it")
    func over() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let line = "oidc-session=" + (browser.applicationCookies["oidc-session"] ?? "")
        #expect(cleared(try await answer(world, line)).isEmpty)
        world.clock.value += 25 * 3600
        #expect(cleared(try await answer(world, line, "/unknown")).isEmpty)
        #expect(cleared(try await answer(world, line)) == ["oidc-session"])
    }

    @Test("does not clear the one that the same answer sets")
    func setBySameAnswer() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        browser.applicationCookies["oidc-session"] = "forged"
        let callback = try await browser.callback()
        #expect(try await browser.send(callback).status == 303)
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("is not told from a good one while the store does not work, and stays")
    func brokenStore() async throws {
        let line = "oidc-session=" + String(repeating: "A", count: 43)
        let answer = try await answer(try World(store: BrokenSessionStore()), line)
        #expect(cleared(answer).isEmpty)
    }

    @Test("in the cookie store is renewed about once a minute, and the new one goes on where the old one ends")
    func renewed() async throws {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let now = { @Sendable in clock.value }
        let store = CookieSessionStore(
            keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now), now: now)
        let browser = PlayedBrowser(try World(store: store, clock: clock))
        _ = try await browser.logIn()
        let first = browser.applicationCookies["oidc-session"]
        clock.value += 59
        _ = try await browser.send("/")
        #expect(browser.applicationCookies["oidc-session"] == first)
        for _ in 0..<10 {
            clock.value += 2 * 3600
            #expect(try await browser.text("/") != "nobody")
        }
        let last = browser.applicationCookies["oidc-session"]
        #expect(last != first)
        browser.applicationCookies["oidc-session"] = first
        #expect(try await browser.text("/") == "nobody")
        // What ends the session ends all its cookies.
        browser.applicationCookies["oidc-session"] = last
        clock.value += 61
        _ = try await browser.send("/")
        _ = try await browser.send(.post, "/logout")
        browser.applicationCookies["oidc-session"] = last
        #expect(try await browser.text("/") == "nobody")
    }
}
