import HTTPMessages
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("Logging out")
struct LogoutTests {
    @Test(
        "ends the session here and leads to the provider with the ID Token as a hint",
        arguments: [HTTPMethod.get, .post])
    func whole(_ method: HTTPMethod) async throws {
        let browser = PlayedBrowser(try World())
        _ = try await browser.logIn()
        let cookies = browser.applicationCookies
        let answer = try await browser.send(method, "/logout")
        let location = try #require(answer.fields[.location])
        #expect(location.hasPrefix(World.providerOrigin + "/"))
        #expect(location.contains("id_token_hint=ey"))
        #expect(location.contains("client_id=app"))
        #expect(location.contains("post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2F"))
        #expect(location.contains("&state="))
        #expect(browser.applicationCookies["oidc-session"] == nil)
        // The session is gone from the store too: its old cookie opens nothing.
        browser.applicationCookies = cookies
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("asks first when another site sent the browser", arguments: [HTTPMethod.get, .post])
    func crossSite(_ method: HTTPMethod) async throws {
        let browser = PlayedBrowser(try World())
        _ = try await browser.logIn()
        for headers: [(HTTPFields.Name, String)] in [
            [(.secFetchSite, "cross-site")], [(.secFetchSite, "same-site")], [(.origin, "https://evil.example")],
            [(.origin, "null")], [],
        ] {
            browser.headers = headers
            let answer = try await browser.send(method, "/logout")
            #expect(answer.status == 200)
            #expect(try await browser.text("/") != "nobody")
        }
        // Nor when one of the application's own pages has a picture there.
        browser.headers = [
            (.secFetchSite, "same-origin"), (.secFetchMode, "no-cors"), (.secFetchDest, "image"),
        ]
        #expect(try await browser.send(.get, "/logout").status == 200)
        #expect(try await browser.text("/") != "nobody")
        browser.headers = [(.origin, World.applicationOrigin)]
        #expect(try await browser.send(.post, "/logout").status == 303)
    }

    @Test("where the provider has no end of session says that its session goes on")
    func noEndpoint() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        world.interference.value = { request in
            guard request.url.path.contains("openid-configuration") else { return nil }
            return .json(
                #"{"issuer":"http://127.0.0.1:9001","authorization_endpoint":"http://127.0.0.1:9001/authorize","#
                    + #""token_endpoint":"http://127.0.0.1:9001/token","jwks_uri":"http://127.0.0.1:9001/jwks","#
                    + #""id_token_signing_alg_values_supported":["ES256"]}"#)
        }
        _ = try await browser.logIn()
        let page = String(decoding: try await browser.send("/logout").body, as: UTF8.self)
        #expect(page.contains("http://127.0.0.1:9001"))
        #expect(try await browser.text("/") == "nobody")
    }

    @Test("goes to the address that was configured in place of the provider's")
    func override() async throws {
        let other = try #require(EndpointURL("https://op.example/bye?a=b"))
        let browser = PlayedBrowser(try World { $0.logoutURL = other })
        _ = try await browser.logIn()
        #expect(try await browser.send("/logout").fields[.location]?.hasPrefix("https://op.example/bye?a=b&") == true)
    }

    @Test("by POST sends the ID Token in a form, in no address")
    func post() async throws {
        let browser = PlayedBrowser(try World { $0.logsOutByPost = true })
        _ = try await browser.logIn()
        let answer = try await browser.send(.post, "/logout")
        #expect(answer.status == 200)
        #expect(answer.fields[.location] == nil)
        #expect(answer.fields[.cacheControl] == "no-store")
        let page = String(decoding: answer.body, as: UTF8.self)
        #expect(page.contains("<form method=\"post\" action=\"http://127.0.0.1:9001/"))
        #expect(page.contains("name=\"id_token_hint\" value=\"ey"))
        // The provider takes it, and sends the browser back with the state.
        let form = browser.form(in: answer)
        let back = try await browser.send(.post, form.action, form: form.fields.encoded)
        let location = try #require(back.fields[.location])
        #expect(try await browser.text("/back?" + location.split(separator: "?")[1]).contains("confirmed"))
    }

    @Test("goes by a form where the ID Token makes the address too long")
    func long() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        #expect(try await browser.send(.post, "/logout").status == 303)
        let long = String(repeating: "x", count: 7000)
        let endpoint = try #require(EndpointURL("https://op.example/bye?a=" + long))
        let other = PlayedBrowser(try World { $0.logoutURL = endpoint })
        _ = try await other.logIn()
        #expect(try await other.send(.post, "/logout").status == 200)
    }

    /// Logs out, and gives the query with which the provider sends the browser back.
    private func loggedOut(_ browser: PlayedBrowser) async throws -> String {
        _ = try await browser.logIn()
        let away = try #require(try await browser.send(.post, "/logout").fields[.location])
        let back = try #require(try await browser.send(away).fields[.location])
        #expect(back.hasPrefix(World.applicationOrigin + "/?state="))
        return String(back.dropFirst(World.applicationOrigin.count + 1))
    }

    @Test("oidcc-client-test-rp-init-logout: is confirmed by the state that comes back, once")
    func confirmed() async throws {
        let browser = PlayedBrowser(try World())
        let query = try await loggedOut(browser)
        #expect(try await browser.text("/back" + query).hasPrefix("confirmed"))
        #expect(browser.applicationCookies.isEmpty)
        #expect(try await browser.text("/back" + query) == "foreign")
        #expect(try await browser.text("/back") == "nothing")
    }

    @Test(
        "oidcc-client-test-rp-init-logout-other-state: is not confirmed by another state",
        arguments: ["1", "&state=a", "?state=", "?state=" + String(repeating: "A", count: 43)])
    func otherState(_ other: String) async throws {
        let browser = PlayedBrowser(try World())
        let query = try await loggedOut(browser)
        #expect(try await browser.text("/back" + (other.hasPrefix("?") ? other : query + other)) == "foreign")
    }

    @Test("oidcc-client-test-rp-init-logout-no-state: is not confirmed without a state")
    func noState() async throws {
        let browser = PlayedBrowser(try World())
        _ = try await loggedOut(browser)
        #expect(try await browser.text("/back").hasPrefix("unconfirmed"))
    }

    @Test("is not confirmed to another browser, or with a forged cookie")
    func foreignBrowser() async throws {
        let browser = PlayedBrowser(try World())
        let query = try await loggedOut(browser)
        let other = PlayedBrowser(browser.world)
        #expect(try await other.text("/back" + query) == "foreign")
        other.applicationCookies["oidc-logout"] = "forged"
        #expect(try await other.text("/back" + query) == "foreign")
        #expect(other.applicationCookies.isEmpty)
    }

    @Test("of nobody is no error")
    func nobody() async throws {
        #expect(try await PlayedBrowser(try World()).send("/logout").status == 200)
    }
}
