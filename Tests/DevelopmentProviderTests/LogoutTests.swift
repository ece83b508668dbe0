import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("Logging out at the provider")
struct LogoutTests {
    private let fixture: Fixture
    private let browser: Browser

    init() throws {
        fixture = try Fixture()
        browser = Browser(fixture)
    }

    private func isLoggedIn(_ browser: Browser? = nil) async throws -> Bool {
        let query = Fixture.request(["prompt": "none"])
        return try Answer(await (browser ?? self.browser).get("/authorize", query)).error == nil
    }

    private func hint() async throws -> String {
        try #require(try await browser.tokens()["id_token"]?.string)
    }

    private func refused(_ response: HTTPResponse, saying words: String) async throws {
        #expect(response.status == 400)
        #expect(response.text.contains(words))
        #expect(response.fields[.location] == nil)
        #expect(try await isLoggedIn())
    }

    @Test("with the ID Token of this login it ends at once and leads back with the state, by GET and by POST")
    func withHint() async throws {
        for method in [HTTPMethod.get, .post] {
            let parameters: FormParameters = [
                "id_token_hint": try await hint(), "post_logout_redirect_uri": Fixture.afterLogout, "state": "s&1",
                "client_id": "app",
            ]
            let response =
                try await method == .get
                ? browser.get("/logout", parameters) : browser.post("/logout", parameters)
            #expect(response.status == 303)
            #expect(response.fields[.location] == Fixture.afterLogout + "?state=s%261")
            #expect(browser.cookies.isEmpty)
            #expect(try await !isLoggedIn())
        }
    }

    @Test("the session ends at the provider, not only the cookie in the browser")
    func endsSession() async throws {
        let hint = try await hint()
        let cookies = browser.cookies
        _ = try await browser.get("/logout", ["id_token_hint": hint])
        browser.cookies = cookies
        #expect(try await !isLoggedIn())
    }

    @Test("without a redirect URI a page says that it is done")
    func withoutRedirect() async throws {
        let response = try await browser.get("/logout", ["id_token_hint": try await hint()])
        #expect(response.status == 200)
        #expect(response.text.contains("Logged out"))
        #expect(try await !isLoggedIn())
    }

    @Test("an ID Token that has expired is still a hint")
    func expiredHint() async throws {
        let hint = try await hint()
        fixture.clock.advance(by: 3600)
        #expect(try await browser.get("/logout", ["id_token_hint": hint]).text.contains("Logged out"))
    }

    @Test("without a hint it asks, and does what the user says")
    func asks() async throws {
        _ = try await browser.logIn()
        let query: FormParameters = ["client_id": "app", "post_logout_redirect_uri": Fixture.afterLogout, "state": "s"]
        let page = try await browser.get("/logout", query)
        #expect(page.status == 200)
        #expect(page.text.contains("Log out?"))
        #expect(try await isLoggedIn())

        let stayed = try await browser.post("/logout/confirmed", ["request": try page.hiddenRequest, "stay": "yes"])
        #expect(stayed.text.contains("Still logged in"))
        #expect(try await isLoggedIn())

        let left = try await browser.post("/logout/confirmed", ["request": try page.hiddenRequest, "leave": "yes"])
        #expect(left.fields[.location] == Fixture.afterLogout + "?state=s")
        #expect(try await !isLoggedIn())
    }

    @Test("the ID Token of another login is no reason not to ask")
    func foreignHint() async throws {
        let other = Browser(fixture)
        let hint = try #require(try await other.tokens()["id_token"]?.string)
        _ = try await browser.logIn()
        #expect(try await browser.get("/logout", ["id_token_hint": hint]).text.contains("Log out?"))
        #expect(try await isLoggedIn())
        #expect(try await isLoggedIn(other))
    }

    @Test("a hint that another provider signed, or nobody, counts as none")
    func forgedHint() async throws {
        let good = try await hint()
        // The same claims, signed by the key of another provider of the same name.
        let elsewhere = Fixture.issuer
        let forger = try SigningKey.generate(.es256, keyID: try JWS(compact: good).header.keyID ?? "")
        let claims = try #require(good.split(separator: ".").dropFirst().first)
        let forged = try forger.sign(payload: Base64URL.decode(claims))
        #expect(elsewhere == fixture.provider.issuer)
        for hint in [forged, "x", good + "x"] {
            #expect(try await browser.get("/logout", ["id_token_hint": hint]).text.contains("Log out?"))
        }
        #expect(try await isLoggedIn())
    }

    @Test("where nobody is logged in there is nothing to ask")
    func nobody() async throws {
        let response = try await browser.get(
            "/logout", ["client_id": "app", "post_logout_redirect_uri": Fixture.afterLogout])
        #expect(response.fields[.location] == Fixture.afterLogout)
    }

    @Test("after a restart, when the hint cannot be checked, a registered redirect URI is still followed")
    func restarted() async throws {
        let hint = try await hint()
        let restarted = Browser(try Fixture())
        restarted.cookies = browser.cookies
        let response = try await restarted.get(
            "/logout", ["id_token_hint": hint, "post_logout_redirect_uri": Fixture.afterLogout])
        #expect(response.fields[.location] == Fixture.afterLogout)
    }

    @Test(
        "a redirect URI that is not exactly a registered one of this client is refused, and nobody is logged out",
        arguments: [
            "http://localhost:8000", "http://localhost:8000/x", "https://evil.example/", "http://localhost:9999/bye",
            Fixture.callback, "",
        ])
    func foreignRedirectURI(uri: String) async throws {
        let hint = try await hint()
        for query: FormParameters in [
            ["id_token_hint": hint, "post_logout_redirect_uri": uri],
            ["client_id": "app", "post_logout_redirect_uri": uri],
        ] {
            try await refused(browser.get("/logout", query), saying: "not registered")
        }
    }

    @Test("without a known client, a redirect URI that nobody registered is refused")
    func unregistered() async throws {
        _ = try await browser.logIn()
        try await refused(
            browser.get("/logout", ["post_logout_redirect_uri": "https://evil.example/"]), saying: "not registered")
    }

    @Test("a client_id that is unknown, or not that of the hint, is refused")
    func wrongClient() async throws {
        let hint = try await hint()
        try await refused(browser.get("/logout", ["id_token_hint": hint, "client_id": "other"]), saying: "client_id")
        try await refused(browser.get("/logout", ["client_id": "nobody"]), saying: "client_id")
    }

    @Test("parameters that are double or cannot be read are refused")
    func unreadable() async throws {
        _ = try await browser.logIn()
        try await refused(browser.get("/logout", ["state": "a", "state": "b"]), saying: "more than one state")
        try await refused(browser.get("/logout?state=%zz"), saying: "cannot be read")
        try await refused(browser.post("/logout/confirmed", ["request": "state=%zz"]), saying: "cannot be read")
    }

    @Test("what the form carries is checked again")
    func checkedAgain() async throws {
        _ = try await browser.logIn()
        let form: FormParameters = ["request": "post_logout_redirect_uri=https%3A%2F%2Fevil.example", "leave": "yes"]
        try await refused(browser.post("/logout/confirmed", form), saying: "not registered")
    }
}
