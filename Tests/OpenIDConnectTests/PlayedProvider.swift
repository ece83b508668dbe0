import FoundationEssentials
import JOSE
import OpenIDConnect
import Synchronization
import TestSupport
import Testing

/// A provider that a test plays: right in everything until the test says otherwise.
final class PlayedProvider: Sendable {
    struct Script: Sendable {
        var metadata: JSONObject = [
            "issuer": "https://op.example", "authorization_endpoint": "https://op.example/authorize",
            "token_endpoint": "https://op.example/token", "jwks_uri": "https://op.example/keys",
            "userinfo_endpoint": "https://op.example/userinfo", "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        ]
        var signingKey: SigningKey
        var published: [JWK]
        /// Changes to the claims of the ID Token: `nil` takes one out.
        var claims: [String: JSONValue?] = [:]
        /// Changes to the token answer: `nil` takes one out.
        var token: [String: JSONValue?] = [:]
        var tokenStatus = 200
        var idTokenType: String? = "JWT"
        var userInfo: JSONObject = ["sub": "user-1", "name": "Ada", "email": "ada@example.test"]
        var userInfoStatus = 200
        /// Replaces the whole answer at a path.
        var answers: [String: TransportResponse] = [:]
        /// Changes the compact ID Token.
        var corrupt: (@Sendable (String) -> String)?
    }

    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private let state: Mutex<Script>
    private let nonce = Mutex("")

    init(_ algorithm: JWSAlgorithm = .es256) throws {
        let key = try SigningKey.generate(algorithm, keyID: "k1")
        state = Mutex(Script(signingKey: key, published: [key.publicJWK]))
    }

    func change(_ change: (inout Script) -> Void) { state.withLock { change(&$0) } }

    var script: Script { state.withLock { $0 } }

    /// The nonce that ID Tokens carry from now on.
    func expect(_ pending: PendingLogin) { nonce.withLock { $0 = pending.nonce.string } }

    var transport: ScriptedTransport { ScriptedTransport { [self] in try answer($0) } }

    private func answer(_ request: TransportRequest) throws -> TransportResponse {
        let script = script
        if let fixed = script.answers[request.url.path] { return fixed }
        switch request.url.path {
        case "/.well-known/openid-configuration": return .json(JSONValue.object(script.metadata).text)
        case "/keys": return .json(JSONValue.object(JWKSet(keys: script.published).json).text)
        case "/token": return .json(JSONValue.object(try tokens(script)).text, status: script.tokenStatus)
        case "/userinfo": return .json(JSONValue.object(script.userInfo).text, status: script.userInfoStatus)
        default: return TransportResponse(status: 404, fields: [], body: [])
        }
    }

    private func tokens(_ script: Script) throws -> JSONObject {
        let now = Int64(Self.now.timeIntervalSince1970)
        var claims: JSONObject = [
            "iss": "https://op.example", "sub": "user-1", "aud": "client-1", "exp": .number(JSONNumber(now + 300)),
            "iat": .number(JSONNumber(now)), "nonce": .string(nonce.withLock { $0 }),
        ]
        for (name, value) in script.claims { claims[name] = value }
        let payload = JSONValue.object(claims).serialized()
        let compact = try script.signingKey.sign(payload: payload, type: script.idTokenType)
        var answer: JSONObject = [
            "access_token": "access-1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "refresh-1",
            "id_token": .string(script.corrupt?(compact) ?? compact),
        ]
        for (name, value) in script.token { answer[name] = value }
        return answer
    }

    static func registration() throws -> ClientRegistration {
        let id = try #require(ClientID("client-1"))
        let redirect = try #require(RedirectURI("https://rp.example/login/authorize"))
        return ClientRegistration(clientID: id, clientSecret: ClientSecret("secret-1"), redirectURI: redirect)
    }

    /// A client at this provider.
    func client(
        _ transport: ScriptedTransport, change: (inout ClientRegistration) -> Void = { _ in },
        now: @escaping @Sendable () -> Date = { PlayedProvider.now }
    ) async throws -> OpenIDClient {
        var registration = try Self.registration()
        change(&registration)
        let location = try #require(Issuer("https://op.example").flatMap { MetadataLocation(of: $0) })
        return try await OpenIDClient(discovering: location, registration: registration, transport: transport, now: now)
    }

    /// A whole login, from the request to the end.
    func login(
        _ transport: ScriptedTransport, options: AuthorizationOptions = AuthorizationOptions(),
        change: (inout ClientRegistration) -> Void = { _ in }
    ) async throws -> Login {
        let client = try await client(transport, change: change)
        let (_, pending) = client.beginLogin(options: options)
        expect(pending)
        return try await client.finishLogin(with: "?code=code-1&state=\(pending.state.string)", pending: pending)
    }
}
