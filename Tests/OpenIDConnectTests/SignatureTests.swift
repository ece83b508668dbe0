import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("An ID Token's form, algorithm and signature")
struct SignatureTests {
    private func code(
        _ provider: PlayedProvider, _ transport: ScriptedTransport,
        change: (inout ClientRegistration) -> Void = { _ in }
    ) async -> OpenIDError.Code? {
        await #expect(throws: OpenIDError.self) { try await provider.login(transport, change: change) }?.code
    }

    @Test("every asymmetric algorithm logs in", arguments: JWSAlgorithm.allCases.filter { !$0.needsAsking })
    func algorithms(_ algorithm: JWSAlgorithm) async throws {
        let provider = try PlayedProvider(algorithm)
        provider.change { $0.metadata["id_token_signing_alg_values_supported"] = [.string(algorithm.rawValue)] }
        let login = try await provider.login(provider.transport)
        #expect(login.userInfo.name == "Ada")
    }

    @Test("ES256K logs in only where it is asked for by name")
    func askedFor() async throws {
        let provider = try PlayedProvider(.es256k)
        provider.change { $0.metadata["id_token_signing_alg_values_supported"] = ["ES256K", "ES256"] }
        #expect(await code(provider, provider.transport) == .idToken(.algorithm))
        _ = try await provider.login(provider.transport) { $0.idTokenSignedResponseAlg = .es256k }
        provider.change { $0.metadata["id_token_signing_alg_values_supported"] = ["ES256K"] }
        #expect(await code(provider, provider.transport) == .unsupported)
    }

    @Test("an answer without an ID Token is refused")
    func missing() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token["id_token"] = .some(nil) }
        #expect(await code(provider, provider.transport) == .idToken(.present))
    }

    @Test("what is no compact JWS is refused", arguments: [".", "a.b", "a.b.c.d", "a.b.c"])
    func form(_ text: String) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token["id_token"] = .string(text) }
        #expect(await code(provider, provider.transport) == .idToken(.form))
    }

    @Test("an ID Token over 64 KiB is refused before it is read")
    func size() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["pad"] = .string(String(repeating: "x", count: 70_000)) }
        #expect(await code(provider, provider.transport) == .idToken(.form))
    }

    @Test("another kind of JWT is refused", arguments: ["logout+jwt", "at+jwt", "application/at+JWT"])
    func type(_ type: String) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.idTokenType = type }
        #expect(await code(provider, provider.transport) == .idToken(.type))
    }

    @Test("a token that names no algorithm, in any spelling, is refused", arguments: ["none", "None", "nOnE"])
    func none(_ name: String) async throws {
        let provider = try PlayedProvider()
        let header = Base64URL.encode(Array(#"{"alg":"\#(name)"}"#.utf8))
        provider.change { script in
            script.corrupt = { compact in
                header + "." + compact.split(separator: ".")[1] + "."
            }
        }
        #expect(await code(provider, provider.transport) == .idToken(.algorithm))
    }

    @Test("a valid signature by another published algorithm is refused where one is pinned")
    func pinned() async throws {
        let provider = try PlayedProvider(.es256)
        #expect(
            await code(provider, provider.transport) { $0.idTokenSignedResponseAlg = .rs256 } == .idToken(.algorithm))
    }

    @Test("where the provider names no algorithm only RS256 is accepted")
    func defaultAlgorithm() async throws {
        let provider = try PlayedProvider(.es256)
        provider.change { $0.metadata["id_token_signing_alg_values_supported"] = nil }
        #expect(await code(provider, provider.transport) == .idToken(.algorithm))
    }

    @Test("a changed signature is refused")
    func signature() async throws {
        let provider = try PlayedProvider()
        let other = try SigningKey.generate(.es256, keyID: "k1")
        provider.change { $0.signingKey = other }
        #expect(await code(provider, provider.transport) == .idToken(.signature))
    }

    @Test("a payload that is no JSON object is refused")
    func payload() async throws {
        let provider = try PlayedProvider()
        let key = provider.script.signingKey
        let compact = try key.sign(payload: Array("[1]".utf8), type: nil)
        provider.change { $0.corrupt = { _ in compact } }
        #expect(await code(provider, provider.transport) == .idToken(.claims))
    }

    @Test("a MAC by the client secret is accepted only where it is configured")
    func symmetric() async throws {
        let secret = "secret-0123456789-0123456789-0123456789"
        let provider = try PlayedProvider()
        let compact = Mutexed("")
        provider.change { $0.corrupt = { _ in compact.value } }
        let transport = provider.transport
        let client = try await provider.client(transport) {
            $0.clientSecret = ClientSecret(secret)
            $0.idTokenSignedResponseAlg = .hs256
        }
        let (_, pending) = client.beginLogin()
        let claims =
            #"{"iss":"https://op.example","sub":"user-1","aud":"client-1","exp":1800000300,"#
            + #""iat":1800000000,"nonce":"\#(pending.nonce.string)"}"#
        compact.value = try macSigned(claims, secret: secret)
        let callback = "?code=code-1&state=\(pending.state.string)"
        let login = try await client.finishLogin(with: callback, pending: pending)
        #expect(login.idToken.subject.string == "user-1")

        let other = try await provider.client(transport) { $0.clientSecret = ClientSecret(secret) }
        let error = await #expect(throws: OpenIDError.self) {
            try await other.finishLogin(with: callback, pending: pending)
        }
        #expect(error?.code == .idToken(.algorithm))
    }
}

/// HS256 by hand: what the provider would make with the client secret.
private func macSigned(_ claims: String, secret: String) throws -> String {
    let key = try SigningKey.symmetric(Array(secret.utf8), .hs256)
    return try key.sign(payload: Array(claims.utf8))
}
