import FoundationEssentials
import JOSE
import OpenIDConnect
import TestSupport
import Testing

private let event = "http://schemas.openid.net/event/backchannel-logout"

extension PlayedProvider {
    /// A logout token that is right in everything but the changes: `nil` takes a claim out.
    func logoutToken(
        _ changes: [String: JSONValue?] = [:], type: String? = "logout+jwt", by key: SigningKey? = nil
    ) throws -> String {
        var claims: JSONObject = [
            "iss": "https://op.example", "sub": "user-1", "sid": "session-1", "aud": "client-1", "iat": 1_800_000_000,
            "exp": 1_800_000_120, "jti": "token-1", "events": [event: [:]],
        ]
        for (name, value) in changes { claims[name] = value }
        return try (key ?? script.signingKey).sign(payload: JSONValue.object(claims).serialized(), type: type)
    }
}

/// One row a fault: what is changed in a right logout token, and the rule that has to notice.
struct LogoutFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: LogoutTokenRule
    let claims: [String: JSONValue?]

    init(_ description: String, _ rule: LogoutTokenRule, _ claims: [String: JSONValue?]) {
        testDescription = description
        self.rule = rule
        self.claims = claims
    }

    private static let noTime: JSONValue = .number(JSONNumber(1e300) ?? JSONNumber(-1))
    private static func text(_ length: Int) -> JSONValue { .string(String(repeating: "a", count: length)) }

    static let all: [LogoutFault] = [
        LogoutFault("another issuer", .issuer, ["iss": "https://op.example1"]),
        LogoutFault("the issuer with a slash", .issuer, ["iss": "https://op.example/"]),
        LogoutFault("no issuer", .issuer, ["iss": nil]),
        LogoutFault("an issuer that is no string", .issuer, ["iss": ["https://op.example"]]),
        LogoutFault("another audience", .audience, ["aud": "client-11"]),
        LogoutFault("no audience", .audience, ["aud": nil]),
        LogoutFault("an empty list of audiences", .audience, ["aud": []]),
        LogoutFault("audiences that are not all strings", .audience, ["aud": ["client-1", 1]]),
        LogoutFault("a foreign audience beside", .additionalAudiences, ["aud": ["client-1", "other"]]),
        LogoutFault("an expiry one minute ago", .expiry, ["exp": 1_799_999_940]),
        LogoutFault("an expiry that is text", .expiry, ["exp": "1800000120"]),
        LogoutFault("an expiry beyond all time", .expiry, ["exp": noTime]),
        LogoutFault("an expiry before 1970", .expiry, ["exp": -1]),
        LogoutFault("an expiry that is null, and not of now", .issuedAt, ["exp": .null, "iat": 1_799_999_819]),
        LogoutFault("no time of issue", .issuedAt, ["iat": nil]),
        LogoutFault("a time of issue that is text", .issuedAt, ["iat": "1800000000"]),
        LogoutFault("a time of issue beyond all time", .issuedAt, ["iat": noTime]),
        LogoutFault("issued in the future", .issuedAt, ["iat": 1_800_000_061]),
        LogoutFault("issued just too long ago", .issuedAt, ["iat": 1_799_999_339]),
        LogoutFault("no expiry, and not of now", .issuedAt, ["exp": nil, "iat": 1_799_999_819]),
        LogoutFault("valid only later", .notBefore, ["nbf": 1_800_000_061]),
        LogoutFault("valid from before 1970 on", .notBefore, ["nbf": -1]),
        LogoutFault("neither subject nor session", .identified, ["sub": nil, "sid": nil]),
        LogoutFault("an empty subject beside a session", .identified, ["sub": ""]),
        LogoutFault("a subject that is a number", .identified, ["sub": 7, "sid": nil]),
        LogoutFault("a subject that is null, and no session", .identified, ["sub": .null, "sid": nil]),
        LogoutFault("a subject of 256 characters", .identified, ["sub": text(256)]),
        LogoutFault("an empty session beside a subject", .identified, ["sid": ""]),
        LogoutFault("a session that is a number", .identified, ["sid": 7]),
        LogoutFault("a session outside ASCII", .identified, ["sid": "sitzung-ü"]),
        LogoutFault("a session of 1,025 characters", .identified, ["sid": text(1025)]),
        LogoutFault("no identifier", .tokenID, ["jti": nil]),
        LogoutFault("an empty identifier", .tokenID, ["jti": ""]),
        LogoutFault("an identifier that is a number", .tokenID, ["jti": 1]),
        LogoutFault("an identifier of 1,025 bytes", .tokenID, ["jti": text(1025)]),
        LogoutFault("no events", .events, ["events": nil]),
        LogoutFault("events that are a list", .events, ["events": [.string(event)]]),
        LogoutFault("events that are a text", .events, ["events": .string(event)]),
        LogoutFault("another event", .events, ["events": ["http://schemas.openid.net/event/other": [:]]]),
        LogoutFault("the event's name with a slash", .events, ["events": [event + "/": [:]]]),
        LogoutFault("an event that is true", .events, ["events": [event: true]]),
        LogoutFault("an event that is null", .events, ["events": [event: .null]]),
        LogoutFault("a nonce", .noNonce, ["nonce": "n-0S6_WzA2Mj"]),
    ]
}

