import JOSE
import OpenIDConnect
import TestSupport
import Testing

/// The modules of the OpenID Foundation's plan `oidcc-client-back-channel-logout-rp-basic`, by their names.
struct BackChannelModule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The rule that has to notice; `nil` where the token is good.
    let rule: LogoutTokenRule?
    let token: @Sendable (PlayedProvider) throws -> String

    init(
        _ name: String, _ rule: LogoutTokenRule?, _ token: @escaping @Sendable (PlayedProvider) throws -> String
    ) {
        testDescription = name
        self.rule = rule
        self.token = token
    }

    static let all = [
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout", nil) {
            try $0.logoutToken(["unknown": "claim"], type: "JWT")
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", .algorithm) { provider in
            let payload = try provider.logoutToken().split(separator: ".")[1]
            return Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + payload + "."
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", .algorithm) { provider in
            let key = try SigningKey.generate(.es256, keyID: "k2")
            provider.change { $0.published.append(key.publicJWK) }
            return try provider.logoutToken(type: "JWT", by: key)
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", .audience) {
            try $0.logoutToken(["aud": "client-2"], type: "JWT")
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", .issuer) {
            try $0.logoutToken(["iss": "https://evil.example"], type: "JWT")
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-no-event", .events) {
            try $0.logoutToken(["events": nil], type: "JWT")
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", .events) {
            try $0.logoutToken(["events": ["http://schemas.openid.net/event/wrong": [:]]], type: "JWT")
        },
        BackChannelModule("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", .noNonce) {
            try $0.logoutToken(["nonce": "n-0S6_WzA2Mj"], type: "JWT")
        },
    ]
}

