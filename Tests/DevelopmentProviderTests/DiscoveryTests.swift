import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("Discovery and keys")
struct DiscoveryTests {
    @Test("the metadata says what the provider does")
    func metadata() async throws {
        let response = try await Browser(try Fixture()).get("/.well-known/openid-configuration")
        #expect(response.status == 200)
        #expect(response.fields[.contentType] == "application/json")
        let metadata = try response.json
        func strings(_ name: String) -> [String]? { metadata[name]?.array?.compactMap(\.string) }
        #expect(metadata["issuer"]?.string == Fixture.issuer)
        #expect(metadata["authorization_endpoint"]?.string == "http://localhost:8001/authorize")
        #expect(metadata["token_endpoint"]?.string == "http://localhost:8001/token")
        #expect(metadata["userinfo_endpoint"]?.string == "http://localhost:8001/userinfo")
        #expect(metadata["jwks_uri"]?.string == "http://localhost:8001/jwks")
        #expect(metadata["end_session_endpoint"]?.string == "http://localhost:8001/logout")
        #expect(strings("scopes_supported") == ["openid", "profile", "email", "roles", "offline_access"])
        #expect(strings("response_types_supported") == ["code"])
        #expect(strings("response_modes_supported") == ["query", "form_post"])
        #expect(strings("grant_types_supported") == ["authorization_code", "refresh_token"])
        #expect(strings("subject_types_supported") == ["public"])
        #expect(strings("code_challenge_methods_supported") == ["S256"])
        #expect(strings("prompt_values_supported") == ["none", "login", "consent", "select_account"])
        #expect(
            strings("token_endpoint_auth_methods_supported") == ["client_secret_basic", "client_secret_post", "none"])
        #expect(metadata["authorization_response_iss_parameter_supported"]?.bool == true)
        for name in ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"] {
            #expect(metadata[name]?.bool == false)
        }
    }

    @Test("every claim that comes is named in claims_supported, and the other way round")
    func claims() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let client = Client(fixture.provider)
        let tokens = try await browser.tokens(as: Fixture.ada, ["scope": "openid profile email roles"])
        let idToken = try await client.verified(tokens)
        let userInfo = try await client.userInfo(tokens).json
        let metadata = try await browser.get("/.well-known/openid-configuration").json
        let named = try #require(metadata["claims_supported"]?.array).compactMap(\.string)
        #expect(Set(named) == Set(idToken.members.map(\.name) + userInfo.members.map(\.name)))
        #expect(Set(named).count == named.count)
    }

    @Test("the algorithms named are those of the clients, and RS256, which must be named")
    func algorithms() async throws {
        let metadata = try await Browser(try Fixture()).get("/.well-known/openid-configuration").json
        #expect(metadata["id_token_signing_alg_values_supported"] == ["RS256", "ES256"])
    }

    @Test("the key set holds one public signing key for each algorithm in use, the same at every call")
    func keys() async throws {
        let browser = Browser(try Fixture())
        let response = try await browser.get("/jwks")
        #expect(response.status == 200)
        let keys = try #require(try response.json["keys"]?.array)
        #expect(keys.count == 1)
        let key = try #require(keys.first?.object)
        #expect(key["alg"]?.string == "ES256")
        #expect(key["use"]?.string == "sig")
        #expect(key["kid"]?.string?.hasPrefix("ES256-") == true)
        #expect(key["d"] == nil)
        #expect(try await browser.get("/jwks").body == response.body)
        #expect(try await Browser(try Fixture()).get("/jwks").body != response.body, "another provider, another key")
    }

    @Test(
        "a client's ID Tokens are signed with its algorithm",
        arguments: JWSAlgorithm.allCases.filter { !$0.isSymmetric })
    func signatures(algorithm: JWSAlgorithm) async throws {
        let client = DevelopmentClient(
            id: "app", secret: Fixture.secret, redirectURIs: [Fixture.callback], idTokenAlgorithm: algorithm)
        let fixture = try Fixture(clients: [client])
        let tokens = try await Browser(fixture).tokens()
        let claims = try await Client(fixture.provider).verified(tokens, algorithm)
        #expect(claims["sub"]?.string == Fixture.ada)
    }

    @Test("a path that is not there is 404, a method that does not fit 405")
    func unknown() async throws {
        let browser = Browser(try Fixture())
        #expect(try await browser.get("/nothing").status == 404)
        let response = try await browser.get("/token")
        #expect(response.status == 405)
        #expect(response.fields[.allow] == "POST")
    }
}
