import FoundationEssentials
import HTTPMessages
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("A front-channel logout")
struct FrontChannelLogoutTests {
    private static let issuer = "iss=" + FormEncoding.encode(World.providerOrigin)

    /// The provider's page has our address in a frame: no cookies come along.
    private func frame(_ world: World, _ query: String) async throws -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.secFetchDest, "iframe")
        let request = try #require(HTTPRequest(method: .get, target: "/external-logout" + query, fields: fields))
        return await world.answer(request, at: World.applicationOrigin, machine: 0)
    }

    @Test(
        "ends the session that it names, though the browser sends no cookie, in a frame that the provider alone may have",
        arguments: [
            "oidcc-client-test-rp-frontchannel-rpinitlogout", "oidcc-client-test-rp-frontchannel-opinitlogout",
        ])
    func module(_ name: String) async throws {
        let world = try World(machines: 2)
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let sid = FormEncoding.encode(try await browser.text("/sid"))
        // Where the logout begins here, the session is over already when the frame comes.
        if name.hasSuffix("rpinitlogout") { _ = try await browser.send(.post, "/logout") }
        let answer = try await frame(world, "?\(Self.issuer)&sid=\(sid)")
        #expect(answer.status == 200)
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(
            answer.fields[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors \(World.providerOrigin)")
        #expect(answer.fields[.xFrameOptions] == nil)
        browser.machine = 1
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("of another session, or another issuer, ends nothing")
    func foreign() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let sid = FormEncoding.encode(try await browser.text("/sid"))
        #expect(try await frame(world, "?\(Self.issuer)&sid=\(sid)x").status == 200)
        #expect(try await frame(world, "?\(Self.issuer)1&sid=\(sid)").status == 400)
        #expect(try await browser.text("/") != "nobody")
    }

    @Test(
        "with one of iss and sid, or one twice, is refused",
        arguments: [
            "?\(issuer)", "?sid=a", "?\(issuer)&sid=", "?\(issuer)&sid=%00", "?\(issuer)&sid=a&sid=b",
            "?\(issuer)&\(issuer)&sid=a", "?%ZZ",
        ])
    func malformed(_ query: String) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(try await browser.send("/external-logout" + query).status == 400)
        #expect(world.failures.map(\.code) == [.logoutRefused])
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("without iss and sid ends the session whose cookie the browser sends, if it sends one")
    func own() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(try await frame(world, "").status == 200)
        #expect(try await browser.text("/") != "nobody")
        // A link brings the cookie too, and is a logout like any other: it asks.
        let link = try await browser.send("/external-logout")
        #expect(link.fields[.location] == "/logout")
        #expect(try await browser.text("/") != "nobody")
        browser.headers = [(.secFetchDest, "iframe"), (.secFetchMode, "navigate"), (.accept, "text/html")]
        let cookies = browser.applicationCookies
        #expect(try await browser.send("/external-logout").status == 200)
        #expect(browser.applicationCookies.isEmpty)
        browser.applicationCookies = cookies
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("says with 503 that the store does not work")
    func storeFails() async throws {
        let world = try World(store: BrokenSessionStore())
        #expect(try await frame(world, "?\(Self.issuer)&sid=a").status == 503)
        #expect(try await frame(world, "").status == 200)
    }
}
