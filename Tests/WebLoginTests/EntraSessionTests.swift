import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

/// An application for several tenants of Microsoft Entra, which this test plays.
private final class EntraWorld: Sendable {
    static let tenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"
    static let issuer = "https://login.microsoftonline.com/\(tenant)/v2.0"
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    let sessions = MemorySessionStore(now: { EntraWorld.now })
    private let nonce = Mutexed("")
    private let cookies = Mutexed<[String: String]>([:])
    private let key: SigningKey

    init() throws { key = try SigningKey.generate(.rs256, keyID: "k1") }

    func login(_ tenants: EntraTenants, roles: RoleMapping? = nil) throws -> WebLogin {
        let login = try WebLogin(
            publicURL: "https://app.example", secretKeys: try SecretKeys(["0123456789abcdef0123456789abcdef"]),
            sessions: sessions, transport: ScriptedTransport { [self] in try answer($0) }, now: { Self.now })
        try login.register(
            "entra", clientID: "app", clientSecret: "canary-client-secret",
            serverMetadataURL: "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration"
        ) {
            $0.client.tenants = tenants
            $0.roles = roles
        }
        return login
    }

    private func answer(_ request: TransportRequest) throws -> TransportResponse {
        let base = "https://login.microsoftonline.com"
        switch request.url.path {
        case "/keys":
            var published = key.publicJWK.publicMembers
            published["issuer"] = .string(base + "/{tenantid}/v2.0")
            return .json(JSONValue.object(["keys": [.object(published)]]).text)
        case "/token":
            let seconds = Int64(Self.now.timeIntervalSince1970)
            let claims: JSONObject = [
                "iss": .string(Self.issuer), "tid": .string(Self.tenant), "sub": "user-1", "aud": "app", "sid": "s-1",
                "exp": .number(JSONNumber(seconds + 300)), "iat": .number(JSONNumber(seconds)),
                "nonce": .string(nonce.value), "_claim_names": ["groups": "src1"],
                "roles": ["admin"],
            ]
            let token = try key.sign(payload: JSONValue.object(claims).serialized(), type: "JWT")
            return .json(#"{"access_token":"a","token_type":"Bearer","id_token":"\#(token)"}"#)
        default:
            return .json(
                """
                {"issuer":"\(base)/{tenantid}/v2.0","authorization_endpoint":"\(base)/authorize",
                "token_endpoint":"\(base)/token","jwks_uri":"\(base)/keys","response_types_supported":["code"],
                "token_endpoint_auth_methods_supported":["client_secret_post"]}
                """)
        }
    }

    /// A request of the browser's, and its answer's cookies.
    func send(_ path: String, _ login: WebLogin) async throws -> HTTPResponse {
        var router = Router()
        login.mount(on: &router)
        let response = await router.respond(to: try request(path))
        for line in response.fields.values(.setCookie) {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies.change { $0[pair[0]] = pair.count > 1 ? pair[1] : nil }
        }
        return response
    }

    func request(_ path: String) throws -> HTTPRequest {
        var fields = HTTPFields()
        fields.append(.secFetchMode, "navigate")
        fields.append(.secFetchDest, "document")
        fields.append(.cookie, cookies.value.map { "\($0)=\($1)" }.joined(separator: "; "))
        return try #require(HTTPRequest(method: .get, target: path, fields: fields))
    }

    /// A logout token for the user of the tenant, sent by the back channel.
    func logOut(_ login: WebLogin, _ changes: JSONObject = [:]) async throws -> HTTPResponse {
        let seconds = Int64(Self.now.timeIntervalSince1970)
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "tid": .string(Self.tenant), "sub": "user-1", "aud": "app",
            "exp": .number(JSONNumber(seconds + 120)), "iat": .number(JSONNumber(seconds)),
            "jti": .string("token-\(changes.text)"),
            "events": ["http://schemas.openid.net/event/backchannel-logout": [:]],
        ]
        for (name, value) in changes.members { claims[name] = value }
        let token = try key.sign(payload: JSONValue.object(claims).serialized(), type: "logout+jwt")
        var fields = HTTPFields()
        fields.append(.contentType, "application/x-www-form-urlencoded")
        var router = Router()
        login.mount(on: &router)
        let request = HTTPRequest(
            method: .post, target: "/external-logout", fields: fields, body: Array("logout_token=\(token)".utf8))
        return await router.respond(to: try #require(request))
    }

    func logIn(_ login: WebLogin) async throws -> HTTPResponse {
        let url = try #require(try await send("/login", login).fields[.location])
        let sent = try FormParameters(parsing: url[url.index(after: try #require(url.firstIndex(of: "?")))...])
        nonce.value = try #require(sent["nonce"])
        return try await send("/login/authorize?code=c&state=" + (try #require(sent["state"])), login)
    }
}

@Suite("A session at one of Entra's tenants")
struct EntraSessionTests {
    @Test("has the tenant's own issuer, and is found again")
    func issuer() async throws {
        let world = try EntraWorld()
        let login = try world.login(.every)
        #expect(try await world.logIn(login).status == 303)
        let session = try #require(try await login.session(of: try world.request("/")))
        #expect(session.issuer.string == EntraWorld.issuer)
        #expect(session.hasGroupsOverage)
    }

    @Test("has the roles that its tenant gives only where the tenant is named, or the claims are")
    func roles() async throws {
        let tenant = try #require(TenantID(EntraWorld.tenant))
        for (tenants, mapping, roles) in [
            (.every, nil, []), (.only([tenant]), nil, ["admin"]), (.every, .usual, ["admin"]),
        ] as [(EntraTenants, RoleMapping?, Set<String>)] {
            let world = try EntraWorld()
            let login = try world.login(tenants, roles: mapping)
            #expect(try await world.logIn(login).status == 303)
            #expect(try await login.session(of: try world.request("/"))?.roles == roles)
        }
    }

    @Test("is worth nothing once the tenant may not come any more")
    func tenantTakenOut() async throws {
        let world = try EntraWorld()
        #expect(try await world.logIn(try world.login(.every)).status == 303)
        let other = try #require(TenantID("82229342-1101-4ab6-817b-70c0747630f3"))
        let login = try world.login(.only([other]))
        #expect(try await login.session(of: try world.request("/")) == nil)
        #expect(try await world.logIn(login).status == 400)
    }

    @Test(
        "ends by the back channel, by the tenant's issuer and the user or the session",
        arguments: [[:], ["sid": "s-1"]] as [JSONObject])
    func backChannel(_ claims: JSONObject) async throws {
        let world = try EntraWorld()
        let login = try world.login(.every)
        _ = try await world.logIn(login)
        #expect(try await login.session(of: try world.request("/")) != nil)
        #expect(try await world.logOut(login, claims).status == 200)
        #expect(try await login.session(of: try world.request("/")) == nil)
    }

    @Test(
        "is not ended, and the provider is told so, by a logout token of another tenant or of none",
        arguments: [
            ["tid": "82229342-1101-4ab6-817b-70c0747630f3"], ["tid": .null],
            ["iss": "https://login.microsoftonline.com/82229342-1101-4ab6-817b-70c0747630f3/v2.0"],
            ["iss": "https://login.microsoftonline.com/{tenantid}/v2.0"],
            ["iss": "https://login.microsoftonline.com/organizations/v2.0"],
        ] as [JSONObject])
    func foreignBackChannel(_ claims: JSONObject) async throws {
        let world = try EntraWorld()
        let login = try world.login(.every)
        _ = try await world.logIn(login)
        #expect(try await world.logOut(login, claims).status == 400)
        #expect(try await login.session(of: try world.request("/")) != nil)
    }

    @Test("ends by the front channel, by the tenant's issuer and the session's identifier")
    func frontChannel() async throws {
        let world = try EntraWorld()
        let login = try world.login(.every)
        _ = try await world.logIn(login)
        let address = "/external-logout?sid=s-1&iss="
        let foreign = "https://login.microsoftonline.us/\(EntraWorld.tenant)/v2.0"
        #expect(try await world.send(address + FormEncoding.encode(foreign), login).status == 400)
        #expect(try await world.send(address + FormEncoding.encode(EntraWorld.issuer), login).status == 200)
        #expect(try await login.session(of: try world.request("/")) == nil)
    }
}
