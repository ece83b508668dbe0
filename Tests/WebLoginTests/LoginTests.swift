import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("Logging in")
struct LoginTests {
    @Test("leads to the provider, back, and to a session")
    func whole() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        #expect(try await browser.text("/") == "nobody")
        let answer = try await browser.logIn()
        #expect(answer.status == 303)
        #expect(answer.fields[.location] == "/")
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(try await browser.text("/").hasSuffix(" Ada Admin"))
        #expect(browser.applicationCookies.keys.sorted() == ["oidc-session"])
    }

    @Test("leads back to where the user was going")
    func next() async throws {
        let browser = PlayedBrowser(try World())
        let sent = try await browser.send("/private?a=b%20c")
        #expect(sent.status == 303)
        let answer = try await browser.logIn(try #require(sent.fields[.location]))
        #expect(answer.fields[.location] == "/private?a=b%20c")
    }

    @Test(
        "never leads out of the application",
        arguments: [
            "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%2Fevil.example",
            "/%5cevil.example", "/./logout", "/x/../logout", "/x/%2e%2e/y", "/a\"b",
            "/" + String(repeating: "a", count: 512),
            "javascript:alert(1)", "/\tevil", "/a\\b", "evil", "", "/\u{A0}",
            "/a\r\nSet-Cookie: x=y",
        ])
    func openRedirect(_ next: String) async throws {
        let world = try World()
        let answer = try await PlayedBrowser(world).send("/login?next=" + FormEncoding.encode(next))
        #expect(answer.status == 400)
        #expect(world.failures.map(\.code) == [.unsafeNext])
    }

    @Test(
        "a session gets a new identifier, and one that was planted is worth nothing",
        arguments: ["planted", nil] as [String?])
    func fixation(_ planted: String?) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let first = try #require(browser.applicationCookies["oidc-session"])
        if let planted { browser.applicationCookies["oidc-session"] = planted }
        _ = try await browser.logIn()
        let second = try #require(browser.applicationCookies["oidc-session"])
        #expect(second != first)
        #expect(second != planted)
        if planted == nil {
            let thief = PlayedBrowser(world)
            thief.applicationCookies["oidc-session"] = first
            #expect(try await thief.text("/") == "nobody")
        }
    }

    @Test("in two tabs at once works in both")
    func tabs() async throws {
        let browser = PlayedBrowser(try World())
        let first = try await browser.callback("/login?next=/private")
        let second = try await browser.callback()
        #expect(try await browser.send(second).fields[.location] == "/")
        #expect(try await browser.send(first).fields[.location] == "/private")
    }

    @Test("keeps at most eight logins under way: the oldest go")
    func many() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let oldest = try await browser.callback()
        for _ in 0..<8 {
            world.clock.value += 1
            _ = try await browser.send("/login")
        }
        #expect(browser.applicationCookies.count == 8)
        #expect(try await browser.send(oldest).status == 400)
        #expect(world.failures.map(\.code) == [.foreignState])
    }

    @Test(
        "begins by a navigation only: anything else gets a 401",
        arguments: [
            ["sec-fetch-mode": "cors"], ["sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"],
            ["sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"], ["accept": "application/json"],
            ["accept": "text/html", "x-requested-with": "XMLHttpRequest"],
            ["sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-purpose": "prefetch;prerender"],
        ])
    func navigation(_ headers: [String: String]) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        browser.headers = headers.compactMap { name, value in HTTPFields.Name(name).map { ($0, value) } }
        for path in ["/login", "/private"] {
            let answer = try await browser.send(path)
            #expect(answer.status == 401)
            #expect(browser.applicationCookies.isEmpty)
        }
        #expect(world.transport.requests.isEmpty)
    }

    @Test("leads to no login and no logout, however that is written", arguments: ["/login", "/Logout?x", "/%6Cogout/"])
    func noLoop(_ next: String) async throws {
        let browser = PlayedBrowser(try World())
        let answer = try await browser.logIn("/login?next=" + FormEncoding.encode(next))
        #expect(answer.fields[.location] == "/")
    }

    @Test("cookies are HttpOnly, SameSite=Lax, and over https Secure with the __Host- prefix")
    func cookies() async throws {
        let plain = try await PlayedBrowser(try World()).send("/login").fields.values(.setCookie)
        #expect(
            plain.allSatisfy { $0.contains("; HttpOnly") && $0.contains("; SameSite=Lax") && !$0.contains("Secure") })
        let secure = try World(publicURL: "https://app.example")
        let browser = PlayedBrowser(secure)
        let line = try #require(try await browser.send("https://app.example/login").fields.values(.setCookie).first)
        #expect(line.hasPrefix("__Host-oidc-login-"))
        #expect(line.contains("; Path=/; ") && line.contains("; Secure") && !line.contains("Domain"))
    }

    @Test("through several providers begins with a choice, and each has a redirect URI of its own")
    func chooser() async throws {
        let world = try World(providers: ["first", "second"])
        let browser = PlayedBrowser(world)
        let page = try await browser.text("/login?next=/private")
        #expect(page.contains("/login?provider=first&amp;next=%2Fprivate"))
        let callback = try await browser.callback("/login?provider=second")
        #expect(callback.hasPrefix(World.applicationOrigin + "/login/authorize/second?"))
        #expect(try await browser.send(callback).status == 303)
        #expect(try await browser.send("/login?provider=third").status == 404)
    }

    @Test("an answer that comes to another provider's redirect URI is refused")
    func mixUp() async throws {
        let world = try World(providers: ["first", "second"])
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback("/login?provider=second")
        let moved = callback.replacing("/login/authorize/second?", with: "/login/authorize?")
        #expect(try await browser.send(moved).status == 400)
        #expect(world.failures.map(\.code) == [.issuerMismatch])
        #expect(!world.transport.paths.contains { $0.contains("token") })
    }

    @Test("asks for roles where the provider has them, and only for what was set where scopes were set")
    func scopes() async throws {
        let usual = try await PlayedBrowser(try World()).send("/login").fields[.location]
        #expect(usual?.contains("scope=openid+profile+email+roles&") == true)
        let set = try World { $0.scopes = [.openid, .email] }
        #expect(try await PlayedBrowser(set).send("/login").fields[.location]?.contains("scope=openid+email&") == true)
    }

    @Test("a session through a provider that is no longer registered is none")
    func removedProvider() async throws {
        let store = MemorySessionStore(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        let before = PlayedBrowser(try World(store: store, providers: ["one"]))
        #expect(try await before.logIn().status == 303)
        #expect(try await before.text("/") != "nobody")
        for (providers, isLoggedIn) in [(["two"], false), (["two", "one"], true)] {
            let after = PlayedBrowser(try World(store: store, providers: providers))
            after.applicationCookies = before.applicationCookies
            #expect(try await (after.text("/") != "nobody") == isLoggedIn)
        }
    }

    @Test("survives in an encrypted cookie too")
    func cookieStore() async throws {
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let browser = PlayedBrowser(
            try World(store: CookieSessionStore(keys: keys, shared: MemorySharedValues(now: { now }), now: { now })))
        _ = try await browser.logIn()
        #expect(try await browser.text("/").hasSuffix(" Ada Admin"))
    }

    @Test("registrations that cannot work are refused by name")
    func registrations() throws {
        let world = try World()
        func code(_ name: String = "x", _ id: String = "id", _ secret: String? = "s", _ url: String = World.metadataURL)
            -> RegistrationError.Code?
        {
            #expect(throws: RegistrationError.self) {
                try world.login.register(name, clientID: id, clientSecret: secret, serverMetadataURL: url)
            }?.code
        }
        #expect(code("a b") == .name)
        #expect(code("oidc_entry") == .duplicateName)
        #expect(code("x", "") == .clientID)
        #expect(code("x", "id", "") == .clientSecret)
        #expect(code("x", "id", "s", "http://op.example/.well-known/openid-configuration") == .serverMetadataURL)
        #expect(throws: WebLoginError.self) { try World(publicURL: "http://app.example") }
        #expect(throws: WebLoginError.self) { try World(publicURL: "https://app.example/path") }
    }
}
