import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A session that changes while it is used")
struct SessionRaceTests {
    private let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))

    private func cookieStore() throws -> InterceptedStore {
        let now = { @Sendable [clock] in clock.value }
        return InterceptedStore(
            CookieSessionStore(
                keys: try SecretKeys(["0123456789abcdef0123456789abcdef"]), shared: MemorySharedValues(now: now),
                now: now))
    }

    private func browser(_ store: InterceptedStore) async throws -> PlayedBrowser {
        let browser = PlayedBrowser(try World(store: store, clock: clock))
        _ = try await browser.logIn()
        return browser
    }

    @Test("is taken as it is now where the provider takes the refresh token no more that it had before")
    func newerTokens() async throws {
        let store = InterceptedStore(MemorySessionStore(now: { [clock] in clock.value }))
        let browser = try await browser(store)
        let token = try #require(SessionToken(browser.applicationCookies["oidc-session"] ?? ""))
        let old = try await store.load(token)
        clock.value += 590
        let newer = try await browser.text("/token")
        // Another machine still sees what was there before, and is refused.
        let isRefused = Mutexed(false)
        store.loaded.value = { isRefused.value ? $0 : old }
        browser.world.interference.value = { request in
            guard request.url.path == "/token" else { return nil }
            isRefused.value = true
            return .json(#"{"error":"invalid_grant"}"#, status: 400)
        }
        #expect(try await browser.text("/token") == newer)
        #expect(isRefused.value)
        #expect(browser.world.failures.isEmpty)
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("in a cookie gets its new tokens though they cannot be kept for its other cookies")
    func successorIsNotKept() async throws {
        let store = try cookieStore()
        let browser = try await browser(store)
        store.values.beforeSetting.value = { throw BrokenSessionStore.Broken() }
        clock.value += 590
        let token = try await browser.text("/token")
        #expect(try await browser.text("/token") == token)
        store.values.beforeSetting.value = nil
        clock.value += 590
        #expect(try await browser.send("/token").status == 200)
    }

    @Test("is none where it ends while a use is noted, and goes on where that only fails")
    func renewing() async throws {
        let store = try cookieStore()
        let browser = try await browser(store)
        clock.value += 61
        store.beforeRenewing.value = { _ in throw BrokenSessionStore.Broken() }
        #expect(try await browser.text("/") != "nobody")
        store.beforeRenewing.value = { _ in throw SessionStoreError(.gone, context: "it", remedy: "none") }
        #expect(try await browser.text("/") == "nobody")
        #expect(browser.applicationCookies.isEmpty)
    }

    @Test("in a cookie that is renewed by the very request that ends it leaves no cookie")
    func endedAfterRenewal() async throws {
        let browser = try await browser(try cookieStore())
        let handle = try await browser.text("/sessions").prefix { $0 != " " }
        clock.value += 61
        #expect(try await browser.send(.post, "/sessions/end", form: "session=\(handle)").status == 200)
        #expect(browser.applicationCookies.isEmpty)
    }

    @Test("and has ended is no news for a script: its answer may come after another login")
    func script() async throws {
        let browser = try await browser(InterceptedStore(MemorySessionStore(now: { [clock] in clock.value })))
        let cookies = browser.applicationCookies
        clock.value += 25 * 3600
        let usual = browser.headers
        browser.headers = [(.secFetchSite, "same-origin"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        #expect(try await browser.text("/") == "nobody")
        #expect(browser.applicationCookies == cookies)
        browser.headers = usual
        #expect(try await browser.text("/") == "nobody")
        #expect(browser.applicationCookies.isEmpty)
    }
}
