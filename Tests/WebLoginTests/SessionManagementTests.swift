import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("A session that is watched at the provider")
struct SessionManagementTests {
    private static let frame = World.providerOrigin + "/check"

    /// A browser that has logged in, by an answer with a `session_state`, at a provider with a frame.
    private func browser(
        sessionState: String? = "state.of-it", watches: Bool = true
    ) async throws -> (PlayedBrowser, World) {
        let world = try World { $0.watchesSession = watches }
        world.alter("/.well-known/openid-configuration") { $0["check_session_iframe"] = .string(Self.frame) }
        let browser = PlayedBrowser(world)
        let suffix = sessionState.map { "&session_state=" + FormEncoding.encode($0) } ?? ""
        #expect(try await browser.send(try await browser.callback() + suffix).status == 303)
        return (browser, world)
    }

    @Test("has a frame that asks the provider's, and may be in none but the application's own pages")
    func frame() async throws {
        let (browser, _) = try await browser()
        let answer = try await browser.send("/login/session")
        let page = String(decoding: answer.body, as: UTF8.self)
        #expect(page.contains("src=\"\(Self.frame)\""))
        #expect(page.contains("data-message=\"app state.of-it\""))
        #expect(page.contains("data-origin=\"\(World.providerOrigin)\""))
        let policy = try #require(answer.fields[.contentSecurityPolicy])
        #expect(policy.contains("frame-src \(World.providerOrigin); frame-ancestors 'self'"))
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'"))
        #expect(answer.fields[.cacheControl] == "no-store")
        let script = try await browser.send("/login/session.js")
        #expect(script.status == 200)
        #expect(script.fields[.contentType]?.hasPrefix("text/javascript") == true)
    }

    @Test("has no frame where nobody asked for it, nobody is signed in, or the provider sent no session_state")
    func noFrame() async throws {
        var browsers = [PlayedBrowser(try World { $0.watchesSession = true })]
        browsers.append(try await browser(watches: false).0)
        browsers.append(try await browser(sessionState: nil).0)
        browsers.append(try await browser(sessionState: "not one").0)
        for browser in browsers {
            let answer = try await browser.send("/login/session")
            #expect(answer.status == 200)
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("iframe"))
        }
    }

    @Test("goes on, under a new identifier, where the provider says that it does")
    func goesOn() async throws {
        let (browser, _) = try await browser()
        let old = browser.applicationCookies
        let away = try #require(try await browser.send("/login/session/check?next=/private").fields[.location])
        #expect(away.contains("prompt=none") && away.contains("id_token_hint=ey"))
        let back = try #require(try await browser.send(away).fields[.location])
        let answer = try await browser.send(back)
        #expect(answer.fields[.location] == "/private")
        #expect(try await browser.text("/private") == "private")
        #expect(browser.applicationCookies["oidc-session"] != old["oidc-session"])
    }

    @Test("ends, with a word why, where the provider knows the user no more")
    func ends() async throws {
        let (browser, world) = try await browser()
        browser.cookies[World.providerOrigin] = nil
        let old = browser.applicationCookies
        let away = try #require(try await browser.send("/login/session/check").fields[.location])
        let back = try #require(try await browser.send(away).fields[.location])
        #expect(back.contains("error=login_required"))
        let answer = try await browser.send(back)
        #expect(answer.status == 401)
        #expect(world.failures.map(\.code) == [.providerSessionEnded])
        #expect(browser.applicationCookies["oidc-session"] == nil)
        browser.applicationCookies = old
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("ends where somebody else is logged in at the provider now, who does not take its place")
    func anotherUser() async throws {
        let (browser, world) = try await browser()
        let away = try #require(try await browser.send("/login/session/check").fields[.location])
        let other = PlayedBrowser(world)
        other.user = 1
        _ = try await other.logIn()
        browser.cookies[World.providerOrigin] = other.cookies[World.providerOrigin]
        let back = try #require(try await browser.send(away).fields[.location])
        let old = browser.applicationCookies
        #expect(try await browser.send(back).status == 401)
        #expect(world.failures.map(\.code) == [.providerSessionEnded])
        #expect(try await browser.text("/") == "nobody")
        browser.applicationCookies = old
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("does not end by an answer that says so to an ordinary login")
    func ordinaryLogin() async throws {
        let (browser, world) = try await browser()
        let callback = try await browser.callback()
        let state = try #require(callback.firstMatch(of: /state=([^&]*)/)).1
        let issuer = FormEncoding.encode(World.providerOrigin)
        let answer = try await browser.send("/login/authorize?error=login_required&state=\(state)&iss=\(issuer)")
        #expect(answer.status == 400)
        #expect(world.failures.map(\.code) == [.providerRefused])
        #expect(try await browser.text("/") != "nobody")
    }

    @Test(
        "is not checked because another site, a frame or a script asks for it, and never leads out of the application")
    func foreign() async throws {
        let (browser, world) = try await browser()
        let usual = browser.headers
        for headers: [(HTTPFields.Name, String)] in [
            [(.secFetchSite, "cross-site"), (.secFetchMode, "navigate"), (.secFetchDest, "document")],
            [(.secFetchSite, "same-origin"), (.secFetchMode, "navigate"), (.secFetchDest, "iframe")],
            [(.secFetchSite, "same-origin"), (.secFetchMode, "cors")], [],
        ] {
            browser.headers = headers
            #expect(try await browser.send("/login/session/check").status == 401)
        }
        browser.headers = usual
        for next in ["//evil.example", "https://evil.example", "/a&next=/b"] {
            #expect(try await browser.send("/login/session/check?next=" + next).status == 400)
        }
        #expect(!world.failures.isEmpty)
        #expect(try await PlayedBrowser(world).send("/login/session/check?next=/a").fields[.location] == "/a")
    }
}
