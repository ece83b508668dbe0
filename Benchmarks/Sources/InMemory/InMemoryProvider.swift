import Foundation
import JOSE
import OpenIDConnect

/// A provider, right in everything, that is asked by a call instead of a network. It stands for as many issuers as are
/// wanted: it is the one at whose origin it is asked. The code of a login is the nonce that its ID Token gets.
package struct InMemoryProvider: HTTPTransport {
    package static let clientID = "benchmark-client"
    package static let clientSecret = "benchmark-secret-0123456789abcdef0123456789"
    package static let accessToken = "bench-access-token-access-token-access-token-"
    package static let subject = "248289761001"
    package static let sessionID = "08a5019c-17e1-4977-8f42-65a12843ea02"

    /// Claims about the user, as most providers have them.
    package static let profile: JSONObject = [
        "name": "Alice Example", "preferred_username": "alice", "email": "alice@example.test", "email_verified": true,
    ]

    private let key: SigningKey
    private let keySet: [UInt8]
    private let userInfo: [UInt8]
    private let now: @Sendable () -> Date

    /// A provider that signs with the key. `published` are its keys: that one, where no others are given.
    package init(
        key: SigningKey, published: [JWK]? = nil, userInfo: JSONObject = Self.profile,
        now: @escaping @Sendable () -> Date
    ) {
        self.key = key
        self.now = now
        keySet = JWKSet(keys: published ?? [key.publicJWK]).json.serialized()
        var answer: JSONObject = ["sub": .string(Self.subject)]
        for (name, value) in userInfo.members { answer[name] = value }
        self.userInfo = answer.serialized()
    }

    package func send(_ request: TransportRequest) async throws -> TransportResponse {
        let issuer = request.url.origin
        switch request.url.path {
        case "/.well-known/openid-configuration": return .json(Self.metadata(of: issuer).serialized())
        case "/keys": return .json(keySet)
        case "/userinfo": return .json(userInfo)
        default:
            let form = String(decoding: request.body, as: UTF8.self).split(separator: "&")
            let code = form.first { $0.hasPrefix("code=") }?.dropFirst(5) ?? ""
            let token = try Self.idToken(by: key, issuer: issuer, nonce: String(code), at: now())
            return .json(Self.tokens(["id_token": .string(token)]).serialized())
        }
    }

    /// What a provider says of itself.
    package static func metadata(of issuer: String) -> JSONObject {
        func texts(_ texts: String...) -> JSONValue { .array(texts.map { .string($0) }) }
        return [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
            "token_endpoint": .string(issuer + "/token"), "userinfo_endpoint": .string(issuer + "/userinfo"),
            "jwks_uri": .string(issuer + "/keys"), "end_session_endpoint": .string(issuer + "/logout"),
            "response_types_supported": texts("code", "id_token", "code id_token"),
            "response_modes_supported": texts("query", "fragment", "form_post"),
            "grant_types_supported": texts("authorization_code", "refresh_token", "client_credentials"),
            "subject_types_supported": texts("public", "pairwise"),
            "id_token_signing_alg_values_supported": texts("RS256", "PS256", "ES256", "EdDSA"),
            "token_endpoint_auth_methods_supported": texts("client_secret_basic", "private_key_jwt"),
            "scopes_supported": texts("openid", "profile", "email", "phone", "offline_access"),
            "claims_supported": texts("sub", "iss", "auth_time", "name", "preferred_username", "email"),
            "code_challenge_methods_supported": texts("S256"), "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true, "frontchannel_logout_supported": true,
        ]
    }

    /// The answer of the token endpoint, with what is given besides.
    static func tokens(_ members: JSONObject) -> JSONObject {
        var answer: JSONObject = [
            "access_token": .string(accessToken), "token_type": "Bearer", "expires_in": 300,
            "refresh_token": "bench-refresh-token-refresh-token-refresh-",
        ]
        for (name, value) in members.members { answer[name] = value }
        return answer
    }

    /// An ID Token, valid from now on.
    package static func idToken(
        by key: SigningKey, issuer: String, nonce: String, at now: Date, claims further: JSONObject = profile
    ) throws -> String {
        let time = Int64(now.timeIntervalSince1970)
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(subject), "aud": .string(clientID),
            "exp": .number(JSONNumber(time + 300)), "iat": .number(JSONNumber(time)),
            "auth_time": .number(JSONNumber(time - 20)), "nonce": .string(nonce),
            "at_hash": .string(accessTokenHash(key.algorithm)), "sid": .string(sessionID),
        ]
        for (name, value) in further.members { claims[name] = value }
        return try key.sign(payload: claims.serialized(), type: "JWT")
    }

    /// The left half of the hash of ``accessToken``: of SHA-512 for EdDSA, else of SHA-256.
    private static func accessTokenHash(_ algorithm: JWSAlgorithm) -> String {
        algorithm == .edDSA ? "WuqaTrCtLTh7ZIBXWPbqxSu6balBN-9iwlPJ14umgw0" : "vo-nAUKk4d6KUeDWoLKGeg"
    }
}

extension TransportResponse {
    static func json(_ bytes: [UInt8]) -> TransportResponse {
        TransportResponse(status: 200, fields: [("Content-Type", "application/json")], body: bytes)
    }
}

/// A value of the benchmark's own broke the rule of its type, or an answer was another than was meant: there is nothing
/// to measure.
package struct BenchmarkError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// The value, or an error that says what was expected.
package func known<Value>(_ value: Value?, _ expected: String) throws -> Value {
    guard let value else { throw BenchmarkError("no \(expected)") }
    return value
}
