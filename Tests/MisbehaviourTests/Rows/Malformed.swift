import JOSE
import MisbehavingProvider

extension Row {
    /// What is malformed, or null, and decides nothing: it is left out, and the login goes on.
    static let malformed =
        nulls.map { $0.because("a null is an absent member, and this one is optional") } + ofTokens + ofClaims
        + ofMetadata + ofOthers

    /// A `null` is an absent member.
    private static let nulls =
        ["azp", "nbf", "auth_time", "at_hash", "acr", "amr", "sid", "jti"].map {
            accept("\($0) null", .claim($0, .null))
        }
        + ["token_type", "expires_in", "refresh_token", "scope", "error"].map {
            accept("\($0) null (token answer)", .tokens($0, .null))
        }
        + [
            "userinfo_endpoint", "end_session_endpoint", "scopes_supported", "response_types_supported",
            "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
            "authorization_response_iss_parameter_supported", "backchannel_logout_supported",
        ].map { name in
            let row = accept("\(name) null", .metadata(name, .null))
            return name == "userinfo_endpoint" ? row.asking([.discovery, .authorize, .token, .keys]) : row
        }
        + ["kid", "typ"].map { accept("\($0) null", .header($0, .null)) }
        + [
            accept("user info that is null", .userInfo("name", .null) + .userInfo("email", .null)),
            accept(
                "a key whose other members are null",
                .onlyKey(("use", .null), ("alg", .null), ("key_ops", .null), ("d", .null), ("k", .null), ("x5c", .null))
            ),
        ]

    private static let ofTokens = [
        accept("an empty list of what the key may do", .onlyKey(("use", nil), ("key_ops", []))).because(
            "a list of nothing is none"),
        accept("token_type missing", .tokens("token_type", nil)).because(
            "used as a bearer token, the only kind asked for"),
        accept("token_type empty", .tokens("token_type", "")).because(
            "used as a bearer token, the only kind asked for"),
        accept("token_type in an array", .tokens("token_type", ["Bearer"])).because(
            "used as a bearer token, the only kind asked for"),
        accept("expires_in with a fraction", .tokens("expires_in", number: "3599.873")).because("rounded down"),
        accept("expires_in a string with a fraction", .tokens("expires_in", "3599.873")).because("rounded down"),
        accept("expires_in empty", .tokens("expires_in", "")).because("only says when to refresh"),
        accept("expires_in is negative", .tokens("expires_in", -1)).because("only says when to refresh"),
        accept("expires_in is 1e300", .tokens("expires_in", number: "1e300")).because("only says when to refresh; cut"),
        accept("expires_in is words", .tokens("expires_in", "soon")).because("only says when to refresh"),
        accept("refresh_token empty", .tokens("refresh_token", "")).because("there is none"),
        accept("refresh_token is an object", .tokens("refresh_token", [:])).because("there is none"),
        accept("scope in an array", .tokens("scope", ["openid", "profile"])).because("nothing is allowed by it here"),
        accept("scope is a number", .tokens("scope", 1)).because("nothing is allowed by it here"),
        accept("scope that is none", .tokens("scope", "open\"id")).because("nothing is allowed by it here"),
        accept("an error beside tokens", .tokens("error", "none")).because("the ID Token proves the login"),
        accept("tokens with status 201", .status(201, at: .token)).because("the ID Token proves the login"),
    ]

    private static let ofClaims = [
        accept("auth_time is a string", .claim("auth_time", "now")).because(
            "no max_age was asked for; a page that demands a fresh login takes it for none"),
        accept("auth_time in milliseconds", .claim("auth_time", 1_800_000_000_000)).because(
            "no max_age was asked for; a page that demands a fresh login takes it for none"),
        accept("sid is a number", .claim("sid", 1)).because("only the provider's logouts go by it"),
        accept("acr is an array", .claim("acr", ["0"])).because("none was demanded"),
        accept("amr is a string", .claim("amr", "pwd")).because("nothing goes by it"),
        accept("email_verified is a string", .claim("email_verified", "true")).because("shown as it came"),
        accept("kid is a number", .header("kid", 1)).because("the signature has to be by a published key all the same"),
        accept("kid is a number in the key too", .onlyKey(("kid", 1)) + .header("kid", 1)).because(
            "the signature has to be by a published key all the same"),
        accept("aud with a trusted one, and azp", .audiences { [.string($0), "another-client"] } + .azpIsClient)
            .set(["TRUSTED_AUDIENCES": "318532894512345678, another-client"]),
    ]

    private static let ofMetadata =
        [
            "response_types_supported", "id_token_signing_alg_values_supported",
            "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
            "scopes_supported", "code_challenge_methods_supported", "response_modes_supported", "claims_supported",
            "backchannel_logout_supported", "frontchannel_logout_session_supported", "registration_endpoint",
        ].map { accept("\($0) is an object", .metadata($0, ["a": 1])).because("the default is taken") }
        + [
            accept("response_types_supported is a string", .metadata("response_types_supported", "code")).because(
                "the code flow is asked for all the same"),
            accept("algorithms are a string", .offering("RS256")).because("RS256 alone is taken then"),
            accept("no algorithm offered", .offering([])).because("RS256 alone is taken then"),
            accept("no authentication method offered", .metadata("token_endpoint_auth_methods_supported", [])).because(
                "client_secret_basic is the default"),
            accept(
                "the promise of iss is a string", .metadata("authorization_response_iss_parameter_supported", "true")
            ).because("read as the promise that it is"),
        ]

    private static let ofOthers = [
        accept("error without a value beside the code", .response(adding: "error", "")).because(
            "a parameter without a value is none"),
        accept(
            "error_description twice",
            .response(adding: "error_description", "a") + .response(adding: "error_description", "b")
        ).because("words for people"),
        accept("user info with status 201", .status(201, at: .userInfo)).because("its sub is compared all the same"),
        accept("user info of other types", .userInfo("name", 1) + .userInfo("email", ["a"]) + .userInfo("groups", "x"))
            .because("its sub is compared all the same"),
        accept("metadata with a byte order mark", .body(.discovery) { byteOrderMark + $0 }).because(
            "may be ignored (RFC 8259 §8.1)"),
        accept("a key set with a byte order mark", .body(.keys) { byteOrderMark + $0 }).because(
            "may be ignored (RFC 8259 §8.1)"),
        accept("tokens with a byte order mark", .body(.token) { byteOrderMark + $0 }).because(
            "may be ignored (RFC 8259 §8.1)"),
        accept("user info with a byte order mark", .body(.userInfo) { byteOrderMark + $0 }).because(
            "may be ignored (RFC 8259 §8.1)"),
    ]

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
