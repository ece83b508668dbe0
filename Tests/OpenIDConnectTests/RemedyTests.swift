import JOSE
import OpenIDConnect
import TestSupport
import Testing

/// What a provider sends, and the words that the remedy has and does not have.
struct Told: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let claims: [String: JSONValue?]
    let words: String

    init(_ description: String, _ claims: [String: JSONValue?], _ words: String) {
        testDescription = description
        self.claims = claims
        self.words = words
    }

    private static let now: Int64 = 1_800_000_000
    private static func at(_ seconds: Int64) -> JSONValue { .number(JSONNumber(now + seconds)) }

    static let all: [Told] = [
        Told("no nonce", ["nonce": nil], "leaves out the nonce"),
        Told("a nonce that is null", ["nonce": .null], "leaves out the nonce"),
        Told("a nonce that is no string", ["nonce": 1], "as a string"),
        Told("another nonce", ["nonce": "n-0S6_WzA2Mj"], "mixed up"),
        Told("no issuer", ["iss": nil], "must send iss"),
        Told("another issuer", ["iss": "https://op.example/"], "SERVER_METADATA_URL"),
        Told("no subject", ["sub": nil], "must have sub"),
        Told("no audience", ["aud": nil], "must send aud"),
        Told("another audience", ["aud": "other"], "CLIENT_ID"),
        Told("an audience beside", ["aud": ["client-1", "other"], "azp": "client-1"], "TRUSTED_AUDIENCES"),
        Told("several audiences and no azp", ["aud": ["client-1", "client-1"]], "2 audiences"),
        Told("another azp", ["azp": "other"], "issued to another client"),
        Told("no expiry", ["exp": nil], "must send exp"),
        Told("expired", ["exp": at(-600)], "It ended 600 s ago"),
        Told("no time of issue", ["iat": nil], "must send iat"),
        Told("issued in the future", ["iat": at(700)], "700 s ahead"),
        Told("issued long ago", ["iat": at(-7200)], "7200 s ago"),
        Told("valid only later", ["nbf": at(700)], "in 700 s"),
        Told("valid from a text on", ["nbf": "now"], "or not at all"),
        Told("a login in the future", ["auth_time": at(700)], "700 s ahead"),
        Told("the hash of another token", ["at_hash": "77QmUPtjPfzWtF2AnpK9RQ"], "not the one"),
        // SHA-512 of "access-1", its left half: `printf access-1 | openssl dgst -sha512 -binary | head -c 32`.
        Told(
            "the hash by another function", ["at_hash": "j_gttPifZFS_g6b4IrJKODpmGFP9qoL7SCZg8t8jzpU"],
            "SHA-512, where ES256 wants SHA-256"),
    ]
}

