import FoundationEssentials
import JOSE
import OpenIDConnect
import TestSupport
import Testing

extension PlayedProvider {
    /// An access token for `https://api.example` with changes to its claims: `nil` takes one out.
    func accessToken(
        _ changes: [String: JSONValue?] = [:], type: String? = "at+jwt", by key: SigningKey? = nil
    ) throws -> String {
        let now = Int64(Self.now.timeIntervalSince1970)
        var claims: JSONObject = [
            "iss": "https://op.example", "sub": "user-1", "aud": "https://api.example",
            "exp": .number(JSONNumber(now + 300)), "iat": .number(JSONNumber(now)), "jti": "t1",
            "client_id": "client-1",
            "scope": "notes:read notes:write",
        ]
        for (name, value) in changes { claims[name] = value }
        return try (key ?? script.signingKey).sign(payload: JSONValue.object(claims).serialized(), type: type)
    }

    func api(
        _ type: AccessTokenType = .accessTokenJWT, _ transport: ScriptedTransport? = nil,
        now: @escaping @Sendable () -> Date = { PlayedProvider.now }
    ) async throws -> ResourceServer {
        let transport = transport ?? self.transport
        let location = try #require(Issuer("https://op.example").flatMap { MetadataLocation(of: $0) })
        let metadata = try await ProviderMetadata.discover(location, through: transport)
        return ResourceServer(
            metadata: metadata, audience: "https://api.example", tokenType: type, transport: transport, now: now)
    }
}

@Suite("An access token (RFC 9068)")
struct AccessTokenTests {
    /// What is wrong with a token, and the rule that has to notice.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: AccessTokenRule
        let changes: [String: JSONValue?]

