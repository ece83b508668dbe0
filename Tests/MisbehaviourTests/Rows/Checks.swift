import Foundation
import JOSE
import MisbehavingProvider

@testable import OIDCDemo

extension CheckRow {
    static let right = [
        CheckRow("all is right", .none + .clock(at: .keys, ahead: 0), 0, nil, []),
        CheckRow("the secret goes in the form", .refusingBasic, 0, nil, []).set(
            ["TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_post"]),
        CheckRow("the provider has nothing but proofs by the secret", provenBySecret, 0, nil, []).keepingSecret(),
        CheckRow("a public client", .none, 0, nil, []).publicClient(),
        CheckRow("answers go by form post", .none, 0, nil, []).set(["RESPONSE_MODE": "form_post"]),
        CheckRow("the provider has errors of its own", .ownErrors, 0, nil, []),
        CheckRow("nobody is logged in at the provider", .refusing("login_required"), 0, nil, []),
        // A cache's Date is that of the answer that it keeps (RFC 9111 §5.1).
        CheckRow("metadata from a cache", .clock(at: .discovery, ahead: -600, age: 600), 0, nil, []),
        CheckRow("a symmetric algorithm that is configured", .keys { keys, _ in keys = [] }, 0, nil, []).set(
            ["ID_TOKEN_SIGNED_RESPONSE_ALG": "HS256", "CLIENT_SECRET": DemoApp.secret]),
    ]

    static let wrong =
        discovery + keysAndAlgorithms + tokenEndpoint + authorizationEndpoint + [
            CheckRow(
                "the clock is ten minutes ahead", .clock(at: .keys, ahead: 600), 1, .clock, ["ahead", "CLOCK_SKEW"]),
            CheckRow("the clock is twelve minutes behind", .clock(at: .keys, ahead: -720), 1, .clock, ["behind"]),
            CheckRow(
                "a cached clock is two hours ahead", .clock(at: .keys, ahead: 6600, age: 600), 1, .clock, ["7200 s"]),
        ]

    private static let discovery = [
        CheckRow(
            "another issuer", .metadata("issuer", "http://127.0.0.1:1"), 1, .discovery,
            ["metadata.issuer", "came http://127.0.0.1:1"]),
        CheckRow("discovery is not there", .status(404, at: .discovery), 1, .discovery, ["status 404"]),
        CheckRow("discovery redirects", .redirect(302, at: .discovery), 1, .discovery, ["a redirect to http://127."]),
        CheckRow(
            "discovery is a page",
            .reply(.discovery) { reply, _ in reply = Reply(type: "text/html", "<!DOCTYPE html><p>Log in") }, 1,
            .discovery, ["a page (HTML)"]),
        CheckRow(
            "discovery is a page that says it is JSON", .body(.discovery) { _ in Array("\n<html>".utf8) }, 1,
            .discovery, ["a page (HTML)"]),
        CheckRow("discovery is no JSON", .body(.discovery) { _ in Array("{".utf8) }, 1, .discovery, ["metadata.form"]),
        CheckRow("the provider is down", .none, 1, .discovery, ["transport.unreachable"])
            .set(["SERVER_METADATA_URL": nowhere]),
        CheckRow("the provider does not answer", .wire(.discovery, .silence), 1, .discovery, ["transport.timedOut"]),
        CheckRow("no code flow", .metadata("response_types_supported", ["id_token"]), 1, .discovery, ["code"]),
        CheckRow("no token endpoint", .metadata("token_endpoint", nil), 1, .endpoints, ["no token_endpoint"]),
        CheckRow(
            "an endpoint without https", .metadata("authorization_endpoint", "http://provider.example/authorize"), 1,
            .endpoints, ["authorization_endpoint is “http://provider.example"]),
    ]

    private static let keysAndAlgorithms = [
        CheckRow("no keys", .keys { keys, _ in keys = [] }, 1, .keys, ["of 0 published keys none"]),
        CheckRow(
            "only weak keys", .keys { keys, _ in keys = [weakKey] }, 1, .keys, ["of 1 published keys none", "2048"]),
        CheckRow(
            "only keys of another kind",
            .keys { keys, _ in keys = keys.filter { $0.object?["kty"] == "OKP" } }
                + .metadata("id_token_signing_alg_values_supported", ["RS256"]), 1, .keys, ["none verifies RS256"]),
        CheckRow("keys cannot be reached", .metadata("jwks_uri", "http://127.0.0.1:1/"), 1, .keys, ["no answer from"]),
        CheckRow("keys are not there", .status(500, at: .keys), 1, .keys, ["status 500"]),
        CheckRow("keys are no key set", .body(.keys) { _ in Array("[]".utf8) }, 1, .keys, ["no key set"]),
        CheckRow(
            "no algorithm in common", .metadata("id_token_signing_alg_values_supported", ["none", "HS256"]), 1,
            .algorithms, ["none, HS256"]),
        CheckRow(
            "no authentication method in common",
            .metadata("token_endpoint_auth_methods_supported", ["tls_client_auth"]), 1, .clientAuthentication,
            ["tls_client_auth"]),
    ]

