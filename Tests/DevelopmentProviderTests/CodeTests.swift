import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("Codes at the token endpoint")
struct CodeTests {
    @Test("a good code gets the tokens, and what is said about them")
    func success() async throws {
        let fixture = try Fixture()
        let code = try #require(
            try await Browser(fixture).logIn(as: Fixture.ada, ["scope": "roles openid"]).parameters["code"])
        let response = try await Client(fixture.provider).redeem(code)
        #expect(response.status == 200)
        let tokens = try response.json
        #expect(tokens["token_type"]?.string == "Bearer")
        #expect(tokens["expires_in"]?.integer == 600)
        #expect(tokens["scope"]?.string == "openid roles")
        #expect(tokens["access_token"]?.string?.isEmpty == false)
        #expect(tokens["refresh_token"]?.string?.isEmpty == false)
        #expect(tokens["id_token"]?.string?.isEmpty == false)
        #expect(tokens["access_token"] != tokens["refresh_token"])
    }

    @Test("what is wrong with a token request is named", arguments: refusals)
    func refused(refusal: Refusal) async throws {
        let fixture = try Fixture()
        let code = try #require(try await Browser(fixture).logIn().parameters["code"])
        let response = try await Client(fixture.provider).redeem(code, refusal.changes)
        #expect(response.status == 400)
        #expect(response.error == refusal.error)
        #expect(try response.json["error_description"]?.string?.contains(refusal.word) == true)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let error: String
        let word: String
        let changes: KeyValuePairs<String, String?>

        init(_ error: String, _ word: String, _ changes: KeyValuePairs<String, String?>) {
            self.error = error
            self.word = word
            self.changes = changes
        }

        var testDescription: String { "\(error): \(changes)" }
    }

    static let refusals: [Refusal] = [
        Refusal("invalid_request", "grant_type", ["grant_type": nil]),
        Refusal("unsupported_grant_type", "grant_type", ["grant_type": "password"]),
        Refusal("invalid_request", "code", ["code": nil]),
        Refusal("invalid_request", "redirect_uri", ["redirect_uri": nil]),
        Refusal("invalid_request", "code_verifier", ["code_verifier": nil]),
        Refusal("invalid_request", "code_verifier", ["code_verifier": String(repeating: "a", count: 42)]),
        Refusal("invalid_request", "code_verifier", ["code_verifier": String(repeating: "a", count: 129)]),
        Refusal("invalid_request", "code_verifier", ["code_verifier": String(repeating: "/", count: 43)]),
        Refusal("invalid_request", "more than once", ["grant_type": "authorization_code", "grant_type": "password"]),
        Refusal("invalid_grant", "unknown", ["code": "x"]),
        Refusal("invalid_grant", "unknown", ["code": "x.y"]),
        Refusal("invalid_grant", "redirect_uri", ["redirect_uri": "com.example.app:/cb?from=op"]),
        Refusal("invalid_grant", "code_verifier", ["code_verifier": String(repeating: "a", count: 43)]),
        // The challenge itself: what would be right by `plain`.
        Refusal("invalid_grant", "code_verifier", ["code_verifier": Fixture.challenge]),
    ]

    @Test("a body that is no form is refused")
    func noForm() async throws {
        let fixture = try Fixture()
        let request = try #require(HTTPRequest(method: .post, target: "/token", body: Array("{}".utf8)))
        let response = await fixture.provider.respond(to: request)
        #expect(response.status == 400)
        #expect(response.error == "invalid_request")
    }

    @Test("a code lives sixty seconds")
    func expiry() async throws {
        let fixture = try Fixture()
        let codes = [
            try #require(try await Browser(fixture).logIn().parameters["code"]),
            try #require(try await Browser(fixture).logIn().parameters["code"]),
        ]
        fixture.clock.advance(by: 59)
        #expect(try await Client(fixture.provider).redeem(codes[0]).status == 200)
        fixture.clock.advance(by: 1)
        let late = try await Client(fixture.provider).redeem(codes[1])
        #expect(late.error == "invalid_grant")
        #expect(late.text.contains("expired"))
    }

    @Test("a code that comes a second time is refused and revokes what the first time gave, even an hour later")
    func replay() async throws {
        let fixture = try Fixture()
        let client = Client(fixture.provider)
        let code = try #require(try await Browser(fixture).logIn().parameters["code"])
        let tokens = try await client.redeem(code).json
        fixture.clock.advance(by: 300)
        #expect(try await client.userInfo(tokens).status == 200)
        let replay = try await client.redeem(code)
        #expect(replay.error == "invalid_grant")
        #expect(replay.text.contains("used before"))
        #expect(try await client.userInfo(tokens).status == 401)
        #expect(try await client.refresh(tokens).error == "invalid_grant")
    }

    @Test("a code is spent by an attempt with a wrong verifier or redirect URI")
    func spent() async throws {
        let fixture = try Fixture()
        let client = Client(fixture.provider)
        let wrong: [KeyValuePairs<String, String?>] = [
            ["code_verifier": String(repeating: "a", count: 43)], ["redirect_uri": "http://localhost/"],
        ]
        for changes in wrong {
            let code = try #require(try await Browser(fixture).logIn().parameters["code"])
            _ = try await client.redeem(code, changes)
            #expect(try await client.redeem(code).error == "invalid_grant")
        }
    }

    @Test("a code of another client is refused, and stays good for its own")
    func foreignClient() async throws {
        let fixture = try Fixture()
        let code = try #require(try await Browser(fixture).logIn().parameters["code"])
        let other = Client(fixture.provider, basic: ("other", "other secret"))
        #expect(try await other.redeem(code).error == "invalid_grant")
        #expect(try await Client(fixture.provider).redeem(code).status == 200)
    }

    @Test("a code's identifier with another proof is no code")
    func forgedProof() async throws {
        let fixture = try Fixture()
        let code = try #require(try await Browser(fixture).logIn().parameters["code"])
        let identifier = try #require(code.split(separator: ".").first)
        let forged = "\(identifier).\(Fixture.challenge)"
        #expect(try await Client(fixture.provider).redeem(forged).error == "invalid_grant")
    }

    @Test("a grant ends after a day, and at capacity the oldest goes")
    func bounded() async throws {
        let fixture = try Fixture(capacity: 2)
        let client = Client(fixture.provider)
        var codes: [String] = []
        for _ in 0..<3 { codes.append(try #require(try await Browser(fixture).logIn().parameters["code"])) }
        #expect(try await client.redeem(codes[0]).error == "invalid_grant")
        let tokens = try await client.redeem(codes[1]).json
        fixture.clock.advance(by: 24 * 3600)
        #expect(try await client.refresh(tokens).error == "invalid_grant")
    }
}
