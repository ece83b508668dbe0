import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("UserInfo")
struct UserInfoTests {
    @Test(
        "the claims are those that the scope asks for",
        arguments: [
            ("openid", ["sub"]),
            ("openid profile", ["sub", "name", "given_name", "family_name", "preferred_username"]),
            ("openid email", ["sub", "email", "email_verified"]),
            ("openid roles", ["sub", "roles"]),
        ])
    func scopes(scope: String, names: [String]) async throws {
        let fixture = try Fixture()
        let tokens = try await Browser(fixture).tokens(as: Fixture.ada, ["scope": scope])
        let response = try await Client(fixture.provider).userInfo(tokens)
        #expect(response.status == 200)
        #expect(response.fields[.contentType] == "application/json")
        #expect(response.fields[.cacheControl] == "no-store")
        #expect(try response.json.members.map(\.name) == names)
    }

    @Test("each user has their own values", arguments: [ada, cleo])
    func values(expected: JSONObject) async throws {
        let fixture = try Fixture()
        let subject = try #require(expected["sub"]?.string)
        let tokens = try await Browser(fixture).tokens(as: subject, ["scope": "openid profile email roles"])
        #expect(try await Client(fixture.provider).userInfo(tokens).json == expected)
    }

    static let ada: JSONObject = [
        "sub": "7d1f6c0a-ada", "name": "Ada Admin", "given_name": "Ada", "family_name": "Admin",
        "preferred_username": "ada", "email": "ada@example.com", "email_verified": true, "roles": ["admin", "user"],
    ]

    static let cleo: JSONObject = [
        "sub": "e84a71d5-cleo", "name": "Cleo Customer", "given_name": "Cleo", "family_name": "Customer",
        "preferred_username": "cleo", "email": "cleo@example.org", "email_verified": false, "roles": [],
    ]

    @Test("GET and POST are taken, the scheme's name in any case")
    func methods() async throws {
        let fixture = try Fixture()
        let client = Client(fixture.provider)
        let token = try #require(try await Browser(fixture).tokens()["access_token"]?.string)
        #expect(try await client.userInfo(token, method: .post).status == 200)
        #expect(try await client.userInfo(token, scheme: "bearer").status == 200)
    }

    @Test("without a bearer token the answer is a challenge without an error code")
    func withoutToken() async throws {
        let client = Client(try Fixture().provider)
        for response in [try await client.userInfo(nil), try await client.userInfo("x", scheme: "Basic")] {
            #expect(response.status == 401)
            #expect(response.fields[.wwwAuthenticate] == "Bearer realm=\"userinfo\"")
        }
    }

    @Test("a token that is none, or of another kind, is refused")
    func wrongToken() async throws {
        let fixture = try Fixture()
        let client = Client(fixture.provider)
        let code = try #require(try await Browser(fixture).logIn().parameters["code"])
        let tokens = try await client.redeem(code).json
        for name in ["refresh_token", "id_token"] { try refused(await client.userInfo(tokens[name]?.string)) }
        for text in ["x", "x.y", code] { try refused(await client.userInfo(text)) }
    }

    @Test("an access token lives ten minutes")
    func expiry() async throws {
        let fixture = try Fixture()
        let client = Client(fixture.provider)
        let tokens = try await Browser(fixture).tokens()
        fixture.clock.advance(by: 599)
        #expect(try await client.userInfo(tokens).status == 200)
        fixture.clock.advance(by: 1)
        try refused(await client.userInfo(tokens))
    }

    private func refused(_ response: HTTPResponse) throws {
        #expect(response.status == 401)
        #expect(response.fields[.wwwAuthenticate]?.contains("error=\"invalid_token\"") == true)
        #expect(response.body.isEmpty)
    }
}
