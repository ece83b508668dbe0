import DevelopmentProvider
import FoundationEssentials
import HTTPMessages
import JOSE
import Testing

@Suite("Logging in at the provider")
struct LoginTests {
    @Test("the button of a user leads back with a code, the state and the issuer")
    func success() async throws {
        let answer = try await Browser(try Fixture()).logIn()
        #expect(answer.target == Fixture.callback)
        #expect(answer.parameters.parameters.map(\.name) == ["code", "state", "iss"])
        #expect(answer.parameters["state"] == "st&te 1")
        #expect(answer.parameters["iss"] == Fixture.issuer)
    }

    @Test("no state comes back where none was sent")
    func withoutState() async throws {
        let answer = try await Browser(try Fixture()).logIn(as: Fixture.ada, ["state": nil])
        #expect(answer.parameters.parameters.map(\.name) == ["code", "iss"])
    }

    @Test("a redirect URI with a query keeps it, one of an application's own scheme too")
    func redirectURIWithQuery() async throws {
        let changes: KeyValuePairs<String, String?> = [
            "client_id": "public", "redirect_uri": "com.example.app:/cb?from=op",
        ]
        let answer = try await Browser(try Fixture()).logIn(as: Fixture.ada, changes)
        #expect(answer.target == "com.example.app:/cb")
        #expect(answer.parameters.parameters.map(\.name) == ["from", "code", "state", "iss"])
    }

    @Test("Cancel leads back with access_denied, and nobody is logged in")
    func cancel() async throws {
        let browser = Browser(try Fixture())
        let page = try await browser.get("/authorize", Fixture.request())
        let form: FormParameters = ["request": try page.hiddenRequest, "cancel": "yes", "user": Fixture.ada]
        let answer = try Answer(await browser.post("/login", form))
        #expect(answer.error == "access_denied")
        #expect(answer.parameters["state"] == "st&te 1")
        #expect(answer.parameters["iss"] == Fixture.issuer)
        #expect(browser.cookies.isEmpty)
    }

    @Test("a user who is not offered cannot be chosen")
    func unknownUser() async throws {
        let browser = Browser(try Fixture())
        for form: FormParameters in [
            ["request": Fixture.request().encoded, "user": "nobody"], ["request": Fixture.request().encoded],
        ] {
            let response = try await browser.post("/login", form)
            #expect(response.status == 400)
            #expect(response.text.contains("Unknown user"))
        }
        #expect(browser.cookies.isEmpty)
    }

    @Test("the cookie is HttpOnly, Lax, for the session, and named after the port")
    func cookie() async throws {
        let browser = Browser(try Fixture())
        let form: FormParameters = ["request": Fixture.request().encoded, "user": Fixture.ada]
        let line = try #require(try await browser.post("/login", form).fields[.setCookie])
        #expect(line.hasPrefix("development-provider-8001="))
        #expect(line.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
    }

    @Test("over https the cookie is Secure")
    func secureCookie() async throws {
        let browser = Browser(try Fixture(issuer: "https://localhost"))
        let form: FormParameters = ["request": Fixture.request().encoded, "user": Fixture.ada]
        let line = try #require(try await browser.post("/login", form).fields[.setCookie])
        #expect(line.hasPrefix("development-provider-443="))
        #expect(line.contains("; Secure;"))
    }

