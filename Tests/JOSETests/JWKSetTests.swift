import JOSE
import Testing

@Suite("Key sets")
struct JWKSetTests {
    private func set(_ keys: JSONValue...) throws -> JWKSet {
        try JWKSet(parsing: JSONObject(members: [("keys", .array(keys))]).serialized())
    }

    @Test("keys that cannot be used are skipped, with their place, their kid and the reason")
    func skipped() throws {
        let good = try Keys.key(.es256).publicJWK.publicMembers
        let set = try set(
            "junk", 1, nil, [], [:], ["kty": "AKP", "kid": "new"], .object(good.with("x", "AAAA").with("kid", "bad")),
            .object(good), .object(good.with("use", 7).with("kid", 7)))
        #expect(set.keys.map(\.keyID) == ["ES256"])
        #expect(set.skipped.map(\.index) == [0, 1, 2, 3, 4, 5, 6, 8])
        #expect(set.skipped.map(\.keyID) == [nil, nil, nil, nil, nil, "new", "bad", nil])
        #expect(set.skipped.allSatisfy { $0.reason == JOSEError(.key, "") && !$0.reason.detail.isEmpty })
    }

    @Test("an empty set is a set")
    func empty() throws {
        #expect(try set().keys.isEmpty)
    }

    @Test(
        "no array keys, no set",
        arguments: ["{}", #"{"keys":{}}"#, #"{"keys":null}"#, #"{"keys":"x"}"#, #"{"Keys":[]}"#])
    func noKeys(_ text: String) {
        #expect(throws: JOSEError(.keySet, "")) { try JWKSet(parsing: Array(text.utf8)) }
    }

    @Test(
        "a set is strict JSON",
        arguments: ["", "[]", "null", #"{"keys":[],}"#, #"{"keys":[],"keys":[]}"#, "\u{FEFF}{\"keys\":[]}"])
    func json(_ text: String) {
        #expect(throws: JOSEError(.json, "")) { try JWKSet(parsing: Array(text.utf8)) }
    }

    @Test("a published key that holds its secret is skipped", arguments: JWSAlgorithm.allCases)
    func publishedSecrets(_ algorithm: JWSAlgorithm) throws {
        let members = JSONValue.object(try Keys.key(algorithm).privateMembers)
        let published = try set(members)
        #expect(published.keys.isEmpty)
        #expect(published.skipped.map(\.reason) == [JOSEError(.key, "")])
        let own = try JWKSet(
            parsing: JSONObject(members: [("keys", [members])]).serialized(), allowingSecrets: true)
        #expect(own.keys.count == 1)
    }

    @Test("one prime of an RSA key is its secret too", arguments: ["d", "p", "q"])
    func partOfTheSecret(_ name: String) throws {
        let members = try Keys.key(.rs256).publicJWK.publicMembers
        #expect(try set(.object(members.with(name, "AQAB"))).keys.isEmpty)
    }

    @Test("a thousand keys are read, the rest is left out")
    func maximum() throws {
        let good = try Keys.key(.ed25519).publicJWK.publicMembers
        let keys = (0..<1100).map { JSONValue.object(good.with("kid", .string("\($0)"))) }
        let set = try JWKSet(parsing: JSONObject(members: [("keys", .array(keys))]).serialized())
        #expect(set.keys.count == 1000)
        #expect(set.keys.last?.keyID == "999")
        let junk = try JWKSet(
            parsing: JSONObject(members: [("keys", .array(Array(repeating: 1, count: 1100)))]).serialized())
        #expect(junk.skipped.count == 1000)
    }

    @Test("a set is written and read again")
    func roundTrip() throws {
        let keys = try [JWSAlgorithm.rs256, .es256, .es384, .es512, .ed25519].map { try Keys.key($0).publicJWK }
        let again = try JWKSet(parsing: JWKSet(keys: keys).json.serialized())
        #expect(again.skipped.isEmpty)
        #expect(again.keys.map(\.publicMembers) == keys.map(\.publicMembers))
    }

    @Test("a published key whose private members are null holds no secret")
    func nullSecrets() throws {
        var members = try SigningKey.generate(.es256, keyID: "k").publicJWK.publicMembers
        for name in ["d", "p", "q", "k", "alg", "key_ops", "x5c"] where members[name] == nil { members[name] = .null }
        let bytes = JSONValue.object(["keys": [.object(members)]]).serialized()
        #expect(try JWKSet(parsing: bytes).keys.map(\.keyID) == ["k"])
    }
}
