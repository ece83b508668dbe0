import JOSE
import MisbehavingProvider

extension Row {
    /// ID Tokens that the provider signs, with claims that are wrong.
    static let claims = who + forWhom + expiry + times + nonces + rest

    private static let who = [
        refuse("iss missing", .claim("iss", nil), "idToken.issuer"),
        refuse("iss with a slash at its end", .claim("iss", appending: "/"), "idToken.issuer"),
        refuse(
            "iss in another case",
            .claims { claims, situation in claims["iss"] = .string("HTTP" + situation.issuer.dropFirst(4)) },
            "idToken.issuer"),
        refuse(
            "iss is an array", .claims { claims, situation in claims["iss"] = [.string(situation.issuer)] },
            "idToken.issuer"),
        refuse("iss null", .claim("iss", .null), "idToken.issuer"),
        refuse("iss is a number", .claim("iss", 1), "idToken.issuer"),
        refuse("sub empty", .claim("sub", ""), "idToken.subject"),
        refuse("sub null", .claim("sub", .null), "idToken.subject"),
        refuse("sub is a number", .claim("sub", 12345), "idToken.subject"),
        refuse("sub of 256 characters", .claim("sub", .string(String(repeating: "s", count: 256))), "idToken.subject"),
        refuse("sub beyond ASCII", .claim("sub", "sübject"), "idToken.subject"),
        refuse("sub is an object", .claim("sub", ["sub": "subject"]), "idToken.subject"),
    ]

    private static let forWhom = [
        refuse("aud is empty", .claim("aud", []), "idToken.audience"),
        refuse("aud is the empty string", .claim("aud", ""), "idToken.audience"),
        refuse("aud is somebody else", .claim("aud", "another-client"), "idToken.audience"),
        refuse("aud is an array of somebody else", .claim("aud", ["another-client"]), "idToken.audience"),
        refuse("aud null", .claim("aud", .null), "idToken.audience"),
        refuse("aud is a number", .claim("aud", 1), "idToken.audience"),
        refuse("aud holds a number", .audiences { [.string($0), 1] }, "idToken.audience"),
        refuse("aud is an object", .audiences { .object(JSONObject(members: [($0, true)])) }, "idToken.audience"),
        refuse("aud in an array of arrays", .audiences { [[.string($0)]] }, "idToken.audience"),
        refuse("aud with a space behind", .claim("aud", appending: " "), "idToken.audience"),
        refuse(
            "aud with somebody else", .audiences { [.string($0), "another-client"] }, "idToken.additionalAudiences"),
        refuse(
            "aud with somebody else, and azp", .audiences { [.string($0), "another-client"] } + .azpIsClient,
            "idToken.additionalAudiences"),
        refuse(
            "aud with a trusted one, without azp", .audiences { [.string($0), "another-client"] },
            "idToken.authorizedParty"
        ).set(["TRUSTED_AUDIENCES": "another-client"]),
        refuse(
            "aud with one beside the trusted one",
            .audiences { [.string($0), "another-client", "a-third"] } + .azpIsClient,
            "idToken.additionalAudiences"
        ).set(["TRUSTED_AUDIENCES": "another-client"]),
        refuse("azp is somebody else", .claim("azp", "another-client"), "idToken.authorizedParty"),
        refuse("azp is a number", .claim("azp", 1), "idToken.authorizedParty"),
        refuse("azp is empty", .claim("azp", ""), "idToken.authorizedParty"),
        refuse(
            "azp missing with several audiences", .audiences { [.string($0), .string($0)] }, "idToken.authorizedParty"),
        refuse(
            "azp is somebody else with several audiences",
            .audiences { [.string($0), .string($0)] } + .claim("azp", "x"), "idToken.authorizedParty"),
    ]

    private static let expiry = [
        refuse("exp an hour ago", .time("exp", in: -3600), "idToken.expiry"),
        refuse("exp two minutes ago", .time("exp", in: -120), "idToken.expiry"),
        refuse("exp missing", .claim("exp", nil), "idToken.expiry"),
        refuse("exp is 1e300", .claim("exp", number: "1e300"), "idToken.expiry"),
        refuse("exp is 1e999", .claim("exp", number: "1e999"), "idToken.expiry"),
        refuse(
            "exp is a number of 400 digits", .claim("exp", number: String(repeating: "9", count: 400)), "idToken.expiry"
        ),
        refuse("exp is 2 to the 63", .claim("exp", number: "9223372036854775808"), "idToken.expiry"),
        refuse(
            "exp is a string", .claims { claims, _ in claims["exp"] = .string(claims["exp"]?.text ?? "") },
            "idToken.expiry"),
        refuse("exp is negative", .claim("exp", -1), "idToken.expiry"),
        refuse("exp is -1e300", .claim("exp", number: "-1e300"), "idToken.expiry"),
        refuse("exp is 0", .claim("exp", 0), "idToken.expiry"),
        refuse("exp is true", .claim("exp", true), "idToken.expiry"),
        refuse("exp is an array", .claim("exp", [4_000_000_000]), "idToken.expiry"),
        refuse("exp is null", .claim("exp", .null), "idToken.expiry"),
    ]

