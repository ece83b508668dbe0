import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@testable import NotesAPI

@Suite("The example of an API")
struct NotesAPITests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let key: SigningKey
    private let isDown = Mutexed(false)
    private let transport: ScriptedTransport
    private let refusals = Mutexed<[String]>([])
    private let router: Router

    init() throws {
        let key = try SigningKey.generate(.es256, keyID: "k1")
        self.key = key
        let metadata = #"""
            {"issuer":"https://idp.example","authorization_endpoint":"https://idp.example/a",
            "token_endpoint":"https://idp.example/t","jwks_uri":"https://idp.example/keys"}
            """#
        let keys = JSONValue.object(JWKSet(keys: [key.publicJWK]).json).text
        let isDown = isDown
        transport = ScriptedTransport { request in
            if isDown.value { throw TransportError(.unreachable, origin: "https://idp.example", detail: "down") }
            return .json(request.url.path == "/keys" ? keys : metadata)
        }
        let refusals = refusals
        let api = try BearerAPI(
            issuer: "https://idp.example", audience: "https://notes.example", transport: transport,
            now: { Self.now }, report: { error in refusals.change { $0.append(error.code.name) } })
        router = NotesAPI.routes(api)
    }

    private func token(_ scope: String = "notes:read", audience: String = "https://notes.example") throws -> String {
        let now = Int64(Self.now.timeIntervalSince1970)
        let claims: JSONObject = [
            "iss": "https://idp.example", "sub": "ada", "aud": .string(audience), "client_id": "app", "jti": "1",
            "exp": .number(JSONNumber(now + 60)), "iat": .number(JSONNumber(now)), "scope": .string(scope),
        ]
        return try key.sign(payload: JSONValue.object(claims).serialized(), type: "at+jwt")
    }

    private func ask(
        _ authorization: String?, _ method: HTTPMethod = .get
    ) async throws -> (status: Int, text: String, challenge: String?, cache: String?) {
        var fields = HTTPFields()
        if let authorization { fields.append(.authorization, authorization) }
        let request = HTTPRequest(method: method, target: "/notes", fields: fields, body: Array("hello".utf8))
        let response = await router.respond(to: try #require(request))
        return (
            response.status, String(decoding: response.body, as: UTF8.self), response.fields[.wwwAuthenticate],
            response.fields[.cacheControl]
        )
    }

    @Test("answers a good token, and nothing that it says is kept by a cache")
    func good() async throws {
        let answer = try await ask("Bearer " + token())
        #expect(answer.status == 200 && answer.text == "The notes of ada.\n" && answer.cache == "no-store")
        let written = try await ask("Bearer " + (token("notes:write notes:read")), .post)
        #expect(written.text == "5 bytes noted for ada, by app.\n")
        // Metadata and keys are fetched once.
        #expect(transport.paths == ["/.well-known/openid-configuration", "/keys"])
    }

    @Test("asks for a token where there is none, without asking the provider")
    func none() async throws {
        for value in [nil, "Basic YTpi"] {
            let answer = try await ask(value)
            #expect(answer.status == 401 && answer.challenge == "Bearer" && answer.cache == "no-store")
        }
        #expect(transport.requests.isEmpty)
    }

    @Test("tells a malformed request, a token for somebody else, one that is too long, and a lacking scope apart")
    func refused() async throws {
        #expect(try await ask("Bearer a b").status == 400)
        let foreign = try await ask("Bearer " + (token(audience: "https://other.example")))
        #expect(foreign.status == 401)
        #expect(
            foreign.challenge == #"Bearer error="invalid_token", error_description="accessToken.audience""#)
        #expect(refusals.value == ["accessToken.audience"])
        let long = try await ask("Bearer " + String(repeating: "a", count: 70_000))
        #expect(long.challenge == #"Bearer error="invalid_token""#)
        let lacking = try await ask("Bearer " + (token("notes:write")), .post)
        #expect(lacking.status == 403)
        #expect(lacking.challenge == #"Bearer error="insufficient_scope", scope="notes:read notes:write""#)
        #expect(try await ask("Bearer " + (token("notes:reads"))).status == 403)
    }

    @Test("says that it cannot tell while the provider is down, and can when it is up again")
    func outage() async throws {
        isDown.value = true
        let answer = try await ask("Bearer " + token())
        #expect(answer.status == 503 && answer.challenge == nil)
        #expect(refusals.value == ["transport.unreachable"])
        isDown.value = false
        #expect(try await ask("Bearer " + token()).status == 200)
    }

    @Test(
        "is not made without an issuer or an audience",
        arguments: [("http://idp.example", "a"), ("https://idp.example", "")])
    func malformed(_ issuer: String, _ audience: String) {
        #expect(throws: OpenIDError(.registration, expected: "", actual: "", remedy: "")) {
            try BearerAPI(issuer: issuer, audience: audience, transport: transport)
        }
    }
}
