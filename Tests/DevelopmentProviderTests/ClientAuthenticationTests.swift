import DevelopmentProvider
import HTTPMessages
import Testing

@Suite("Client authentication")
struct ClientAuthenticationTests {
    private let fixture: Fixture
    private let code: String

    init() async throws {
        fixture = try Fixture()
        code = try #require(try await Browser(fixture).logIn().parameters["code"])
    }

    private func redeem(
        _ extra: FormParameters = [:], authorization: String? = nil, code: String? = nil
    ) async throws -> HTTPResponse {
        var form: FormParameters = [
            "grant_type": "authorization_code", "code": code ?? self.code, "redirect_uri": Fixture.callback,
            "code_verifier": Fixture.verifier,
        ]
        for parameter in extra.parameters { form.append(parameter.name, parameter.value) }
        return try await Client(fixture.provider, basic: nil).send(form, authorization: authorization)
    }

    private func refused(_ response: HTTPResponse) {
        #expect(response.status == 401)
        #expect(response.error == "invalid_client")
        #expect(response.fields[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
    }

    @Test("client_secret_basic: identifier and secret are form-urlencoded before base64")
    func basic() async throws {
        #expect(try await redeem(authorization: Client.basic("app", Fixture.secret)).status == 200)
    }

    @Test("the scheme's name is taken in any case")
    func schemeCase() async throws {
        let field = Client.basic("app", Fixture.secret).replacing("Basic", with: "bAsIc")
        #expect(try await redeem(authorization: field).status == 200)
    }

    @Test("client_secret_basic without form-urlencoding does not fit this secret")
    func basicUnencoded() async throws {
        refused(try await redeem(authorization: "Basic " + Client.base64("app:" + Fixture.secret)))
    }

    @Test(
        "an Authorization field that is no good Basic is refused",
        arguments: [
            "", "Basic", "Basic ", "Basic ====", "Basic YXBw", "Basic YXBwOg", "Basic _-__", "Bearer YXBwOmE=",
            "Basic YXBwOmE=x", "Basic YXA6 YQ==", "Basic gIA6YQ==",
        ])
    func badField(field: String) async throws {
        refused(try await redeem(authorization: field))
    }

    @Test("client_secret_post is taken")
    func post() async throws {
        #expect(try await redeem(["client_id": "app", "client_secret": Fixture.secret]).status == 200)
    }

    @Test("a wrong secret is refused by either method, and does not spend the code")
    func wrongSecret() async throws {
        refused(try await redeem(authorization: Client.basic("app", "wrong")))
        refused(try await redeem(["client_id": "app", "client_secret": "wrong"]))
        refused(try await redeem(["client_id": "app", "client_secret": ""]))
        #expect(try await redeem(authorization: Client.basic("app", Fixture.secret)).status == 200)
    }

    @Test("a client with a secret has to send it")
    func missingSecret() async throws {
        refused(try await redeem(["client_id": "app"]))
    }

    @Test("an unknown client, and none at all, are refused")
    func unknown() async throws {
        refused(try await redeem(authorization: Client.basic("nobody", "x")))
        refused(try await redeem(["client_id": "nobody"]))
        refused(try await redeem())
    }

    @Test("a public client names itself in the body and proves itself by PKCE")
    func publicClient() async throws {
        let code = try await Browser(fixture).logIn(as: Fixture.ada, ["client_id": "public"]).parameters["code"]
        #expect(try await redeem(["client_id": "public"], code: code).status == 200)
    }

    @Test("a public client that sends a secret is refused")
    func publicClientWithSecret() async throws {
        refused(try await redeem(["client_id": "public", "client_secret": "x"]))
        refused(try await redeem(authorization: Client.basic("public", "x")))
    }

    @Test("two methods at once are refused, though both are right")
    func twoMethods() async throws {
        let response = try await redeem(
            ["client_id": "app", "client_secret": Fixture.secret],
            authorization: Client.basic("app", Fixture.secret))
        #expect(response.status == 400)
        #expect(response.error == "invalid_request")
    }

    @Test("client_id beside Basic must be the same client")
    func identifierBesideBasic() async throws {
        let field = Client.basic("app", Fixture.secret)
        let response = try await redeem(["client_id": "other"], authorization: field)
        #expect(response.error == "invalid_request")
        #expect(try await redeem(["client_id": "app"], authorization: field).status == 200)
    }

    @Test("client assertions are refused: they are not offered")
    func assertion() async throws {
        for name in ["client_assertion", "client_assertion_type"] {
            var extra: FormParameters = ["client_id": "app", "client_secret": Fixture.secret]
            extra.append(name, "x")
            refused(try await redeem(extra))
        }
    }
}