@Suite("What to do about a login that failed")
struct RemedyTests {
    @Test("follows from what came, absent or wrong, and names the setting", arguments: Told.all)
    func claims(_ told: Told) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims = told.claims }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.remedy.contains(told.words) == true, "\(error?.remedy ?? "none")")
    }

    @Test(
        "follows from what was demanded",
        arguments: [
            (nil, "demand no max_age"), (1_799_998_000, "2000 s after the last time"), (1_800_000_700, "700 s ahead"),
        ] as [(Int64?, String)])
    func maxAge(_ time: Int64?, _ words: String) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["auth_time"] = time.map { .number(JSONNumber($0)) } }
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(provider.transport, options: AuthorizationOptions(maxAge: 600))
        }
        #expect(error?.remedy.contains(words) == true, "\(error?.remedy ?? "none")")
    }

    @Test("tells an encrypted ID Token from one that is none")
    func encrypted() async throws {
        let provider = try PlayedProvider()
        for (token, words) in [("a.b.c.d.e", "encryption"), ("a.b", "mend the ID Token")] {
            provider.change { $0.token["id_token"] = .string(token) }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.code == .idToken(.form) && error?.remedy.contains(words) == true)
        }
    }

    @Test("of a signature tells a key that is not there from one that did not sign")
    func signature() async throws {
        let provider = try PlayedProvider()
        let other = try SigningKey.generate(.es256, keyID: "other").publicJWK
        let sameName = try SigningKey.generate(.es256, keyID: "k1").publicJWK
        let rsa = try SigningKey.generate(.rs256, keyID: "k1").publicJWK
        for (keys, words) in [
            ([other], "not in the set"), ([sameName], "not signed by the key"), ([rsa], "no key for the algorithm"),
            ([], "no key that can be used"),
        ] {
            provider.change { $0.published = keys }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.code == .idToken(.signature) && error?.remedy.contains(words) == true)
            #expect(error?.remedy.contains("JWKS_URI") == true)
        }
    }

    @Test(
        "an authorization error means what its name, and the words with it, say",
        arguments: [
            ("temporarily_unavailable", "authentication_expired", "open for too long"),
            ("temporarily_unavailable", "maintenance", "in trouble"), ("login_required", nil, "PROMPT"),
            ("consent_required", nil, "PROMPT"), ("invalid_scope", nil, "SCOPE"), ("invalid_request", "x", "MAX_AGE"),
            ("unauthorized_client", nil, "CLIENT_ID"), ("unmet_authentication_requirements", nil, "ACR_VALUES"),
            ("volcano", nil, "what the provider says"),
        ] as [(String, String?, String)])
    func authorization(_ name: String, _ description: String?, _ words: String) async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let (_, pending) = client.beginLogin()
        let more = description.map { "&error_description=\($0)" } ?? ""
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(with: "?error=\(name)\(more)&state=\(pending.state.string)", pending: pending)
        }
        #expect(error?.code == ErrorResponse(name).map { .authorizationRefused($0) })
        #expect(error?.remedy.contains(words) == true)
    }

    @Test(
        "of UserInfo follows from how it was refused",
        arguments: [(401, "USERINFO=form"), (404, "USERINFO_ENDPOINT"), (500, "trouble"), (302, "Redirects")])
    func userInfo(_ status: Int, _ words: String) async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.answers["/userinfo"] = TransportResponse(
                status: status, fields: [("WWW-Authenticate", "Bearer error=\"invalid_token\" access-1")], body: [])
        }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code == .userInfoRefused && error?.remedy.contains(words) == true)
        #expect(error?.remedy.contains("USERINFO=off") == true)
        #expect(error?.actual.contains("invalid_token") == true && error?.actual.contains("access-1") == false)
    }

    @Test("of UserInfo about nobody is another than about somebody else")
    func userInfoSubject() async throws {
        let provider = try PlayedProvider()
        for (subject, words) in [(nil, "Without sub"), (7, "Without sub"), ("other", "somebody else")]
            as [(JSONValue?, String)]
        {
            provider.change { $0.userInfo["sub"] = subject }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.code == .userInfoSubject && error?.remedy.contains(words) == true)
        }
    }

    @Test(
        "what to do about a status follows from the status",
        arguments: [
            (302, "TOKEN_ENDPOINT"), (401, "CLIENT_SECRET"), (404, "TOKEN_ENDPOINT"), (429, "too many"),
            (503, "trouble"),
        ])
    func statusRemedy(_ status: Int, _ words: String) async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.answers["/token"] = TransportResponse(
                status: status, fields: [("Location", "https://op.example/new?code=canary")],
                body: Array(#"{"errorCode":"E1","errorSummary":"what happened to code-1"}"#.utf8))
        }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code == .status && error?.endpoint == .token && error?.remedy.contains(words) == true)
        #expect(error?.actual.contains("what happened to <redacted>") == true)
        #expect(error?.actual.contains("https://op.example/new") == (status == 302))
        #expect(error?.actual.contains("canary") == false)
    }

    @Test("a page in place of tokens is called one")
    func page() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.answers["/token"] = .json("<!DOCTYPE html><p>Log in") }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code == .tokenResponse && error?.actual == "a page (HTML)")
        #expect(error?.remedy.contains("TOKEN_ENDPOINT") == true)
    }
}
