import JOSE
import OpenIDConnect
import TestSupport
import Testing

/// One row a fault: what is changed in a right ID Token, and the rule that has to notice.
struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: IDTokenRule
    let claims: [String: JSONValue?]

    init(_ description: String, _ rule: IDTokenRule, _ claims: [String: JSONValue?]) {
        testDescription = description
        self.rule = rule
        self.claims = claims
    }

    private static let now: Int64 = 1_800_000_000
    private static func at(_ seconds: Int64) -> JSONValue { .number(JSONNumber(now + seconds)) }

    static let all: [Fault] = [
        Fault("another issuer", .issuer, ["iss": "https://op.example1"]),
        Fault("the issuer with a slash", .issuer, ["iss": "https://op.example/"]),
        Fault("no issuer", .issuer, ["iss": nil]),
        Fault("an issuer that is null", .issuer, ["iss": .null]),
        Fault("an issuer that is no string", .issuer, ["iss": 1]),
        Fault("no subject", .subject, ["sub": nil]),
        Fault("an empty subject", .subject, ["sub": ""]),
        Fault("a subject that is a number", .subject, ["sub": 7]),
        Fault("a subject of 256 characters", .subject, ["sub": .string(String(repeating: "a", count: 256))]),
        Fault("a subject with a line feed", .subject, ["sub": "user\nname"]),
        Fault("a subject outside ASCII", .subject, ["sub": "üser"]),
        Fault("another audience", .audience, ["aud": "client-11"]),
        Fault("no audience", .audience, ["aud": nil]),
        Fault("an empty list of audiences", .audience, ["aud": []]),
        Fault("audiences that are not all strings", .audience, ["aud": ["client-1", 1]]),
        Fault("an audience that only looks the same", .audience, ["aud": "client\u{2010}1"]),
        Fault("a foreign audience beside", .additionalAudiences, ["aud": ["client-1", "other"], "azp": "client-1"]),
        Fault("the authorized party another client", .authorizedParty, ["azp": "other"]),
        Fault("several audiences and no authorized party", .authorizedParty, ["aud": ["client-1", "trusted"]]),
        Fault("no expiry", .expiry, ["exp": nil]),
        Fault("an expiry that is null", .expiry, ["exp": .null]),
        Fault("an expiry that is text", .expiry, ["exp": "1800000300"]),
        Fault("an expiry beyond all time", .expiry, ["exp": .number(JSONNumber(1e300) ?? JSONNumber(-1))]),
        Fault("an expiry before 1970", .expiry, ["exp": -1]),
        Fault("an expiry one minute ago", .expiry, ["exp": at(-60)]),
        Fault("no time of issue", .issuedAt, ["iat": nil]),
        Fault("issued in the future", .issuedAt, ["iat": at(61)]),
        Fault("issued a week ago", .issuedAt, ["iat": at(-604_800)]),
        Fault("issued just too long ago", .issuedAt, ["iat": at(-661)]),
        Fault("a time of issue that is text", .issuedAt, ["iat": "1800000000"]),
        Fault("valid only later", .notBefore, ["nbf": at(61)]),
        Fault("valid from a text on", .notBefore, ["nbf": "now"]),
        Fault("another nonce", .nonce, ["nonce": "n-0S6_WzA2Mj"]),
        Fault("no nonce", .nonce, ["nonce": nil]),
        Fault("a nonce that is null", .nonce, ["nonce": .null]),
        Fault("a nonce that is no string", .nonce, ["nonce": 1]),
        Fault("a login in the future", .authenticationTime, ["auth_time": at(61)]),
        Fault("the hash of another access token", .accessTokenHash, ["at_hash": "77QmUPtjPfzWtF2AnpK9RQ"]),
        Fault("an access token hash that is no string", .accessTokenHash, ["at_hash": 1]),
    ]
}