@Suite("A logout token's form, algorithm and signature")
struct LogoutTokenSignatureTests {
    private func code(
        _ compact: String, at provider: PlayedProvider, change: (inout ClientRegistration) -> Void = { _ in }
    ) async throws -> OpenIDError.Code? {
        let client = try await provider.client(provider.transport, change: change)
        return await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(compact) }?.code
    }

    @Test("come out as the conformance suite wants it", arguments: BackChannelModule.all)
    func conformance(_ module: BackChannelModule) async throws {
        let provider = try PlayedProvider(.rs256)
        let compact = try module.token(provider)
        let client = try await provider.client(provider.transport) { $0.idTokenSignedResponseAlg = .rs256 }
        do {
            _ = try await client.verifyLogoutToken(compact)
            #expect(module.rule == nil)
        } catch {
            #expect(error.code == module.rule.map { .logoutToken($0) })
        }
    }

    @Test("are refused where it is no compact JWS", arguments: ["", "a.b", "a.b.c", "a.b.c.d.e", "e30.e30.e30.e30"])
    func form(_ text: String) async throws {
        #expect(try await code(text, at: PlayedProvider()) == .logoutToken(.form))
    }

    @Test("are refused over 64 KiB, before they are read")
    func size() async throws {
        let provider = try PlayedProvider()
        let compact = try provider.logoutToken(["pad": .string(String(repeating: "x", count: 70_000))])
        #expect(try await code(compact, at: provider) == .logoutToken(.form))
    }

    @Test(
        "are of the token's own type, or of none in particular",
        arguments: [nil, "JWT", "jwt", "logout+jwt", "Logout+JWT", "application/logout+jwt"] as [String?])
    func ownType(_ type: String?) async throws {
        let provider = try PlayedProvider()
        _ = try await provider.client(provider.transport).verifyLogoutToken(provider.logoutToken(type: type))
    }

    @Test("are refused as another type of JWT", arguments: ["at+jwt", "application/at+JWT", "xlogout+jwt", "+jwt"])
    func otherType(_ type: String) async throws {
        let provider = try PlayedProvider()
        #expect(try await code(provider.logoutToken(type: type), at: provider) == .logoutToken(.type))
    }

    @Test("are by the provider's key, to the bit")
    func signature() async throws {
        let provider = try PlayedProvider()
        let stranger = try SigningKey.generate(.es256, keyID: "k1")
        #expect(try await code(provider.logoutToken(by: stranger), at: provider) == .logoutToken(.signature))
        let parts = try provider.logoutToken().split(separator: ".")
        let other = try provider.logoutToken(["sub": "user-2"]).split(separator: ".")
        let mixed = [parts[0], other[1], parts[2]].joined(separator: ".")
        #expect(try await code(mixed, at: provider) == .logoutToken(.signature))
    }

    @Test("are a MAC by the client secret only where that is configured")
    func symmetric() async throws {
        let secret = "secret-0123456789-0123456789-0123456789"
        let key = try SigningKey.symmetric(Array(secret.utf8), .hs256)
        let provider = try PlayedProvider()
        let compact = try provider.logoutToken(by: key)
        let client = try await provider.client(provider.transport) {
            $0.clientSecret = ClientSecret(secret)
            $0.idTokenSignedResponseAlg = .hs256
        }
        _ = try await client.verifyLogoutToken(compact)
        #expect(
            try await code(compact, at: provider) { $0.clientSecret = ClientSecret(secret) }
                == .logoutToken(.algorithm))
    }

    @Test("carry claims that are one JSON object", arguments: ["[1]", "{", #"{"iss":"a","iss":"https://op.example"}"#])
    func payload(_ text: String) async throws {
        let provider = try PlayedProvider()
        let compact = try provider.script.signingKey.sign(payload: Array(text.utf8), type: "logout+jwt")
        #expect(try await code(compact, at: provider) == .logoutToken(.claims))
    }

    @Test("are not an ID Token's, nor an ID Token a logout token")
    func notAnIDToken() async throws {
        let provider = try PlayedProvider()
        let idToken = try await provider.login(provider.transport).idToken.compact
        #expect(try await code(idToken, at: provider) == .logoutToken(.tokenID))
        for type in ["JWT", "logout+jwt"] {
            let compact = try provider.logoutToken(type: type)
            provider.change { $0.corrupt = { _ in compact } }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.code == .idToken(type == "JWT" ? .nonce : .type))
        }
    }

    @Test("are verified with a key that the provider has changed to since")
    func rotation() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        _ = try await client.verifyLogoutToken(provider.logoutToken())
        let key = try SigningKey.generate(.es256, keyID: "k2")
        provider.change {
            $0.signingKey = key
            $0.published = [key.publicJWK]
        }
        _ = try await client.verifyLogoutToken(provider.logoutToken())
        #expect(transport.paths.filter { $0 == "/keys" }.count == 2)
    }

    @Test("make keys be fetched from a budget of their own: junk takes nothing from the logins")
    func budget() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        _ = try await client.verifyLogoutToken(provider.logoutToken())
        let junk = try provider.logoutToken(by: SigningKey.generate(.es256, keyID: "junk"))
        for _ in 0..<20 {
            let error = await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(junk) }
            #expect(error?.code == .logoutToken(.signature))
        }
        #expect(transport.paths.filter { $0 == "/keys" }.count == 6)
        let key = try SigningKey.generate(.es256, keyID: "k2")
        provider.change {
            $0.signingKey = key
            $0.published = [key.publicJWK]
        }
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        _ = try await client.finishLogin(with: "?code=c&state=\(pending.state.string)", pending: pending)
    }

    @Test("cannot be told where the keys cannot be had, which is an error of its own")
    func unreachableKeys() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.answers["/keys"] = TransportResponse(status: 500, fields: [], body: []) }
        #expect(try await code(provider.logoutToken(), at: provider) == .status)
    }

    @Test("need not be right for the issuer to be read, to choose who verifies")
    func unverifiedIssuer() throws {
        let provider = try PlayedProvider()
        let stranger = try SigningKey.generate(.es256, keyID: nil)
        #expect(try LogoutToken.unverifiedIssuer(of: provider.logoutToken(by: stranger)) == "https://op.example")
        let pad: JSONValue = .string(String(repeating: "x", count: 70_000))
        for compact in [
            "", "a.b.c", try provider.logoutToken(["iss": 1]), try provider.logoutToken(["pad": pad]),
            try stranger.sign(payload: Array("[1]".utf8)),
        ] {
            #expect(LogoutToken.unverifiedIssuer(of: compact) == nil)
        }
    }
}