        init(_ name: String, _ rule: AccessTokenRule, _ changes: [String: JSONValue?]) {
            testDescription = name
            self.rule = rule
            self.changes = changes
        }
    }

    private static let now = Int64(PlayedProvider.now.timeIntervalSince1970)

    private static func time(_ seconds: Int64) -> JSONValue { .number(JSONNumber(now + seconds)) }

    private func rule(
        _ token: String, at provider: PlayedProvider, _ type: AccessTokenType = .accessTokenJWT
    ) async throws -> AccessTokenRule? {
        let api = try await provider.api(type)
        let token = try #require(AccessToken(token))
        do {
            _ = try await api.verify(token)
            return nil
        } catch {
            guard case .accessToken(let rule) = error.code else { throw error }
            #expect(error.outcomes.last?.verdict == .failed && error.outcomes.last?.code == error.code)
            #expect(!"\(error)".contains(token.secretString.suffix(40)))
            return rule
        }
    }

    @Test("says whom it speaks for and what it allows", arguments: [JWSAlgorithm.rs256, .ps256, .es256, .edDSA])
    func good(_ algorithm: JWSAlgorithm) async throws {
        let provider = try PlayedProvider(algorithm)
        let token = try await provider.api().verify(try #require(AccessToken(provider.accessToken())))
        #expect(token.issuer.string == "https://op.example")
        #expect(token.subject.string == "user-1")
        #expect(token.clientID.string == "client-1")
        #expect(token.scopes.map(\.string) == ["notes:read", "notes:write"])
        #expect(token.expiresAt == PlayedProvider.now.addingTimeInterval(300))
        #expect(token.outcomes.map(\.code) == AccessTokenRule.allCases.map { .accessToken($0) })
        #expect("\(token)" == "VerifiedAccessToken(https://op.example, user-1, for client-1)")
    }

    @Test("is good with several audiences, without scope or with a list of them, and up to the clock skew")
    func unusual() async throws {
        let provider = try PlayedProvider()
        for changes: [String: JSONValue?] in [
            ["aud": ["https://other.example", "https://api.example"]], ["scope": nil], ["exp": Self.time(-59)],
            ["iat": Self.time(60)], ["nbf": Self.time(60)], ["iat": Self.time(-86_400)], ["unknown": "claim"],
            ["scope": ["read", "write"]], ["cnf": .null, "nbf": .null, "scope": .null],
        ] { #expect(try await rule(provider.accessToken(changes), at: provider) == nil, "\(changes)") }
    }

    @Test(
        "is refused by the rule that it breaks",
        arguments: [
            Wrong("another issuer", .issuer, ["iss": "https://op.example/"]), Wrong("no issuer", .issuer, ["iss": nil]),
            Wrong("no subject", .subject, ["sub": nil]), Wrong("an empty subject", .subject, ["sub": ""]),
            Wrong("another audience", .audience, ["aud": "client-1"]), Wrong("no audience", .audience, ["aud": nil]),
            Wrong("an audience with a slash", .audience, ["aud": "https://api.example/"]),
            Wrong("an audience of another type", .audience, ["aud": ["https://api.example", 1]]),
            Wrong("expired", .expiry, ["exp": time(-60)]), Wrong("no expiry", .expiry, ["exp": nil]),
            Wrong("issued in the future", .issuedAt, ["iat": time(61)]), Wrong("no issue", .issuedAt, ["iat": nil]),
            Wrong("not yet good", .notBefore, ["nbf": time(61)]), Wrong("no client", .client, ["client_id": nil]),
            Wrong("a client under another name", .client, ["client_id": nil, "azp": "client-1"]),
            Wrong("a client of another type", .client, ["client_id": 1]), Wrong("no jti", .tokenID, ["jti": nil]),
            Wrong("an empty jti", .tokenID, ["jti": ""]),
            Wrong("scopes that are not all texts", .scope, ["scope": ["a", 1]]),
            Wrong("a list with two scopes in one", .scope, ["scope": ["a b"]]),
            Wrong("a scope of another type", .scope, ["scope": ["a": true]]),
            Wrong("a scope that is none", .scope, ["scope": "a \"b\""]),
            Wrong(
                "bound to a key of DPoP", .confirmation, ["cnf": ["jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"]]
            ),
            Wrong(
                "bound to a certificate", .confirmation,
                ["cnf": ["x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"]]),
            Wrong("bound to a key", .confirmation, ["cnf": ["jwk": ["kty": "OKP"]]]),
            Wrong("bound to nothing", .confirmation, ["cnf": [:]]),
            Wrong("bound to a text", .confirmation, ["cnf": "key"]),
            Wrong("bound to a list", .confirmation, ["cnf": [1]]),
        ])
    func refused(_ wrong: Wrong) async throws {
        let provider = try PlayedProvider()
        #expect(try await rule(provider.accessToken(wrong.changes), at: provider) == wrong.rule)
    }

    @Test(
        "is of its own type and no other, so that no ID Token passes for one",
        arguments: [nil, "JWT", "logout+jwt", ""])
    func type(_ type: String?) async throws {
        let provider = try PlayedProvider()
        #expect(try await rule(provider.accessToken(type: type), at: provider) == .type)
    }

    @Test("that is bound to a key is refused for that, by the names in cnf and not by what they hold")
    func bound() async throws {
        let provider = try PlayedProvider()
        let token = try provider.accessToken(["cnf": ["jkt": "canary"]], type: "JWT")
        let api = try await provider.api(.jwt)
        let error = await #expect(throws: OpenIDError.self) { try await api.verify(try #require(AccessToken(token))) }
        #expect(error?.code == .accessToken(.confirmation) && error?.code.name == "accessToken.confirmation")
        #expect(error?.actual == "one with jkt" && error?.remedy.contains("DPoP") == true)
        #expect(error.map { "\($0)" }?.contains("canary") == false)
    }

    @Test("is of its own type in any spelling", arguments: ["AT+JWT", "application/at+jwt"])
    func spelling(_ type: String) async throws {
        let provider = try PlayedProvider()
        #expect(try await rule(provider.accessToken(type: type), at: provider) == nil)
    }

    @Test("without a type of its own is taken only where that is configured, and other kinds are told by their claims")
    func plain() async throws {
        let provider = try PlayedProvider()
        for type in [nil, "JWT", "at+jwt"] {
            #expect(try await rule(provider.accessToken(type: type), at: provider, .jwt) == nil)
        }
        // As Keycloak writes it.
        let keycloak: [String: JSONValue?] = ["client_id": nil, "azp": "client-1", "typ": "Bearer", "jti": nil]
        #expect(try await rule(provider.accessToken(keycloak, type: "JWT"), at: provider, .jwt) == nil)
        for changes: [String: JSONValue?] in [["at_hash": "x"], ["c_hash": "x"], ["events": [:]], ["typ": "ID"]] {
            #expect(try await rule(provider.accessToken(changes, type: "JWT"), at: provider, .jwt) == .kind)
            // The header says it.
            #expect(try await rule(provider.accessToken(changes), at: provider) == nil)
        }
        #expect(try await rule(provider.accessToken(type: "logout+jwt"), at: provider, .jwt) == .type)
        #expect(try await rule(provider.accessToken(["client_id": nil]), at: provider, .jwt) == .client)
    }

    @Test("is signed by a key of the provider, and by no secret")
    func signature() async throws {
        let provider = try PlayedProvider()
        let stranger = try SigningKey.generate(.es256, keyID: "k1")
        #expect(try await rule(provider.accessToken(by: stranger), at: provider) == .signature)
        let secret = try SigningKey.symmetric(Array("secret-0123456789-0123456789-012".utf8), .hs256, keyID: "k1")
        #expect(try await rule(provider.accessToken(by: secret), at: provider) == .algorithm)
        let curve = try SigningKey.generate(.es256k, keyID: "k9")
        provider.change { $0.published.append(curve.publicJWK) }
        #expect(try await rule(provider.accessToken(by: curve), at: provider) == .algorithm)
        let parts = try provider.accessToken().split(separator: ".")
        let unsigned = Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt"}"#.utf8)) + "." + parts[1] + "."
        #expect(try await rule(unsigned, at: provider) == .algorithm)
        #expect(try await rule("opaque", at: provider) == .form)
    }

    @Test("by a key that is new is good at once; tokens that nobody signed do not wear out the provider")
    func newKey() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let api = try await provider.api(.accessTokenJWT, transport)
        _ = try await api.verify(try #require(AccessToken(provider.accessToken())))
        let key = try SigningKey.generate(.es256, keyID: "k2")
        provider.change { $0.published.append(key.publicJWK) }
        _ = try await api.verify(try #require(AccessToken(provider.accessToken(by: key))))
        let stranger = try SigningKey.generate(.es256, keyID: "k3")
        for _ in 0..<20 {
            _ = try? await api.verify(try #require(AccessToken(provider.accessToken(by: stranger))))
        }
        #expect(transport.paths.count { $0 == "/keys" } == 1 + 5)
    }

    @Test("that nobody signed takes nothing from the logins that have the same keys")
    func sharedKeys() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let location = try #require(Issuer("https://op.example").flatMap { MetadataLocation(of: $0) })
        let metadata = try await ProviderMetadata.discover(location, through: transport)
        let keys = KeySource(url: metadata.jwksURI, transport: transport, now: { PlayedProvider.now })
        let api = ResourceServer(
            metadata: metadata, audience: "https://api.example", keys: keys, transport: transport,
            now: { PlayedProvider.now })
        let client = try OpenIDClient(
            registration: PlayedProvider.registration(), metadata: metadata, keys: keys, transport: transport,
            now: { PlayedProvider.now })
        _ = try await api.verify(try #require(AccessToken(provider.accessToken())))
        let stranger = try SigningKey.generate(.es256, keyID: "k3")
        for _ in 0..<20 {
            _ = try? await api.verify(try #require(AccessToken(provider.accessToken(by: stranger))))
        }
        let key = try SigningKey.generate(.es256, keyID: "k2")
        provider.change {
            $0.published = [key.publicJWK]
            $0.signingKey = key
        }
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        _ = try await client.finishLogin(with: "?code=code-1&state=\(pending.state.string)", pending: pending)
    }

    @Test("cannot be verified while the provider's keys cannot be had")
    func outage() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.answers["/keys"] = TransportResponse(status: 503, fields: [], body: []) }
        let api = try await provider.api()
        let token = try #require(AccessToken(provider.accessToken()))
        await #expect(throws: OpenIDError(.status, expected: "", actual: "", remedy: "")) {
            try await api.verify(token)
        }
    }
}