@Suite("The rules over an ID Token's claims")
struct IDTokenRuleTests {
    @Test("refuse what breaks them, by name, and ask for no user info", arguments: Fault.all)
    func refusal(_ fault: Fault) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims = fault.claims }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(transport) { $0.trustedAudiences = ["trusted"] }
        }
        #expect(error?.code == .idToken(fault.rule))
        #expect(error?.outcomes.last?.rule == fault.rule)
        #expect(error?.outcomes.last?.verdict == .failed)
        #expect(!transport.paths.contains("/userinfo"))
    }

    @Test(
        "let through what is unusual and right",
        arguments: [
            ["aud": ["client-1"]], ["aud": ["client-1", "trusted"], "azp": "client-1"], ["azp": "client-1"],
            ["exp": .number(JSONNumber(1_799_999_941))], ["iat": .number(JSONNumber(1_800_000_060))],
            ["iat": .number(JSONNumber(1_799_999_340))], ["nbf": .number(JSONNumber(1_800_000_060))],
            ["exp": .number(JSONNumber(1_800_000_300.5) ?? JSONNumber(0))], ["auth_time": 1_700_000_000],
            ["azp": .null, "nbf": .null, "auth_time": .null, "at_hash": .null, "acr": .null, "sid": .null],
            ["auth_time": "now"], ["auth_time": 1_800_000_000_000], ["auth_time": [:]], ["sid": 7], ["amr": "pwd"],
            ["unknown": ["nested": [1, 2, 3]]], ["acr": "0"], ["sub": .string(String(repeating: "a", count: 255))],
        ] as [[String: JSONValue]])
    func acceptance(_ claims: [String: JSONValue]) async throws {
        let provider = try PlayedProvider()
        provider.change { script in
            for (name, value) in claims { script.claims[name] = value }
            if let subject = claims["sub"] { script.userInfo["sub"] = subject }
        }
        let login = try await provider.login(provider.transport) { $0.trustedAudiences = ["trusted"] }
        #expect(login.idToken.outcomes.allSatisfy { $0.verdict != .failed })
    }

    @Test("a time of login that is none tells no time, and one after max_age is demanded all the same")
    func malformedTime() async throws {
        let provider = try PlayedProvider()
        for value: JSONValue in ["1800000000", 1_800_000_000_000, .null] {
            provider.change { $0.claims["auth_time"] = value }
            let login = try await provider.login(provider.transport)
            #expect(login.idToken.authenticatedAt == nil)
            let error = await #expect(throws: OpenIDError.self) {
                try await provider.login(provider.transport, options: AuthorizationOptions(maxAge: 600))
            }
            #expect(error?.code == .idToken(.authenticationTime) && error?.remedy.contains("MAX_AGE") == true)
        }
    }

    @Test("a login yields what every rule found, in order")
    func outcomes() async throws {
        let provider = try PlayedProvider()
        let login = try await provider.login(provider.transport)
        #expect(login.idToken.outcomes.map(\.rule) == IDTokenRule.allCases)
    }

    @Test("a right hash of the access token is accepted")
    func accessTokenHash() async throws {
        // SHA-256 of "access-1", its left half: computed with `printf access-1 | openssl dgst -sha256 -binary`.
        let provider = try PlayedProvider()
        provider.change { $0.claims["at_hash"] = .string(leftHalfOfAccess1) }
        let login = try await provider.login(provider.transport)
        #expect(login.idToken.outcomes.contains { $0.rule == .accessTokenHash && $0.verdict == .passed })
    }

    @Test("max_age demands a login that is recent", arguments: [nil, 1_799_998_000] as [Int64?])
    func maxAge(_ time: Int64?) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["auth_time"] = time.map { .number(JSONNumber($0)) } }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(transport, options: AuthorizationOptions(maxAge: 600))
        }
        #expect(error?.code == .idToken(.authenticationTime))
    }

    @Test("max_age lets a recent login through")
    func recentLogin() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["auth_time"] = 1_799_999_500 }
        let login = try await provider.login(provider.transport, options: AuthorizationOptions(maxAge: 600))
        #expect(login.idToken.authenticatedAt != nil)
    }

    @Test("an acr that was demanded has to come", arguments: [nil, "0"] as [String?])
    func acr(_ value: String?) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.claims["acr"] = value.map { .string($0) } }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.login(
                transport, options: AuthorizationOptions(acrValues: ["gold", "silver"], requiresACR: true))
        }
        #expect(error?.code == .idToken(.authenticationContext))
    }

    @Test("an acr that was only wished for may be missing")
    func wishedACR() async throws {
        let provider = try PlayedProvider()
        _ = try await provider.login(provider.transport, options: AuthorizationOptions(acrValues: ["gold"]))
    }
}

private let leftHalfOfAccess1 = "9MKET0Y7WpOlF96BtnoJyA"
