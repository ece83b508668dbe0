import JOSE
import MisbehavingProvider

extension Row {
    /// Unusual, and right: logged in all the same.
    static let unusual = keys + tokens + claimsAndHeaders + metadataAndAnswers + ways + clients + malformed

    private static let keys = [
        accept("a single key without kid", .onlyKey(("kid", nil)) + .header("kid", nil)),
        accept(
            "several keys without kid",
            .keys { keys, situation in
                keys = [situation.keys.otherRSA, situation.keys.otherEC, situation.keys.rsa].map {
                    .object(KeyRing.changed($0, [("kid", nil)]))
                }
            } + .header("kid", nil)),
        accept("a key without alg, use and key_ops", .onlyKey(("alg", nil), ("use", nil))),
        accept("a key with key_ops only", .onlyKey(("use", nil), ("key_ops", ["verify", "x-unknown"]))),
        accept(
            "junk beside the key",
            .keysInFront(["key", 1, .null, [], [:], ["kty": "RSA"], ["kty": "LWE", "kid": "rsa-1"], ["kty": 5]])),
        accept(
            "an encryption key with the same kid in front",
            .keys { keys, situation in
                keys =
                    [
                        .object(
                            KeyRing.changed(situation.keys.otherRSA, [("use", "enc"), ("kid", "rsa-1"), ("alg", nil)]))
                    ] + keys
            }),
        accept(
            "another signing key with the same kid in front",
            .keys { keys, situation in
                keys = [.object(KeyRing.changed(situation.keys.otherRSA, [("kid", "rsa-1")]))] + keys
            }),
        accept(
            "weak keys beside the key",
            .keysInFront([
                ["kty": "RSA", "kid": "rsa-1", "n": "AQAB", "e": "AQAB"],
                ["kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"],
            ])),
        accept(
            "the key in front of 10,000 others",
            .keys { keys, _ in keys += (0..<10_000).map { ["kty": "X", "kid": .string("k\($0)")] } }),
        accept("a certificate beside the key's numbers", .onlyKey(("x5c", ["MIIB"]), ("x5t", "AAAA"))),
        accept(
            "unknown members in the set and the key",
            .onlyKey(("x-more", [1, 2])) + .body(.keys) { $0.dropLast() + Array(",\"x-more\":{}}".utf8) }),
        accept(
            "no other keys at the second login, under the same kid",
            .signed { $0.generations[$0.login % 3].ec } + .sameKeyID
                + .keys { keys, situation in
                    keys = [.object(KeyRing.changed(situation.generations[situation.login % 3].ec, [("kid", "same")]))]
                }
        )
        .logins(2, asking: [.discovery, .authorize, .token, .keys, .userInfo, .authorize, .token, .keys, .userInfo]),
        accept("a second login with the keys of the first", .none)
            .logins(2, asking: [.discovery, .authorize, .token, .keys, .userInfo, .authorize, .token, .userInfo]),
        accept(
            "the key set is gone at the second login",
            .reply(.keys) { reply, situation in if situation.login > 1 { reply.status = 500 } }
        )
        .logins(2, asking: [.discovery, .authorize, .token, .keys, .userInfo, .authorize, .token, .userInfo]),
    ]

    private static let tokens = [
        accept("token_type in odd case", .tokens("token_type", "bEaReR")),
        accept("expires_in a number", .tokens("expires_in", 3600)),
        accept("expires_in a string", .tokens("expires_in", "3600")),
        accept("expires_in very large", .tokens("expires_in", 9_000_000_000_000_000)),
        accept("scope missing", .tokens("scope", nil)),
        accept(
            "a scope that is named 100,000 times",
            .tokens("scope", .string("openid" + String(repeating: " openid", count: 100_000)))),
        accept("no refresh token", .tokens("refresh_token", nil)),
        accept(
            "unknown members in the token answer",
            .tokens("x-more", ["a": [1, .null]]) + .tokens("not_before_policy", 0)),
        accept(
            "a token answer called text", .reply(.token) { reply, _ in reply.fields = [("content-type", "text/plain")] }
        ),
    ]

