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
        // Without a state Glewlwyd does not send the browser back.
        #expect(location.contains("&state="))
        #expect(browser.applicationCookies.isEmpty)
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

    @Test("of nobody is no error")
    func nobody() async throws {
        #expect(try await PlayedBrowser(try World()).send("/logout").status == 200)
    }
}
