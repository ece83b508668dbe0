import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("Claims that a registration demands")
struct RequiredClaimTests {
    @Test(
        "refuse whoever has another value, or none",
        arguments: [nil, "example.com", "Example.org", "example.org.evil.test", 1, ["example.org"], .null]
            as [JSONValue?])
    func refused(_ value: JSONValue?) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["hd"] = .some(value) }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(transport) { $0.requiredClaims = ["hd": ["example.org", "example.net"]] }
        }
        #expect(error?.code == .idToken(.requiredClaims))
        #expect(error?.expected == "hd: example.net or example.org")
        #expect(!transport.paths.contains("/userinfo"))
    }

    @Test("let in whoever has one of the values, and want all of the claims")
    func accepted() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["hd"] = "example.org" }
        _ = try await provider.login(provider.transport) { $0.requiredClaims = ["hd": ["example.org"]] }
        await #expect(throws: OpenIDError.self) {
            try await provider.login(provider.transport) {
                $0.requiredClaims = ["hd": ["example.org"], "team": ["a"]]
            }
        }
    }

    @Test("are not taken from UserInfo")
    func notFromUserInfo() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.userInfo["hd"] = "example.org" }
        await #expect(throws: OpenIDError.self) {
            try await provider.login(provider.transport) { $0.requiredClaims = ["hd": ["example.org"]] }
        }
    }
}

@Suite("Apple's client secret")
struct AppleClientSecretTests {
    private static func registration(_ key: SigningKey?) throws -> (inout ClientRegistration) -> Void {
        let team = try #require(AppleTeamID("ABCDE12345"))
        return {
            $0.appleTeamID = team
            $0.clientSecret = nil
            $0.clientKey = key.map { ClientKey($0) }
        }
    }

    @Test("is made with the key for each request, for minutes, and sent in the form")
    func made() async throws {
        let key = try SigningKey.generate(.es256, keyID: "KEY1234567")
        let provider = try PlayedProvider()
        let transport = provider.transport
        _ = try await provider.login(transport, change: Self.registration(key))
        let request = try #require(transport.requests.first { $0.url.path == "/token" })
        #expect(!request.fields.contains { $0.name.lowercased() == "authorization" })
        let form = try FormParameters(parsing: request.body)
        #expect(form["client_id"] == "client-1")
        #expect(form["client_assertion"] == nil)
        let token = try JWS(compact: try #require(form["client_secret"]))
        #expect(token.header.keyID == "KEY1234567")
        let payload = try token.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [.es256])
        let claims = try JSONObject(parsing: payload.bytes)
        #expect(claims["iss"] == "ABCDE12345")
        #expect(claims["sub"] == "client-1")
        #expect(claims["aud"] == "https://appleid.apple.com")
        let now = Int64(PlayedProvider.now.timeIntervalSince1970)
        #expect(claims["iat"]?.integer == now)
        #expect(claims["exp"]?.integer == now + 300)
    }

    @Test("is not repeated in an error")
    func hidden() async throws {
        let key = try SigningKey.generate(.es256, keyID: "KEY1234567")
        let provider = try PlayedProvider()
        let transport = ScriptedTransport { request in
            guard request.url.path == "/token" else { return try await provider.transport.send(request) }
            let secret = try FormParameters(parsing: request.body)["client_secret"] ?? ""
            return .json(#"{"error":"invalid_client","error_description":"\#(secret)"}"#, status: 400)
        }
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(transport, change: Self.registration(key))
        }
        #expect(error?.code == .tokenRequestRefused(.invalidClient))
        #expect(error.map { !$0.description.contains("eyJ") } ?? false)
    }

    @Test(
        "needs an ES256 key with an identifier",
        arguments: [(.es384, "KEY1234567"), (.es256, nil)] as [(JWSAlgorithm, String?)])
    func wrongKey(_ algorithm: JWSAlgorithm, _ keyID: String?) async throws {
        let key = try SigningKey.generate(algorithm, keyID: keyID)
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(provider.transport, change: Self.registration(key))
        }
        #expect(error?.code == .registration)
    }

    @Test("cannot be made without a key")
    func noKey() async throws {
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(provider.transport, change: Self.registration(nil))
        }
        #expect(error?.code == .registration)
    }

    @Test(
        "needs a team's identifier",
        arguments: ["", "ABCDE1234", "ABCDE123456", "abcde12345", "ABCDE1234\n", "ÄBCDE1234"])
    func wrongTeam(_ text: String) { #expect(AppleTeamID(text) == nil) }
}

@Suite("Addresses that are set apart")
struct EndpointOverrideTests {
    @Test("take the place of the metadata's, and the issuer is compared as ever")
    func replaced() async throws {
        let provider = try PlayedProvider()
        let (token, keys) = (EndpointURL("https://inside.example/token"), EndpointURL("https://inside.example/keys"))
        let (browser, end) = (EndpointURL("https://outside.example/auth"), EndpointURL("https://outside.example/end"))
        let change: (inout ClientRegistration) -> Void = {
            $0.endpoints.tokenEndpoint = token
            $0.endpoints.jwksURI = keys
            $0.endpoints.userInfoEndpoint = EndpointURL("https://inside.example/userinfo")
            $0.endpoints.authorizationEndpoint = browser
            $0.endpoints.endSessionEndpoint = end
        }
        let transport = provider.transport
        _ = try await provider.login(transport, change: change)
        #expect(transport.requests.dropFirst().allSatisfy { $0.url.host == "inside.example" })
        #expect(transport.requests.count == 4)
        let client = try await provider.client(transport, change: change)
        #expect(client.beginLogin().url.hasPrefix("https://outside.example/auth?"))
        #expect(client.metadata.endSessionEndpoint == end)
        provider.change { $0.claims["iss"] = "https://inside.example" }
        await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport, change: change) }
    }

    @Test("metadata from another address have to name the issuer that was said")
    func issuerApart() async throws {
        let provider = try PlayedProvider()
        let place = "https://inside.example/.well-known/openid-configuration"
        for (issuer, fits) in [("https://op.example", true), ("https://inside.example", false)] {
            let location = try #require(Issuer(issuer).flatMap { MetadataLocation(metadataURL: place, of: $0) })
            let metadata = try? await ProviderMetadata.discover(location, through: provider.transport)
            #expect((metadata != nil) == fits)
        }
    }
}

@Suite("Parameters beyond the specifications")
struct AdditionalParameterTests {
    @Test("are sent, in order, and replace none of the request's own")
    func sent() async throws {
        let provider = try PlayedProvider()
        var options = AuthorizationOptions()
        options.additionalParameters = [
            "hd": "example.org", "access_type": "offline", "state": "mine", "scope": "x", "response_mode": "fragment",
            "request_uri": "https://evil.example", "prompt": "none",
        ]
        let url = try await provider.client(provider.transport).beginLogin(options: options).url
        #expect(url.hasSuffix("&access_type=offline&hd=example.org"))
        for name in ["state=", "scope="] { #expect(url.ranges(of: name).count == 1) }
        for name in ["response_mode", "request_uri", "prompt", "mine"] { #expect(!url.contains(name)) }
    }
}
