import HTTPMessages
import JOSE

extension Endpoints {
    /// The provider's metadata (OIDC Discovery §3 and §4, RFC 8414 §2, RFC 9207 §3, RP-Initiated Logout §2.1).
    func discovery() -> HTTPResponse {
        // RS256 must be named (OIDC Discovery §3), even where no client here uses it.
        let algorithms = JWSAlgorithm.allCases.filter { $0 == .rs256 || keys.algorithms.contains($0) }
        let claims = ["iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid"]
        return .json([
            "issuer": .string(issuer.string),
            "authorization_endpoint": .string(url(.authorization)),
            "token_endpoint": .string(url(.token)),
            "userinfo_endpoint": .string(url(.userInfo)),
            "jwks_uri": .string(url(.keys)),
            "end_session_endpoint": .string(url(.endSession)),
            "scopes_supported": .strings(ScopeValue.allCases.map(\.rawValue)),
            "claims_supported": .strings(UserClaim.allCases.map(\.rawValue) + claims),
            "response_types_supported": ["code"],
            "response_modes_supported": .strings(AnswerAddress.Mode.allCases.map(\.rawValue)),
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": .strings(algorithms.map(\.rawValue)),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": .strings(AuthorizationRequest.Prompt.allCases.map(\.rawValue)),
            "ui_locales_supported": ["en"],
            "authorization_response_iss_parameter_supported": true,
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "service_documentation": .string(url(.home)),
        ])
    }

    /// The public keys (RFC 7517 §5).
    func keySet() -> HTTPResponse {
        answering { () throws(JOSEError) in
            .json(JWKSet(keys: try keys.all().map(\.publicJWK)).json)
        }
    }

    /// Our own failure, which no request can cause, as a 500.
    func answering(_ body: () throws(JOSEError) -> HTTPResponse) -> HTTPResponse {
        do {
            return try body()
        } catch {
            return HTTPResponse.text("The development provider cannot sign: \(error)\n", status: 500).kept(.not)
        }
    }
}

extension JSONValue {
    static func strings(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }
}