    private static let times = [
        refuse("iat a week ago", .time("iat", in: -604_800), "idToken.issuedAt"),
        refuse("iat twelve minutes ago", .time("iat", in: -720), "idToken.issuedAt"),
        refuse("iat in an hour", .time("iat", in: 3600), "idToken.issuedAt"),
        refuse("iat null", .claim("iat", .null), "idToken.issuedAt"),
        refuse("iat is 1e300", .claim("iat", number: "1e300"), "idToken.issuedAt"),
        refuse("iat is negative", .claim("iat", -1), "idToken.issuedAt"),
        refuse(
            "iat is a string", .claims { claims, _ in claims["iat"] = .string(claims["iat"]?.text ?? "") },
            "idToken.issuedAt"),
        refuse(
            "iat in milliseconds",
            .claims { claims, _ in claims["iat"] = claims["iat"]?.integer.map { .number(JSONNumber($0 * 1000)) } },
            "idToken.issuedAt"),
        refuse("nbf in an hour", .time("nbf", in: 3600), "idToken.notBefore"),
        refuse("nbf is a string", .claim("nbf", "0"), "idToken.notBefore"),
        refuse("nbf is 1e300", .claim("nbf", number: "1e300"), "idToken.notBefore"),
        refuse("auth_time in an hour", .time("auth_time", in: 3600), "idToken.authenticationTime"),
        refuse("auth_time missing after max_age", .none, "idToken.authenticationTime").set(["MAX_AGE": "60"]),
        refuse("auth_time null after max_age", .claim("auth_time", .null), "idToken.authenticationTime").set([
            "MAX_AGE": "60"
        ]),
        refuse("auth_time a string after max_age", .claim("auth_time", "now"), "idToken.authenticationTime").set([
            "MAX_AGE": "60"
        ]),
        refuse("auth_time longer ago than max_age", .time("auth_time", in: -600), "idToken.authenticationTime").set([
            "MAX_AGE": "60"
        ]),
    ]

    private static let nonces = [
        refuse("nonce missing", .claim("nonce", nil), "idToken.nonce"),
        refuse(
            "nonce of another login", .claim("nonce", "n-0S6_WzA2MjAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "idToken.nonce"),
        refuse("nonce empty", .claim("nonce", ""), "idToken.nonce"),
        refuse("nonce is null", .claim("nonce", .null), "idToken.nonce"),
        refuse(
            "nonce in an array", .claims { claims, _ in claims["nonce"] = [claims["nonce"] ?? .null] }, "idToken.nonce"),
        refuse(
            "nonce a character shorter",
            .claims { claims, _ in claims["nonce"] = .string(String((claims["nonce"]?.string ?? "").dropLast())) },
            "idToken.nonce"),
    ]

    private static let rest = [
        refuse("at_hash of another token", .claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "idToken.accessTokenHash"),
        refuse("at_hash with something behind", .claim("at_hash", appending: "1"), "idToken.accessTokenHash"),
        refuse("at_hash empty", .claim("at_hash", ""), "idToken.accessTokenHash"),
        refuse("at_hash is a number", .claim("at_hash", 1), "idToken.accessTokenHash"),
        refuse(
            "at_hash by an unknown hash", .claim("at_hash", "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c4"),
            "idToken.accessTokenHash"),
        refuse(
            "at_hash of a token that came after", .tokens("access_token", "canary-access-of-another"),
            "idToken.accessTokenHash"),
        refuse(
            "sub twice", .payload { Array("{\"sub\":\"another-subject\",".utf8) + $0.dropFirst() }, "idToken.claims"),
        refuse(
            "sub twice, the last one wrong", .payload { $0.dropLast() + Array(",\"sub\":\"another-subject\"}".utf8) },
            "idToken.claims"),
        refuse(
            "aud twice, once with an escape", .payload { Array("{\"\\u0061ud\":\"x\",".utf8) + $0.dropFirst() },
            "idToken.claims"),
    ]
}