    private static let tokenEndpoint = [
        CheckRow("another secret", .none, 1, .tokenEndpoint, ["invalid_client", "CLIENT_SECRET"])
            .set(["CLIENT_SECRET": "canary-other"]),
        CheckRow(
            "another secret, at a provider with errors of its own", .ownErrors, 1, .tokenEndpoint, ["CLIENT_SECRET"]
        )
        .set(["CLIENT_SECRET": "canary-other"]),
        CheckRow("another client identifier", .none, 1, .tokenEndpoint, ["invalid_client", "CLIENT_ID"])
            .set(["CLIENT_ID": "another-client"]),
        CheckRow(
            "another authentication method", .refusingBasic, 1, .tokenEndpoint,
            ["Set TOKEN_ENDPOINT_AUTH_METHOD=client_secret_post"]),
        CheckRow(
            "a proof by the secret, where the secret itself is wanted", .none, 1, .tokenEndpoint,
            ["client_secret_jwt is refused", "another authentication method"]
        ).set(["TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_jwt"]).keepingSecret(),
        CheckRow("no secret where one is wanted", .none, 1, .tokenEndpoint, ["set CLIENT_SECRET"])
            .set(["CLIENT_SECRET": "", "TOKEN_ENDPOINT_AUTH_METHOD": "none"]),
        CheckRow(
            "the secret is refused in a way of one's own",
            .reply(.token) { reply, _ in reply = Reply(status: 401, type: "text/plain", "no") }, 1, .tokenEndpoint,
            ["status 401"]),
        CheckRow(
            "the client may not have codes", .status(400, at: .token, ["error": "unauthorized_client"]), 1,
            .tokenEndpoint, ["authorization code flow"]),
        CheckRow(
            "the grant is not supported", .status(400, at: .token, ["error": "unsupported_grant_type"]), 1,
            .tokenEndpoint, ["authorization code flow"]),
        CheckRow(
            "the redirect URI is refused at the token endpoint",
            .status(400, at: .token, ["error": "redirect_uri_mismatch"]), 1, .tokenEndpoint, ["Register"]),
        CheckRow("the token endpoint is not there", .status(404, at: .token, [:]), 1, .tokenEndpoint, ["not there"]),
        CheckRow(
            "the token endpoint cannot be reached", .metadata("token_endpoint", "http://127.0.0.1:1/"), 1,
            .tokenEndpoint, ["transport.unreachable"]),
        CheckRow(
            "tokens for any code", .status(200, at: .token, ["access_token": "a", "token_type": "Bearer"]), 1,
            .tokenEndpoint, ["has not issued"]),
    ]

    private static let authorizationEndpoint = [
        CheckRow(
            "the redirect URI is not registered",
            .page(at: .authorize, 400, "<p>Invalid parameter: redirect_uri"), 1, .redirectURI,
            ["speaks of the redirect URI", "http://localhost:18000/login/authorize"]),
        CheckRow("a scope is refused", .refusing("invalid_scope"), 1, .scopes, ["Set SCOPE"]),
        CheckRow(
            "the client may not log in", .refusing("unauthorized_client"), 1, .redirectURI, ["unauthorized_client"]),
        CheckRow("answers name another issuer", .response("iss", "https://other.example"), 1, .redirectURI, ["iss"]),
        CheckRow(
            "answers do not name the issuer", .response("iss", nil), 1, .redirectURI, ["authorizationResponse.iss"]),
    ]

