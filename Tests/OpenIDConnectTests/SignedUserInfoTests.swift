import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("UserInfo as a signed JWT (OIDC Core §5.3.2)")
struct SignedUserInfoTests {
    private static let claims: JSONObject = [
        "sub": "user-1", "iss": "https://op.example", "aud": "client-1", "name": "Signed Ada",
    ]

    /// A login where UserInfo answers with these claims, signed by the provider unless another key is given.
    private func login(
        _ claims: JSONObject = claims, by key: SigningKey? = nil, type: String = "application/jwt; charset=utf-8",
        change: (inout ClientRegistration) -> Void = { _ in }, corrupt: (String) -> String = { $0 }
    ) async throws -> Login {
        let provider = try PlayedProvider()
        let key = key ?? provider.script.signingKey
        let token = corrupt(try key.sign(payload: JSONValue.object(claims).serialized()))
        let answer = TransportResponse(
            status: 200, fields: [(name: "Content-Type", value: type)], body: Array(token.utf8))
        provider.change { $0.answers["/userinfo"] = answer }
        return try await provider.login(provider.transport, change: change)
    }

    private func code(_ login: () async throws -> Login) async throws -> OpenIDError.Code? {
        do {
            _ = try await login()
            return nil
        } catch let error as OpenIDError {
            return error.code
        }
    }

    @Test("is verified with the provider's keys and read")
    func accepted() async throws {
        #expect(try await login().userInfo.name == "Signed Ada")
        #expect(try await login(["sub": "user-1", "aud": ["x", "client-1"]]).userInfo.subject.string == "user-1")
    }

    @Test("is refused where it is another's, or for another client, or changed on its way")
    func refused() async throws {
        let stranger = try SigningKey.generate(.es256, keyID: "k1")
        #expect(try await code { try await login(by: stranger) } == .userInfoSignature)
        for (name, value) in [("iss", "https://evil.example"), ("aud", "client-2"), ("iss", 1), ("aud", [])]
            as [(String, JSONValue)]
        {
            var claims = Self.claims
            claims[name] = value
            #expect(try await code { try await login(claims) } == .userInfoSignature, "\(name)")
        }
        #expect(try await code { try await login(corrupt: { String($0.dropLast(4)) }) } == .userInfoSignature)
        #expect(try await code { try await login(corrupt: { _ in "eyJhbGciOiJub25lIn0.e30." }) } == .userInfoSignature)
        #expect(try await code { try await login(corrupt: { _ in "{}" }) } == .userInfoSignature)
        #expect(try await code { try await login(["sub": "user-2"]) } == .userInfoSubject)
        #expect(try await code { try await login([:]) } == .userInfoSubject)
    }

    @Test("is taken for one only by its media type")
    func mediaType() async throws {
        #expect(try await code { try await login(type: "application/json") } == .userInfoResponse)
    }

    @Test("is demanded where its algorithm is configured, and with that one only")
    func demanded() async throws {
        let provider = try PlayedProvider()
        #expect(
            try await code {
                try await provider.login(provider.transport) { $0.userInfoSignedResponseAlg = .es256 }
            } == .userInfoSignature)
        let algorithm = provider.script.signingKey.algorithm
        _ = try await login { $0.userInfoSignedResponseAlg = algorithm }
        #expect(
            try await code { try await login { $0.userInfoSignedResponseAlg = .ps512 } } == .userInfoSignature)
    }

    @Test("or plain, is asked for with the access token in a form where that is configured, and then not in the header")
    func formBody() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        _ = try await provider.login(transport) { $0.userInfoTokenPlacement = .formBody }
        let request = try #require(transport.requests.last)
        #expect(request.method == .post)
        #expect(String(decoding: request.body, as: UTF8.self) == "access_token=access-1")
        #expect(!request.fields.contains { $0.name == "Authorization" })
    }
}