    @Test("who is logged in gets a new code at once, as the same user")
    func singleSignOn() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let first = try await browser.logIn(as: Fixture.ben)
        let second = try Answer(await browser.get("/authorize", Fixture.request(["prompt": "consent"])))
        let code = try #require(second.parameters["code"])
        #expect(code != first.parameters["code"])
        let claims = try await Client(fixture.provider).verified(Client(fixture.provider).redeem(code).json)
        #expect(claims["sub"]?.string == Fixture.ben)
    }

    @Test("prompt=none answers login_required where nobody is logged in, a code where somebody is")
    func promptNone() async throws {
        let browser = Browser(try Fixture())
        let query = Fixture.request(["prompt": "none"])
        #expect(try Answer(await browser.get("/authorize", query)).error == "login_required")
        _ = try await browser.logIn()
        #expect(try Answer(await browser.get("/authorize", query)).parameters["code"] != nil)
    }

    @Test("prompt=login and prompt=select_account show the login page though somebody is logged in")
    func promptLogin() async throws {
        let browser = Browser(try Fixture())
        _ = try await browser.logIn()
        for prompt in ["login", "select_account", "login consent"] {
            #expect(try await browser.get("/authorize", Fixture.request(["prompt": prompt])).status == 200)
        }
    }

    @Test("a login that is as old as max_age has to be made again, and auth_time tells when it was")
    func maximumAge() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let client = Client(fixture.provider)
        _ = try await browser.logIn()
        let start = Int64(fixture.clock.now.timeIntervalSince1970)
        fixture.clock.advance(by: 99)
        let answer = try Answer(await browser.get("/authorize", Fixture.request(["max_age": "100"])))
        let code = try #require(answer.parameters["code"])
        #expect(try await client.verified(client.redeem(code).json)["auth_time"]?.integer == start)
        fixture.clock.advance(by: 1)
        #expect(try await browser.get("/authorize", Fixture.request(["max_age": "100"])).status == 200)
        let none = Fixture.request(["max_age": "100", "prompt": "none"])
        #expect(try Answer(await browser.get("/authorize", none)).error == "login_required")
        let tokens = try await browser.tokens(as: Fixture.ada, ["max_age": "0"])
        #expect(try await client.verified(tokens)["auth_time"]?.integer == start + 100)
    }

    @Test("a cookie that is forged, in pieces or unknown logs nobody in")
    func forgedCookie() async throws {
        let browser = Browser(try Fixture())
        _ = try await browser.logIn()
        let name = "development-provider-8001"
        let good = try #require(browser.cookies[name])
        let parts = good.split(separator: ".")
        let forged = [
            "", ".", "x", String(parts[0]), "\(parts[0]).", "\(parts[0]).x", ".\(parts[1])", "x.\(parts[1])",
            "\(good).x", "\(parts[1]).\(parts[0])",
        ]
        for value in forged {
            browser.cookies[name] = value
            let answer = try Answer(await browser.get("/authorize", Fixture.request(["prompt": "none"])))
            #expect(answer.error == "login_required")
        }
    }

    @Test("a login ends after a day")
    func sessionExpires() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        _ = try await browser.logIn()
        fixture.clock.advance(by: 24 * 3600 - 1)
        let query = Fixture.request(["prompt": "none"])
        #expect(try Answer(await browser.get("/authorize", query)).error == nil)
        fixture.clock.advance(by: 1)
        #expect(try Answer(await browser.get("/authorize", query)).error == "login_required")
    }

    @Test("logging in again changes the cookie, and the old one is good no more")
    func newCookie() async throws {
        for user in [Fixture.ada, Fixture.ben] {
            let browser = Browser(try Fixture())
            _ = try await browser.logIn(as: Fixture.ada)
            let old = browser.cookies
            _ = try await browser.logIn(as: user, ["prompt": "login"])
            #expect(browser.cookies != old)
            browser.cookies = old
            let answer = try Answer(await browser.get("/authorize", Fixture.request(["prompt": "none"])))
            #expect(answer.error == "login_required")
        }
    }

    @Test("the same user keeps the session's identifier when logging in again, another user gets a new one")
    func sessionIdentifier() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let client = Client(fixture.provider)
        let first = try await client.verified(browser.tokens(as: Fixture.ada))["sid"]?.string
        let again = try await client.verified(browser.tokens(as: Fixture.ada, ["prompt": "login"]))["sid"]?.string
        let other = try await client.verified(browser.tokens(as: Fixture.ben, ["prompt": "login"]))["sid"]?.string
        #expect(first != nil)
        #expect(again == first)
        #expect(other != first)
    }

    @Test("an ID Token hint lets only its user be answered with")
    func idTokenHint() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let hint = try #require(try await browser.tokens(as: Fixture.ada)["id_token"]?.string)
        let silent = Fixture.request(["prompt": "none", "id_token_hint": hint])
        #expect(try Answer(await browser.get("/authorize", silent)).error == nil)

        _ = try await browser.logIn(as: Fixture.ben, ["prompt": "login"])
        #expect(try Answer(await browser.get("/authorize", silent)).error == "login_required")
        let page = try await browser.get("/authorize", Fixture.request(["id_token_hint": hint]))
        #expect(page.status == 200)
        #expect(page.text.contains("Ada Admin"))
        #expect(!page.text.contains("Ben Builder"))
        let form: FormParameters = ["request": try page.hiddenRequest, "user": Fixture.ben]
        #expect(try await browser.post("/login", form).status == 400)
        #expect(try await browser.logIn(as: Fixture.ada, ["id_token_hint": hint]).error == nil)
    }

    @Test("an ID Token hint of another client or another provider is refused")
    func foreignHint() async throws {
        let fixture = try Fixture()
        let tokens = try await Browser(fixture).tokens()
        let hint = try #require(tokens["id_token"]?.string)
        let query = Fixture.request(["client_id": "other", "id_token_hint": hint])
        #expect(try Answer(await Browser(fixture).get("/authorize", query)).error == "invalid_request")
        let same = Fixture.request(["id_token_hint": hint])
        let elsewhere = Browser(try Fixture())
        _ = try await elsewhere.tokens()
        #expect(try Answer(await elsewhere.get("/authorize", same)).error == "invalid_request")
    }

    @Test("at capacity the oldest login goes, so that memory is bounded")
    func bounded() async throws {
        let fixture = try Fixture(capacity: 2)
        let browsers = [Browser(fixture), Browser(fixture), Browser(fixture)]
        for browser in browsers { _ = try await browser.logIn() }
        let query = Fixture.request(["prompt": "none"])
        var errors: [String?] = []
        for browser in browsers { errors.append(try Answer(await browser.get("/authorize", query)).error) }
        #expect(errors == ["login_required", nil, nil])
    }
}
