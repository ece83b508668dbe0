import JOSE
import OpenIDConnect
import TestSupport
import Testing

/// Microsoft Entra's metadata for many tenants, in the shape that they have.
private struct EntraShape {
    static let tenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"
    static let other = "82229342-1101-4ab6-817b-70c0747630f3"
    static let template = "https://login.microsoftonline.com/{tenantid}/v2.0"
    static func issuer(_ tenant: String) -> JSONValue { .string("https://login.microsoftonline.com/\(tenant)/v2.0") }

    var metadataURL = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
    var metadataIssuer = Self.template
    var tenants: EntraTenants? = .every
    var keyIssuer: String? = Self.template
    var claims: [String: JSONValue?] = ["iss": Self.issuer(Self.tenant), "tid": .string(Self.tenant)]

    func client() async throws -> (provider: PlayedProvider, client: OpenIDClient) {
        let provider = try PlayedProvider(.rs256)
        let location = try #require(MetadataLocation(metadataURL: metadataURL))
        let metadata: JSONObject = [
            "issuer": .string(metadataIssuer), "token_endpoint": "https://login.microsoftonline.com/token",
            "authorization_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "jwks_uri": "https://login.microsoftonline.com/keys", "response_types_supported": ["code"],
            "userinfo_endpoint": "https://graph.microsoft.com/userinfo",
            "id_token_signing_alg_values_supported": ["RS256"],
        ]
        provider.change { script in
            script.answers[location.url.path] = .json(JSONValue.object(metadata).text)
            var key = script.published[0].publicMembers
            if let keyIssuer { key["issuer"] = .string(keyIssuer) }
            script.answers["/keys"] = .json(JSONValue.object(["keys": [.object(key)]]).text)
            script.claims = claims
        }
        var registration = try PlayedProvider.registration()
        registration.tenants = tenants
        let client = try await OpenIDClient(
            discovering: location, registration: registration, transport: provider.transport,
            now: { PlayedProvider.now })
        return (provider, client)
    }

    func login() async throws -> (client: OpenIDClient, login: Login) {
        let (provider, client) = try await client()
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        let answer = "?code=code-1&state=\(pending.state.string)"
        return (client, try await client.finishLogin(with: answer, pending: pending))
    }

    /// What becomes of a logout token with the shape's claims.
    func logout() async throws(OpenIDError) -> LogoutToken {
        let (client, token): (OpenIDClient, String)
        do {
            let (provider, made) = try await self.client()
            (client, token) = (made, try provider.logoutToken(claims))
        } catch {
            throw OpenIDError(.registration, expected: "a client", actual: "\(error)", remedy: "")
        }
        return try await client.verifyLogoutToken(token)
    }

    func refusal() async -> OpenIDError? {
        do {
            _ = try await login()
            return nil
        } catch {
            return error as? OpenIDError
        }
    }
}

@Suite("Issuers of Microsoft Entra's tenants")
struct EntraIssuerTests {
    @Test("each user's issuer is the one of their tenant")
    func realIssuer() async throws {
        let (client, login) = try await EntraShape().login()
        #expect(login.idToken.issuer.string == "https://login.microsoftonline.com/\(EntraShape.tenant)/v2.0")
        #expect(client.metadata.entraIssuers != nil)
        #expect(login.idToken.outcomes.map(\.rule) == IDTokenRule.allCases)
    }

    @Test("the address for organisations is one of them, and keys need not name an issuer")
    func organizations() async throws {
        var shape = EntraShape()
        shape.metadataURL = "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration"
        shape.keyIssuer = nil
        _ = try await shape.login()
    }

    @Test("a key of one tenant signs for that one")
    func keyOfTenant() async throws {
        var shape = EntraShape()
        shape.keyIssuer = EntraShape.issuer(EntraShape.tenant).string
        _ = try await shape.login()
        shape.keyIssuer = EntraShape.issuer(EntraShape.other).string
        #expect(await shape.refusal()?.code == .idToken(.issuer))
        shape.keyIssuer = "https://login.partner.microsoftonline.cn/{tenantid}/v2.0"
        #expect(await shape.refusal()?.code == .idToken(.issuer))
    }

    @Test(
        "another tenant's iss than tid says, or a tid that is no GUID, is refused",
        arguments: [
            ["iss": EntraShape.issuer(EntraShape.other)], ["tid": .string(EntraShape.other)], ["tid": nil],
            ["tid": 1], ["tid": ""], ["iss": EntraShape.issuer("{tenantid}"), "tid": "{tenantid}"],
            ["iss": EntraShape.issuer("common"), "tid": "common"],
            [
                "iss": EntraShape.issuer("8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490"),
                "tid": "8EAEF023-2B34-4DA1-9BAA-8BC8C9D6A490",
            ],
            ["iss": EntraShape.issuer("../evil"), "tid": "../evil"],
            ["iss": EntraShape.issuer("8eaef0232b344da19baa8bc8c9d6a490"), "tid": "8eaef0232b344da19baa8bc8c9d6a490"],
            [
                "iss": EntraShape.issuer("8eaef023-2b34-4da1-9baa-8bc8c9d6a490\n"),
                "tid": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490\n",
            ],
            [
                "iss": EntraShape.issuer("８eaef02-2b34-4da1-9baa-8bc8c9d6a490"),
                "tid": "８eaef02-2b34-4da1-9baa-8bc8c9d6a490",
            ],
            ["iss": "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0/"],
            ["iss": "https://sts.windows.net/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/"],
            ["iss": .string(EntraShape.template)],
        ] as [[String: JSONValue?]])
    func mismatch(_ claims: [String: JSONValue?]) async {
        var shape = EntraShape()
        for (name, value) in claims { shape.claims[name] = .some(value) }
        #expect(await shape.refusal()?.code == .idToken(.issuer))
        // The same where no key says whose it is, so that only the template judges.
        shape.keyIssuer = nil
        #expect(await shape.refusal()?.code == .idToken(.issuer))
    }

