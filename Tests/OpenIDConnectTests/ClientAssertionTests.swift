import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("An assertion as the client's proof")
struct ClientAssertionTests {
    private static let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// The form that the token endpoint gets.
    private func sent(
        metadata: JSONObject = [:], _ change: (inout ClientRegistration) -> Void
    ) async throws -> FormParameters {
        let provider = try PlayedProvider()
        provider.change { script in for (name, value) in metadata.members { script.metadata[name] = value } }
        let transport = provider.transport
        _ = try await provider.login(transport, change: change)
        let request = try #require(transport.requests.first { $0.url.path == "/token" })
        #expect(!request.fields.contains { $0.name == "Authorization" })
        return try FormParameters(parsing: request.body)
    }

    /// What the assertion says, its signature verified.
    private func claims(_ form: FormParameters, _ key: SigningKey) throws -> JSONObject {
        #expect(form["client_assertion_type"] == Self.assertionType)
        #expect(form["client_secret"] == nil)
        #expect(form["client_id"] == "client-1")
        let token = try JWS(compact: try #require(form["client_assertion"]))
        #expect(token.header.type == "JWT")
        #expect(token.header.keyID == key.keyID)
        let payload = try token.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [key.algorithm])
        return try JSONObject(parsing: payload.bytes)
    }

    @Test("is signed with the client's key, made out to the issuer, for two minutes, and each is another")
    func privateKey() async throws {
        let key = try SigningKey.generate(.es256, keyID: "client-key")
        var identifiers: Set<String> = []
        for _ in 0..<3 {
            let form = try await sent {
                $0.clientSecret = nil
                $0.clientKey = ClientKey(key)
            }
            #expect(form["grant_type"] == "authorization_code")
            let claims = try claims(form, key)
            let now = Int64(PlayedProvider.now.timeIntervalSince1970)
            #expect(claims["iss"]?.string == "client-1")
            #expect(claims["sub"]?.string == "client-1")
            #expect(claims["aud"]?.string == "https://op.example")
            #expect(claims["iat"]?.integer == now)
            #expect(claims["exp"]?.integer == now + 120)
            identifiers.insert(try #require(claims["jti"]?.string))
        }
        #expect(identifiers.count == 3)
    }

    @Test("is made out to the token endpoint where the provider insists on it")
    func audience() async throws {
        let key = try SigningKey.generate(.es256, keyID: nil)
        let form = try await sent {
            $0.clientKey = ClientKey(key)
            $0.clientAssertionAudience = .tokenEndpoint
        }
        #expect(try claims(form, key)["aud"]?.string == "https://op.example/token")
    }

    @Test("is signed with the key as it is at that moment")
    func changingKey() async throws {
        let keys = [try SigningKey.generate(.es256, keyID: "a"), try SigningKey.generate(.ps256, keyID: "b")]
        let current = Mutexed(keys[0])
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport) { $0.clientKey = ClientKey { current.value } }
        for key in keys {
            current.value = key
            let (_, pending) = client.beginLogin()
            provider.expect(pending)
            _ = try await client.finishLogin(with: "code=c&state=\(pending.state.string)", pending: pending)
            let request = try #require(transport.requests.last { $0.url.path == "/token" })
            _ = try claims(try FormParameters(parsing: request.body), key)
        }
    }

    @Test(
        "has a MAC by the client secret: HS256, or what the provider takes, or what is configured",
        arguments: [
            (nil, nil, JWSAlgorithm.hs256), (["RS256", "HS512"] as JSONValue, nil, .hs512), (["HS256"], .hs384, .hs384),
        ] as [(JSONValue?, JWSAlgorithm?, JWSAlgorithm)])
    func secret(offered: JSONValue?, configured: JWSAlgorithm?, used: JWSAlgorithm) async throws {
        let metadata: JSONObject = offered.map { ["token_endpoint_auth_signing_alg_values_supported": $0] } ?? [:]
        let form = try await sent(metadata: metadata) {
            $0.clientSecret = ClientSecret(Self.secret)
            $0.tokenEndpointAuthMethod = .clientSecretJWT
            $0.tokenEndpointAuthSigningAlg = configured
        }
        let key = try SigningKey.symmetric(Array(Self.secret.utf8), used)
        #expect(try claims(form, key)["sub"]?.string == "client-1")
    }

    @Test("has a MAC by itself where the provider takes a secret in no other way")
    func chosen() async throws {
        let form = try await sent(metadata: ["token_endpoint_auth_methods_supported": ["client_secret_jwt"]]) {
            $0.clientSecret = ClientSecret(Self.secret)
        }
        #expect(form["client_assertion"] != nil)
    }

    private func code(
        metadata: JSONObject = [:], _ change: (inout ClientRegistration) -> Void
    ) async throws -> OpenIDError.Code? {
        do {
            _ = try await sent(metadata: metadata, change)
            return nil
        } catch let error as OpenIDError {
            return error.code
        }
    }

    @Test("is refused before anything is sent where key or secret are missing, too short or do not fit")
    func refused() async throws {
        #expect(try await code { $0.tokenEndpointAuthMethod = .privateKeyJWT } == .registration)
        #expect(try await code { $0.tokenEndpointAuthMethod = .clientSecretJWT } == .registration)
        #expect(
            try await code {
                $0.clientSecret = nil
                $0.tokenEndpointAuthMethod = .clientSecretJWT
            } == .registration)
        #expect(
            try await code {
                $0.tokenEndpointAuthMethod = .clientSecretJWT
                $0.clientSecret = ClientSecret(Self.secret)
                $0.tokenEndpointAuthSigningAlg = .rs256
            } == .registration)
        #expect(
            try await code(metadata: ["token_endpoint_auth_signing_alg_values_supported": ["RS256"]]) {
                $0.tokenEndpointAuthMethod = .clientSecretJWT
                $0.clientSecret = ClientSecret(Self.secret)
            } == .unsupported)
        let key = try SigningKey.generate(.es256, keyID: nil)
        #expect(
            try await code(metadata: ["token_endpoint_auth_signing_alg_values_supported": ["RS256"]]) {
                $0.clientKey = ClientKey(key)
            } == .unsupported)
        #expect(
            try await code { $0.clientKey = ClientKey { throw JOSEError(.key, "there is none") } } == .registration)
    }

    @Test("is refused without the words of who should bring the key: they are for the operator alone")
    func loader() async throws {
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) {
            _ = try await provider.login(provider.transport) {
                $0.clientKey = ClientKey { throw JOSEError(.key, "canary of the loader") }
            }
        }
        #expect(error?.code == .registration)
        #expect(error?.description.contains("canary") == false)
    }

    @Test("is not repeated by an error, even where the provider repeats it")
    func redacted() async throws {
        let provider = try PlayedProvider()
        let key = try SigningKey.generate(.es256, keyID: nil)
        let transport = ScriptedTransport { [inner = provider.transport] request in
            guard request.url.path == "/token" else { return try await inner.send(request) }
            let assertion = try #require(try FormParameters(parsing: request.body)["client_assertion"])
            let answer: JSONObject = ["error": "invalid_client", "error_description": .string("bad " + assertion)]
            return .json(JSONValue.object(answer).text, status: 401)
        }
        let error = await #expect(throws: OpenIDError.self) {
            _ = try await provider.login(transport) { $0.clientKey = ClientKey(key) }
        }
        #expect(error?.code == .tokenRequestRefused(.invalidClient))
        #expect(error?.description.contains("eyJ") == false)
    }
}
