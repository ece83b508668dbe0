import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import WebLogin

/// The values that a login is made of, the same in every run. Those that are secret are canaries: no message says them.
enum Known {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let issuer = "https://op.example"
    static let application = "https://rp.example"
    static let clientID = "client-1"
    static let clientSecret = "canary-client-secret-of-more-than-64-bytes-as-HS512-wants-its-keys"
    static let code = "canary-code"
    static let state = String(repeating: "s", count: 43)
    static let nonce = String(repeating: "o", count: 43)
    static let verifier = String(repeating: "w", count: 43)
    static let subject = "user-1"
    static let accessToken = "access-1"

    static let secrets = [clientSecret, code, verifier]

    /// What the provider says of itself.
    static let metadata: JSONObject = [
        "issuer": .string(issuer), "authorization_endpoint": "https://op.example/authorize",
        "token_endpoint": "https://op.example/token", "jwks_uri": "https://op.example/keys",
        "userinfo_endpoint": "https://op.example/userinfo", "end_session_endpoint": "https://op.example/logout",
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
    ]

    /// The claims of an ID Token that is right in everything.
    static let claims: JSONObject = [
        "iss": .string(issuer), "sub": .string(subject), "aud": .string(clientID), "exp": 1_800_000_300,
        "iat": 1_800_000_000, "nonce": .string(nonce),
    ]

    /// A login that waits for its answer, as JSON.
    static let pending: JSONObject = [
        "iss": .string(issuer), "state": .string(state), "nonce": .string(nonce), "verifier": .string(verifier),
        "redirect": .string(application + "/login/authorize"), "begun": 1_799_999_990,
    ]

    static func secretKeys() throws -> SecretKeys { try SecretKeys(["0123456789abcdef0123456789abcdef"]) }

    static func idToken(_ claims: JSONObject = claims, _ algorithm: JWSAlgorithm = .hs256) throws -> String {
        try SigningKey.symmetric(Array(clientSecret.utf8), algorithm).sign(payload: claims.serialized(), type: "JWT")
    }

    static func registration(_ algorithm: JWSAlgorithm? = .hs256) throws -> ClientRegistration {
        var registration = ClientRegistration(
            clientID: try known(ClientID(clientID)), clientSecret: try known(ClientSecret(clientSecret)),
            redirectURI: try known(RedirectURI(application + "/login/authorize")))
        registration.idTokenSignedResponseAlg = algorithm
        return registration
    }

    static func client(
        _ registration: ClientRegistration? = nil, answers: [String: TransportResponse]
    ) throws -> OpenIDClient {
        let issuer = try known(Issuer(issuer))
        return try OpenIDClient(
            registration: registration ?? self.registration(),
            metadata: ProviderMetadata(parsing: metadata.serialized(), issuedBy: [issuer]),
            transport: Script(answers: answers), now: { now })
    }

    /// The application, its sessions in cookies, with a provider that does everything right.
    static func application(report: @escaping @Sendable (LoginEvent) -> Void = { _ in }) throws -> WebLogin {
        let keys = try secretKeys()
        let login = try WebLogin(
            publicURL: application, secretKeys: keys,
            sessions: CookieSessionStore(keys: keys, shared: MemorySharedValues(now: { now }), now: { now }),
            transport: Script.provider(idToken: try idToken()), now: { now }, report: report)
        try login.register(
            "op", clientID: clientID, clientSecret: clientSecret,
            serverMetadataURL: issuer + "/.well-known/openid-configuration"
        ) { $0.client.idTokenSignedResponseAlg = .hs256 }
        return login
    }
}

/// A provider that answers by the path alone.
struct Script: HTTPTransport {
    let answers: [String: TransportResponse]

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        answers[request.url.path] ?? TransportResponse(status: 404, fields: [], body: [])
    }

    static func provider(idToken: String) -> Script {
        let tokens: JSONObject = [
            "access_token": .string(Known.accessToken), "token_type": "Bearer", "expires_in": 3600,
            "id_token": .string(idToken),
        ]
        let userInfo: JSONObject = ["sub": .string(Known.subject), "name": "Ada"]
        return Script(answers: [
            "/.well-known/openid-configuration": .json(Known.metadata), "/token": .json(tokens),
            "/userinfo": .json(userInfo),
        ])
    }
}

extension TransportResponse {
    /// An answer in JSON.
    static func json(_ object: JSONObject, status: Int = 200) -> TransportResponse {
        .bytes(object.serialized(), status: status)
    }

    /// An answer that says it is JSON.
    static func bytes(_ bytes: [UInt8], status: Int = 200) -> TransportResponse {
        TransportResponse(status: status, fields: [("Content-Type", "application/json")], body: bytes)
    }
}