    @Test("only the tenants that are named may come")
    func allowed() async throws {
        var shape = EntraShape()
        shape.tenants = .only([try #require(TenantID(EntraShape.tenant))])
        _ = try await shape.login()
        shape.tenants = .only([try #require(TenantID(EntraShape.other))])
        let refusal = await shape.refusal()
        #expect(refusal?.code == .idToken(.requiredClaims))
        #expect(refusal?.expected == "tid: \(EntraShape.other)")
        #expect(refusal?.actual == "tid: \(EntraShape.tenant)")
    }

    @Test("a template is none without a word on whose users may come")
    func unasked() async {
        var shape = EntraShape()
        shape.tenants = nil
        #expect(await shape.refusal()?.code == .metadataIssuer)
    }

    @Test(
        "a template is none anywhere else",
        arguments: [
            ("https://login.example.org/common/v2.0", "https://login.example.org/{tenantid}/v2.0"),
            ("https://login.microsoftonline.com.example.org/common/v2.0", EntraShape.template),
            ("https://login.example.org/common/v2.0", EntraShape.template),
            ("https://login.microsoftonline.com:8443/common/v2.0", EntraShape.template),
            ("https://login.microsoftonline.com/common", EntraShape.template),
            ("https://login.microsoftonline.com/\(EntraShape.tenant)/v2.0", EntraShape.template),
            ("https://login.microsoftonline.com/common/v2.0", "https://login.microsoftonline.us/{tenantid}/v2.0"),
            ("https://login.microsoftonline.com/common/v2.0", "https://sts.windows.net/{tenantid}/"),
            ("https://login.microsoftonline.com/common/v2.0", "https://login.microsoftonline.com/{TenantID}/v2.0"),
        ])
    func elsewhere(_ place: String, _ issuer: String) async {
        var shape = EntraShape()
        shape.metadataURL = place + "/.well-known/openid-configuration"
        shape.metadataIssuer = issuer
        #expect(await shape.refusal()?.code == .metadataIssuer)
    }

    @Test("an issuer is told from others by its tenant")
    func contains() throws {
        let location = try #require(MetadataLocation(metadataURL: EntraShape().metadataURL))
        let every = try #require(EntraIssuers(location, .every))
        let issuer = try #require(EntraShape.issuer(EntraShape.tenant).string)
        #expect(every.contains(issuer))
        for other in [
            issuer + "/", EntraShape.template, "https://login.microsoftonline.us/\(EntraShape.tenant)/v2.0", "",
        ] {
            #expect(!every.contains(other))
        }
        let other = try #require(TenantID(EntraShape.other))
        let one = try #require(EntraIssuers(location, .only([other])))
        #expect(!one.contains(issuer))
    }

    @Test("a logout token's issuer is the one of its tenant")
    func logoutToken() async throws {
        let token = try await EntraShape().logout()
        #expect(token.issuer.string == EntraShape.issuer(EntraShape.tenant).string)
        #expect(token.outcomes.map(\.code) == LogoutTokenRule.allCases.map { .logoutToken($0) })
        var shape = EntraShape()
        shape.tenants = .only([try #require(TenantID(EntraShape.tenant))])
        #expect(try await shape.logout().issuer == token.issuer)
    }

    @Test(
        "a logout token of no tenant, or of another one than it says, is refused",
        arguments: [
            ["iss": EntraShape.issuer(EntraShape.other)], ["tid": .string(EntraShape.other)], ["tid": nil], ["tid": 1],
            ["iss": EntraShape.issuer("{tenantid}"), "tid": "{tenantid}"], ["iss": .string(EntraShape.template)],
            ["iss": "https://login.microsoftonline.com/common/v2.0", "tid": nil], ["iss": nil],
        ] as [[String: JSONValue?]])
    func foreignLogoutToken(_ claims: [String: JSONValue?]) async {
        var shape = EntraShape()
        for (name, value) in claims { shape.claims[name] = .some(value) }
        for keyIssuer in [shape.keyIssuer, nil] {
            shape.keyIssuer = keyIssuer
            let error = await #expect(throws: OpenIDError.self) { try await shape.logout() }
            #expect(error?.code == .logoutToken(.issuer))
        }
    }

    @Test("a logout token of a tenant whose users may not log in, or by another tenant's key, is refused")
    func logoutTokenOfOthers() async throws {
        var shape = EntraShape()
        shape.tenants = .only([try #require(TenantID(EntraShape.other))])
        let error = await #expect(throws: OpenIDError.self) { try await shape.logout() }
        #expect(error?.code == .logoutToken(.issuer) && error?.expected == "tid: \(EntraShape.other)")
        shape.tenants = .every
        shape.keyIssuer = EntraShape.issuer(EntraShape.other).string
        #expect(await #expect(throws: OpenIDError.self) { try await shape.logout() }?.code == .logoutToken(.issuer))
    }

    @Test("more groups than a token holds are told and not fetched")
    func overage() async throws {
        var shape = EntraShape()
        shape.claims["_claim_names"] = .some(["groups": "src1"])
        shape.claims["_claim_sources"] = .some(["src1": ["endpoint": "https://graph.windows.net/x"]])
        #expect(try await shape.login().login.userInfo.hasGroupsOverage)
        shape.claims["groups"] = .some(["a"])
        #expect(try await !shape.login().login.userInfo.hasGroupsOverage)
        #expect(try await !EntraShape().login().login.userInfo.hasGroupsOverage)
    }
}