    private static let claimsAndHeaders = [
        accept("aud in an array", .audiences { [.string($0)] }),
        accept("azp is the client", .azpIsClient),
        accept("aud twice the client, with azp", .audiences { [.string($0), .string($0)] } + .azpIsClient),
        accept("exp and iat with fractions", .fraction("exp") + .fraction("iat")),
        accept("exp with an exponent", .claim("exp", number: "4.1e9")),
        accept("exp half a minute ago", .time("exp", in: -30)),
        accept("iat in half a minute", .time("iat", in: 30)),
        accept("nbf a minute ago", .time("nbf", in: -60)),
        accept("auth_time within max_age", .time("auth_time", in: -10)).set(["MAX_AGE": "60"]),
        accept("at_hash missing", .claim("at_hash", nil)),
        accept(
            "unknown claims", .claim("x-more", ["a": [1, .null]]) + .claim("amr", ["pwd", "otp"]) + .claim("jti", "1")),
        accept("unknown header members", .header("x-more", [1]) + .header("x5t", "AAAA")),
        accept("typ missing", .header("typ", nil)),
        accept("typ in lower case", .header("typ", "jwt")),
        accept("ES256", .signedByEC),
        accept("EdDSA", .signedByEd25519),
        accept("PS256, by a key without alg", .offering(["PS256"]) + .onlyKey(("alg", nil)) + .signedWithPSS),
        accept("ES256 without kid", .signedByEC + .header("kid", nil)),
        accept(
            "a published key in jwk as well",
            .header { header, situation in header["jwk"] = .object(situation.keys.rsa.publicJWK.publicMembers) }),
        accept(
            "white space in header and payload",
            .headerText { " \n" + $0 + "\t" } + .payload { Array("\r\n ".utf8) + $0 + [0x20] }),
        accept("HS256 where the client has it", .offering(["HS256"]) + .macByClientSecret)
            .set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "HS256"]).asking([.discovery, .authorize, .token, .userInfo]),
    ]

    private static let metadataAndAnswers = [
        accept("an issuer with a slash at its end", .issuer(path: "/")),
        accept("an issuer with a path", .issuer(path: "/realms/one")),
        accept("unknown metadata", .metadata("x-more", ["a": [1, .null]]) + .metadata("claims_supported", ["sub"])),
        accept("no algorithms named", .metadata("id_token_signing_alg_values_supported", nil)),
        accept("no response types named", .metadata("response_types_supported", nil)),
        accept("algorithms that nobody knows beside RS256", .offering(["XX256", 1, "RS256"])),
        accept(
            "metadata called text", .reply(.discovery) { reply, _ in reply.fields = [("content-type", "text/html")] }),
        accept("client_secret_post only", .metadata("token_endpoint_auth_methods_supported", ["client_secret_post"])),
        accept("an authorization endpoint with a query", .metadata("authorization_endpoint", appending: "?tenant=one")),
        accept("no UserInfo endpoint", .metadata("userinfo_endpoint", nil)).asking([
            .discovery, .authorize, .token, .keys,
        ]),
        accept("no iss, and none promised", .silentOnIssuer + .response("iss", nil)),
        accept("iss, and none promised", .silentOnIssuer),
        accept(
            "unknown parameters in the response",
            .response(adding: "session_state", "x.y") + .response(adding: "x", "1") + .response(adding: "x", "2")),
        accept(
            "hostile user info",
            .userInfo("nickname", "<script>alert(1)</script>") + .userInfo("picture", "javascript:alert(1)")
                + .userInfo("website", "\"><img src=x onerror=alert(1)>")),
        accept(
            "user info in many languages", .userInfo("name#ja-Kana-JP", "クリス") + .userInfo("family_name", "Ünïcødé 👩‍👩‍👧")),
        accept(
            "user info with claims of a token",
            .userInfo("iss", "https://provider.example") + .userInfo("aud", "another-client") + .userInfo("exp", 0)),
    ]

    private static let ways =
        [Endpoint.discovery, .token, .keys, .userInfo].flatMap { endpoint in
            [
                accept("\(endpoint.rawValue): in chunks", .wire(endpoint, .chunked)),
                accept("\(endpoint.rawValue): in pieces of one byte", .wire(endpoint, .pieces)),
                accept("\(endpoint.rawValue): after 100 and 103", .wire(endpoint, .informed)),
                accept("\(endpoint.rawValue): in HTTP/1.0, up to the end", .wire(endpoint, .old)),
            ]
        } + [accept("each connection ends after an answer, unannounced", .endingConnections)]

    private static let clients = [
        accept("a client secret of punctuation", .none).set([
            "CLIENT_SECRET": "canary-secret !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
        ]),
        accept("a client identifier that is an address", .none).set([
            "CLIENT_ID": "https://rp.example/client?id=1&x=%41"
        ]),
        accept("a public client", .none).set(["CLIENT_SECRET": "", "TOKEN_ENDPOINT_AUTH_METHOD": "none"]),
    ]
}