@Suite("The rules over a logout token's claims")
struct LogoutTokenRuleTests {
    @Test("refuse a logout token that breaks them, by name", arguments: LogoutFault.all)
    func refusal(_ fault: LogoutFault) async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let compact = try provider.logoutToken(fault.claims)
        let error = await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(compact) }
        #expect(error?.code == .logoutToken(fault.rule))
        #expect(error?.code.name == "logoutToken.\(fault.rule.rawValue)")
        #expect(error?.outcomes.last?.code == .logoutToken(fault.rule))
        #expect(error?.outcomes.map(\.verdict).filter { $0 == .failed }.count == 1)
        #expect(error.map { "\($0) \($0.outcomes)" }?.contains(compact) == false)
    }

    @Test(
        "let through a logout token that is unusual and right",
        arguments: [
            ["aud": ["client-1"]], ["aud": ["client-1", "trusted"]], ["sub": nil], ["sid": nil],
            ["sid": "~!@#$%^&*()_+ {}|:<>?,./;'[]\\-="], ["exp": 1_799_999_941], ["exp": 1_900_000_000],
            ["exp": .number(JSONNumber(1_800_000_000.5) ?? JSONNumber(0))], ["iat": 1_800_000_060],
            ["iat": 1_799_999_340], ["exp": nil], ["exp": nil, "iat": 1_799_999_820],
            ["iat": .number(JSONNumber(1_799_999_999.5) ?? JSONNumber(0))], ["nbf": 1_800_000_060],
            ["exp": .null, "nbf": .null, "nonce": .null], ["sub": .null], ["sid": .null],
            ["unknown": ["nested": [1, 2, 3]]], ["jti": .string(String(repeating: "j", count: 1024))],
            ["sid": .string(String(repeating: "s", count: 1024))],
            ["events": [event: ["reason": "x"], "urn:example:other": 1]], ["auth_time": "of no concern", "azp": 7],
        ] as [[String: JSONValue?]])
    func acceptance(_ claims: [String: JSONValue?]) async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport) { $0.trustedAudiences = ["trusted"] }
        let token = try await client.verifyLogoutToken(provider.logoutToken(claims))
        #expect(token.outcomes.allSatisfy { $0.verdict != .failed })
    }

    @Test("do not repeat the session or the user of a token that they refuse for naming neither rightly")
    func unsaid() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        for claims: [String: JSONValue?] in [
            ["sub": ["canary"]], ["sid": ["canary"], "sub": "canary"], ["sub": "", "sid": "canary"],
        ] {
            let compact = try provider.logoutToken(claims)
            let error = await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(compact) }
            #expect(error?.code == .logoutToken(.identified) && error?.actual.contains("bytes") == true)
            #expect(error.map { "\($0) \($0.outcomes)" }?.contains("canary") == false)
        }
    }

    @Test("yield a token that says whose logout it is, and what every rule found, in order")
    func token() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let token = try await client.verifyLogoutToken(provider.logoutToken())
        #expect(token.issuer.string == "https://op.example")
        #expect(token.subject?.string == "user-1")
        #expect(token.sessionID == "session-1")
        #expect(token.tokenID == "token-1")
        #expect(token.issuedAt == Date(timeIntervalSince1970: 1_800_000_000))
        #expect(token.outcomes.map(\.code) == LogoutTokenRule.allCases.map { .logoutToken($0) })
        #expect(token.outcomes.allSatisfy { $0.rule == nil })
        #expect(token.outcomes.filter { $0.verdict == .notApplicable }.map(\.code) == [.logoutToken(.notBefore)])
        let anyone = try await client.verifyLogoutToken(provider.logoutToken(["sub": nil]))
        #expect(anyone.subject == nil)
        let everywhere = try await client.verifyLogoutToken(provider.logoutToken(["sid": nil]))
        #expect(everywhere.sessionID == nil)
    }

    /// Seconds from now until which a token is remembered.
    private static let ends: [([String: JSONValue?], TimeInterval)] = [
        ([:], 180), (["exp": 1_900_000_000], 660), (["exp": nil], 180),
        (["exp": nil, "iat": 1_799_999_900], 80), (["iat": 1_799_999_400, "exp": 1_800_000_120], 60),
    ]

    @Test("say how long a token would pass, and then it does not", arguments: ends)
    func end(_ claims: [String: JSONValue?], _ seconds: TimeInterval) async throws {
        let provider = try PlayedProvider()
        let clock = Mutexed(PlayedProvider.now)
        let client = try await provider.client(provider.transport, now: { clock.value })
        let compact = try provider.logoutToken(claims)
        let end = try await client.verifyLogoutToken(compact).expiresAt
        #expect(end == PlayedProvider.now.addingTimeInterval(seconds))
        clock.value = end.addingTimeInterval(-1)
        _ = try await client.verifyLogoutToken(compact)
        clock.value = end.addingTimeInterval(1)
        await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(compact) }
    }

    @Test("hold a token without an expiry to the maximum age too, where that is less than two minutes")
    func shortAge() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport) { $0.maximumIDTokenAge = 30 }
        let compact = try provider.logoutToken(["exp": nil, "iat": 1_799_999_909])
        let error = await #expect(throws: OpenIDError.self) { try await client.verifyLogoutToken(compact) }
        #expect(error?.code == .logoutToken(.issuedAt))
    }

    @Test("have limits without end, and no trap in them")
    func endless() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport) {
            $0.maximumIDTokenAge = .infinity
            $0.clockSkew = .infinity
        }
        let token = try await client.verifyLogoutToken(provider.logoutToken())
        #expect(token.expiresAt == Date(timeIntervalSince1970: 253_402_300_799))
    }
}