    static let uncertain = [
        CheckRow("the clock is ten minutes behind", .clock(at: .keys, ahead: -600), 0, .clock, ["behind"]),
        CheckRow("PKCE without S256", .metadata("code_challenge_methods_supported", ["plain"]), 0, .pkce, ["S256"]),
        CheckRow("form post is configured and not there", .modes(["query"]), 0, .responseMode, ["form_post"])
            .set(["RESPONSE_MODE": "form_post"]),
        CheckRow("no openid", .metadata("scopes_supported", ["profile"]), 0, .scopes, ["openid"]),
        CheckRow("an algorithm that the provider does not name", .none, 0, .algorithms, ["PS512"])
            .set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "PS512"]),
        CheckRow(
            "no key set, which the symmetric algorithm does not need", .body(.keys) { _ in Array("{}".utf8) }, 0, .keys,
            ["no key set", "client secret"]
        ).set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "HS256", "CLIENT_SECRET": DemoApp.secret]),
        CheckRow(
            "refusals do not name the issuer", .refusing("login_required") + .response("iss", nil), 0, .responseIssuer,
            ["lacks iss"]),
        CheckRow(
            "the authorization endpoint cannot be reached from here",
            .metadata("authorization_endpoint", "http://127.0.0.1:1/"), 0, .redirectURI, ["does not answer"]),
        CheckRow(
            "an endpoint that no login needs is of another type", .metadata("userinfo_endpoint", 1), 0, .endpoints,
            ["userinfo_endpoint is “1”", "USERINFO_ENDPOINT"]),
        CheckRow(
            "a member that no login needs is of another type", .metadata("scopes_supported", "openid"), 0, .discovery,
            ["scopes_supported is “openid”", "left out"]),
        CheckRow("the clock is twenty seconds ahead", .clock(at: .keys, ahead: 20), 0, .clock, ["20 s ahead"]),
        CheckRow("PKCE is not told of", .metadata("code_challenge_methods_supported", nil), 0, .pkce, ["S256"]),
        CheckRow(
            "the code is looked at before the secret", .status(400, at: .token, ["error": "invalid_grant"]), 0,
            .tokenEndpoint, ["cannot be told", "invalid_grant"]),
        CheckRow(
            "the token endpoint says something else", .status(400, at: .token, ["error": "invalid_request"]), 0,
            .tokenEndpoint, ["cannot be told", "invalid_request"]),
        CheckRow("the token endpoint is broken", .status(503, at: .token, [:]), 0, .tokenEndpoint, ["status 503"]),
        CheckRow(
            "a page of an error that says nothing", .page(at: .authorize, 400, "<p>Error"), 0, .redirectURI,
            ["probably"]),
        CheckRow(
            "a page of a login, though nothing was to be shown", .page(at: .authorize, 200, "<p>redirect_uri"), 0,
            .redirectURI, ["cannot be told"]),
        CheckRow("the authorization endpoint is broken", .status(503, at: .authorize), 0, .redirectURI, ["503"]),
        CheckRow("an error that nobody knows", .refusing("moon_phase"), 0, .redirectURI, ["moon_phase"]),
        CheckRow("a scope that the provider does not name", .none, 0, .scopes, ["music"])
            .set(["SCOPE": "openid music"]),
        CheckRow(
            "form post, which the provider does not name", .metadata("response_modes_supported", nil), 0,
            .responseMode, ["form_post"]
        ).set(["RESPONSE_MODE": "form_post"]),
        CheckRow(
            "a method that the provider does not name",
            .metadata("token_endpoint_auth_methods_supported", ["client_secret_post"]), 0, .clientAuthentication,
            ["client_secret_basic is configured"]
        ).set(["TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_basic"]),
        CheckRow("a session that cannot be watched", .none, 0, .logout, ["check_session_iframe"])
            .set(["SESSION_MANAGEMENT": "on"]),
        CheckRow("a slip of the pen in a setting", .none, 0, .settings, ["CLIENT_SECRTE"])
            .set(["CLIENT_SECRTE": "canary-other"]),
    ].map { $0.warning() }

    static let settings = [
        CheckRow("a setting is missing", .none, 2, .settings, ["CLIENT_ID is not set"]).set(["CLIENT_ID": ""]),
        CheckRow("a setting is malformed", .none, 2, .settings, ["SERVER_METADATA_URL is “nonsense”"])
            .set(["SERVER_METADATA_URL": "nonsense"]),
        CheckRow("a secret that is too short", .none, 2, .settings, ["SECRET_KEY"]).set(["SECRET_KEY": "canary-key"]),
        CheckRow("certificate authorities that are not there", .none, 2, .settings, ["CA_FILE"])
            .set(["CA_FILE": "/nonexistent/ca.pem"]),
        CheckRow("a client key that is not there", .none, 2, .settings, ["CLIENT_KEY_FILE"])
            .set(["CLIENT_KEY_FILE": "/nonexistent/key.pem"]),
    ]

    private static let provenBySecret =
        Misbehaviour.client(provenBy: .symmetric(Array(DemoApp.secret.utf8)))
        + .metadata("token_endpoint_auth_methods_supported", ["client_secret_jwt"])

    private static let weakKey: JSONValue = [
        "kty": "RSA", "kid": "weak", "n": .string(Base64URL.encode([UInt8](repeating: 0xC5, count: 128))), "e": "AQAB",
    ]
}

extension Misbehaviour {
    /// The answer's `Date`, and `Age` where a cache gives it.
    fileprivate static func clock(at endpoint: Endpoint, ahead seconds: Double, age: Int? = nil) -> Misbehaviour {
        reply(endpoint) { reply, _ in
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            reply.fields.append(("Date", format.string(from: Date(timeIntervalSinceNow: seconds))))
            if let age { reply.fields.append(("Age", "\(age)")) }
        }
    }

    /// As Glewlwyd answers.
    fileprivate static let ownErrors = reply(.token) { reply, _ in
        let isAccepted = String(decoding: reply.body, as: UTF8.self).contains("invalid_grant")
        reply.status = 403
        reply.body = Array(#"{"error":"\#(isAccepted ? "invalid_code" : "unauthorized_client")"}"#.utf8)
    }

    /// The provider sends this error to the redirect URI.
    fileprivate static func refusing(_ error: String) -> Misbehaviour {
        response("code", nil) + response(adding: "error", error)
    }

    fileprivate static func page(at endpoint: Endpoint, _ status: Int, _ text: String) -> Misbehaviour {
        reply(endpoint) { reply, _ in reply = Reply(status: status, type: "text/html", text) }
    }

    fileprivate static func modes(_ modes: [JSONValue]) -> Misbehaviour {
        metadata("response_modes_supported", .array(modes))
    }
}
