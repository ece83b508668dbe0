import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("Refresh tokens")
struct RefreshTests {
    private let fixture: Fixture
    private let browser: Browser
    private let client: Client

    init() throws {
        fixture = try Fixture()
        browser = Browser(fixture)
        client = Client(fixture.provider)
    }

    @Test("a refresh gives new tokens about the same login, without the nonce")
    func refresh() async throws {
        let first = try await browser.tokens(as: Fixture.ben)
        fixture.clock.advance(by: 3000)
        let response = try await client.refresh(first)
        #expect(response.status == 200)
        let second = try response.json
        for name in ["access_token", "refresh_token", "id_token"] { #expect(second[name] != first[name]) }
        let (before, after) = (try await client.verified(first), try await client.verified(second))
        for name in ["iss", "sub", "aud", "auth_time", "sid"] { #expect(after[name] == before[name]) }
        #expect(after["iat"]?.integer == before["iat"]?.integer.map { $0 + 3000 })
        #expect(before["nonce"]?.string == "n-1")
        #expect(after["nonce"] == nil)
        #expect(try await client.userInfo(second).status == 200)
    }

    @Test("a refresh token is good once; its second use revokes the whole family")
    func reuse() async throws {
        let first = try await browser.tokens()
        let second = try await client.refresh(first).json
        let third = try await client.refresh(second).json
        #expect(try await client.userInfo(third).status == 200)
        let reuse = try await client.refresh(first)
        #expect(reuse.error == "invalid_grant")
        #expect(reuse.text.contains("used before"))
        #expect(try await client.refresh(third).error == "invalid_grant")
        #expect(try await client.userInfo(third).status == 401)
    }

    @Test("another client's refresh token is refused and stays good for its own")
    func foreignClient() async throws {
        let tokens = try await browser.tokens()
        let other = Client(fixture.provider, basic: ("other", "other secret"))
        #expect(try await other.refresh(tokens).error == "invalid_grant")
        #expect(try await client.refresh(tokens).status == 200)
    }

    @Test("what is no refresh token is refused, a code before its use too")
    func noToken() async throws {
        #expect(try await client.refresh("x").error == "invalid_grant")
        #expect(try await client.refresh("", ["refresh_token": nil]).error == "invalid_request")
        let code = try #require(try await browser.logIn().parameters["code"])
        #expect(try await client.refresh(code).error == "invalid_grant")
        #expect(try await client.redeem(code).status == 200)
    }

    @Test("scope can be narrowed for one access token, and not widened")
    func scope() async throws {
        let tokens = try await browser.tokens(as: Fixture.ada, ["scope": "openid email"])
        for wider in ["openid profile", "openid phone"] {
            #expect(try await client.refresh(tokens, ["scope": wider]).error == "invalid_scope")
        }
        let narrow = try await client.refresh(tokens, ["scope": "openid"]).json
        #expect(narrow["scope"]?.string == "openid")
        #expect(try await client.userInfo(narrow).json["email"] == nil)
        let full = try await client.refresh(narrow).json
        #expect(full["scope"]?.string == "openid email")
        #expect(try await client.userInfo(full).json["email"]?.string == "ada@example.com")
    }

    @Test("without openid in its scope a refresh gives no ID Token, and the access token no user information")
    func withoutOpenID() async throws {
        let tokens = try await browser.tokens(as: Fixture.ada, ["scope": "openid email"])
        let narrow = try await client.refresh(tokens, ["scope": "email"]).json
        #expect(narrow["id_token"] == nil)
        let response = try await client.userInfo(narrow)
        #expect(response.status == 403)
        #expect(response.fields[.wwwAuthenticate]?.contains("insufficient_scope") == true)
    }

    @Test("after the logout only a token with offline_access can be refreshed")
    func logout() async throws {
        let online = try await browser.tokens()
        let answer = try Answer(
            await browser.get("/authorize", Fixture.request(["scope": "openid offline_access"])))
        let offline = try await client.redeem(try #require(answer.parameters["code"])).json
        let hint = try #require(online["id_token"]?.string)
        #expect(try await browser.get("/logout", ["id_token_hint": hint]).status == 200)
        let refused = try await client.refresh(online)
        #expect(refused.error == "invalid_grant")
        #expect(refused.text.contains("logged out"))
        #expect(try await client.refresh(offline).status == 200)
    }

    @Test("of many access tokens of one grant the oldest goes, so that memory is bounded")
    func manyAccessTokens() async throws {
        let first = try await browser.tokens()
        var latest = first
        for _ in 0..<15 { latest = try await client.refresh(latest).json }
        #expect(try await client.userInfo(first).status == 200)
        latest = try await client.refresh(latest).json
        #expect(try await client.userInfo(first).status == 401)
        #expect(try await client.userInfo(latest).status == 200)
    }
}
