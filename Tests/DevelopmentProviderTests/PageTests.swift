import HTTPMessages
import JOSE
import Testing

@testable import DevelopmentProvider

@Suite("Pages")
struct PageTests {
    /// One response for every kind of page.
    private func pages() async throws -> [HTTPResponse] {
        let browser = Browser(try Fixture())
        let login = try await browser.get("/authorize", Fixture.request())
        _ = try await browser.logIn()
        let confirmation = try await browser.get("/logout")
        return [
            login,
            confirmation,
            try await browser.post("/logout/confirmed", ["stay": "yes"]),
            try await browser.post("/logout/confirmed", ["leave": "yes"]),
            try await browser.get("/authorize"),
            try await browser.get("/"),
        ]
    }

    @Test("every page says that the provider is for development and accepts everyone")
    func warning() async throws {
        for page in try await pages() {
            #expect(page.text.contains("For development only."))
            #expect(page.text.contains("accepts everyone, without a password"))
        }
    }

    @Test("every page allows its own style and icon and nothing else, and no cache keeps it")
    func policy() async throws {
        for page in try await pages() {
            #expect(
                page.fields[.contentSecurityPolicy]
                    == "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
            #expect(page.fields[.cacheControl] == "no-store")
            #expect(page.fields[.xContentTypeOptions] == "nosniff")
            #expect(page.fields[.referrerPolicy] == "no-referrer")
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains(" style="))
        }
    }

    @Test("the login page has a button for each user, with name, e-mail and roles, and Cancel")
    func loginPage() async throws {
        let page = try #require(try await pages().first).text
        for user in [DevelopmentUser].readyUsers {
            #expect(page.contains("name=\"user\" value=\"\(user.subject)\""))
            #expect(page.contains(user.name))
            #expect(page.contains(user.email))
        }
        #expect(page.contains("<span class=\"role\">admin</span>"))
        #expect(page.contains("no roles"))
        #expect(page.contains("not verified"))
        #expect(page.contains("name=\"cancel\""))
        #expect(page.contains("The Application"))
        #expect(!page.contains("autofocus"))
    }

    @Test("login_hint puts the focus on its user", arguments: ["ben", "ben@example.com"])
    func loginHint(hint: String) async throws {
        let page = try await Browser(try Fixture()).get("/authorize", Fixture.request(["login_hint": hint]))
        #expect(page.text.contains("value=\"\(Fixture.ben)\" autofocus>"))
        #expect(page.text.split(separator: "autofocus").count == 2)
    }

    @Test("whatever is shown is escaped")
    func escaping() async throws {
        let hostile = "\"><script>alert('&')</script>"
        let user = DevelopmentUser(
            subject: hostile, givenName: hostile, familyName: hostile, preferredUsername: hostile, email: hostile,
            roles: [hostile])
        let client = DevelopmentClient(
            id: hostile, name: hostile, secret: nil, redirectURIs: ["x:" + hostile],
            postLogoutRedirectURIs: ["x:" + hostile],
            idTokenAlgorithm: .es256)
        let browser = Browser(try Fixture(clients: [client], users: [user]))
        let request = Fixture.request([
            "client_id": hostile, "redirect_uri": "x:" + hostile, "state": hostile, "login_hint": hostile,
            hostile: hostile,
        ])
        let login = try await browser.get("/authorize", request)
        #expect(login.status == 200)
        _ = try await browser.post("/login", ["request": request.encoded, "user": hostile])
        let logout: FormParameters = [
            "client_id": hostile, "post_logout_redirect_uri": "x:" + hostile, "state": hostile,
        ]
        let confirmation = try await browser.get("/logout", logout)
        #expect(confirmation.text.contains("Log out?"))
        let stayed = try await browser.post("/logout/confirmed", ["request": logout.encoded, "stay": "yes"])
        let problem = try await browser.get("/authorize", Fixture.request(["client_id": hostile + "x"]))
        let wrongURI = try await browser.get("/authorize", Fixture.request(["client_id": hostile]))
        for page in [login, confirmation, stayed, problem, wrongURI, try await browser.get("/")] {
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains("\"><" + "script"))
            #expect(page.text.contains("&lt;script&gt;"))
        }
    }

    @Test("style and icon are served with their types")
    func assets() async throws {
        let browser = Browser(try Fixture())
        #expect(try await browser.get("/style.css").fields[.contentType] == "text/css; charset=utf-8")
        #expect(try await browser.get("/icon.svg").fields[.contentType] == "image/svg+xml")
        #expect(try await browser.get("/style.css").text.contains("prefers-color-scheme: dark"))
    }

    @Test("the home page names discovery, users and applications, and no secret")
    func home() async throws {
        let page = try await Browser(try Fixture()).get("/").text
        #expect(page.contains("http://localhost:8001/.well-known/openid-configuration"))
        #expect(page.contains("Ben Builder"))
        #expect(page.contains("The Application"))
        #expect(!page.contains(htmlEscaped(Fixture.secret)))
        #expect(!page.contains("other secret"))
    }
}
