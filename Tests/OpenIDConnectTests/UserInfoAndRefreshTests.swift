import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("User info")
struct UserInfoTests {
    private func code(_ change: (inout PlayedProvider.Script) -> Void) async throws -> OpenIDError.Code? {
        let provider = try PlayedProvider()
        provider.change(change)
        return await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }?.code
    }

    @Test("is asked for with the access token in the header and put over the claims of the ID Token")
    func merged() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.claims["name"] = "Old"
            $0.claims["locale"] = "de"
        }
        let transport = provider.transport
        let login = try await provider.login(transport)
        #expect(login.userInfo.name == "Ada")
        #expect(login.userInfo.locale == "de")
        #expect(login.userInfo.claims["nonce"] == nil)
        let request = try #require(transport.requests.last)
        #expect(request.fields.contains { $0.name == "Authorization" && $0.value == "Bearer access-1" })
        #expect(request.url.string == "https://op.example/userinfo")
    }

    @Test("about somebody else is refused", arguments: ["user-2", nil, 1, "user-1 "] as [JSONValue?])
    func subject(_ value: JSONValue?) async throws {
        #expect(try await code { $0.userInfo["sub"] = value } == .userInfoSubject)
    }

    @Test("that is no JSON object is refused", arguments: ["", "[]", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"])
    func form(_ text: String) async throws {
        #expect(try await code { $0.answers["/userinfo"] = .json(text) } == .userInfoResponse)
    }

    @Test("that is refused is an error", arguments: [401, 403, 500])
    func status(_ status: Int) async throws {
        #expect(try await code { $0.userInfoStatus = status } == .userInfoRefused)
    }

    @Test("is not asked for where it was switched off, or where there is no endpoint")
    func off() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let login = try await provider.login(transport) { $0.usesUserInfo = false }
        #expect(!transport.paths.contains("/userinfo"))
        #expect(login.userInfo.subject.string == "user-1")
        provider.change { $0.metadata["userinfo_endpoint"] = nil }
        _ = try await provider.login(transport)
        #expect(!transport.paths.contains("/userinfo"))
    }

    @Test("reads the usual claims, and odd forms of them")
    func claims() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.userInfo = ["sub": "user-1", "email_verified": "true", "roles": "admin", "given_name": 5]
        }
        let info = try await provider.login(provider.transport).userInfo
        #expect(info.emailVerified == true)
        #expect(info.roles == ["admin"])
        #expect(info.givenName == nil)
    }
}

@Suite("A refresh")
struct RefreshTests {
    /// Logs in, changes the provider, refreshes.
    private func refreshed(_ change: (inout PlayedProvider.Script) -> Void) async throws -> Refreshed {
        let provider = try PlayedProvider()
        provider.change { $0.claims["auth_time"] = 1_799_999_000 }
        let transport = provider.transport
        let login = try await provider.login(transport)
        provider.change(change)
        let token = try #require(login.tokens.refreshToken)
        let kept = try #require(OriginalLogin(json: login.idToken.original.json))
        #expect(kept == login.idToken.original)
        let refreshed = try await provider.client(transport).refresh(token, of: kept)
        let body = transport.requests.last { $0.url.path == "/token" }.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(body == "grant_type=refresh_token&refresh_token=refresh-1")
        return refreshed
    }

    @Test("brings new tokens and a verified ID Token, with or without the login's nonce")
    func good() async throws {
        let refreshed = try await refreshed {
            $0.token["access_token"] = "access-2"
            $0.token["refresh_token"] = "refresh-2"
        }
        #expect(refreshed.tokens.accessToken.secretString == "access-2")
        #expect(refreshed.tokens.refreshToken?.secretString == "refresh-2")
        #expect(refreshed.idToken?.subject.string == "user-1")
        #expect(try await self.refreshed { $0.claims["nonce"] = .some(nil) }.idToken != nil)
    }

    @Test("keeps the refresh token where no new one came, and needs no ID Token")
    func sparse() async throws {
        let refreshed = try await refreshed {
            $0.token["refresh_token"] = .some(nil)
            $0.token["id_token"] = .some(nil)
        }
        #expect(refreshed.tokens.refreshToken?.secretString == "refresh-1")
        #expect(refreshed.idToken == nil)
    }

    @Test(
        "whose ID Token is another login's is refused",
        arguments: [
            ("sub", "user-2", .continuity), ("azp", "client-1", .continuity), ("auth_time", 1_799_999_001, .continuity),
            ("iss", "https://evil.example", .issuer), ("aud", "client-2", .audience), ("nonce", "another", .nonce),
            ("exp", 1, .expiry), ("iat", 1, .issuedAt),
        ] as [(String, JSONValue, IDTokenRule)])
    func foreign(_ name: String, _ value: JSONValue, _ rule: IDTokenRule) async throws {
        let error = await #expect(throws: OpenIDError.self) { try await refreshed { $0.claims[name] = value } }
        #expect(error?.code == .idToken(rule))
    }

    @Test("whose ID Token is not signed by the provider is refused")
    func signature() async throws {
        let key = try SigningKey.generate(.es256, keyID: "k1")
        let error = await #expect(throws: OpenIDError.self) { try await refreshed { $0.signingKey = key } }
        #expect(error?.code == .idToken(.signature))
    }

    @Test("that the provider refuses says that the login is over")
    func refused() async throws {
        let error = await #expect(throws: OpenIDError.self) {
            try await refreshed { $0.answers["/token"] = .json(#"{"error":"invalid_grant"}"#, status: 400) }
        }
        #expect(error?.code == .tokenRequestRefused(.invalidGrant))
    }
}
