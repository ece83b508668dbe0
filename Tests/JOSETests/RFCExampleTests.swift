import JOSE
import Testing

@Suite("Examples of the RFCs")
struct RFCExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: JSONObject
        let token: String
        let algorithm: JWSAlgorithm
        let payload: String
        /// Whether a signature of the same bytes is the same again.
        var isDeterministic = true
        /// Whether the header is one that we would write: the same members in the same order, no line breaks.
        var isOurHeader = true
    }

    static let examples = [
        Example(
            testDescription: "RFC 7515 A.1", key: RFC7515.hs256Key, token: RFC7515.hs256Token, algorithm: .hs256,
            payload: RFC7515.claims, isOurHeader: false),
        Example(
            testDescription: "RFC 7515 A.2", key: RFC7515.rs256Key, token: RFC7515.rs256Token, algorithm: .rs256,
            payload: RFC7515.claims),
        Example(
            testDescription: "RFC 7515 A.3", key: RFC7515.es256Key, token: RFC7515.es256Token, algorithm: .es256,
            payload: RFC7515.claims, isDeterministic: false),
        Example(
            testDescription: "RFC 7515 A.4", key: RFC7515.es512Key, token: RFC7515.es512Token, algorithm: .es512,
            payload: "Payload", isDeterministic: false),
        Example(
            testDescription: "RFC 7520 §4.1", key: RFC7520.rsaKey, token: RFC7520.rs256Token, algorithm: .rs256,
            payload: RFC7520.payload),
        Example(
            testDescription: "RFC 7520 §4.2", key: RFC7520.rsaKey, token: RFC7520.ps384Token, algorithm: .ps384,
            payload: RFC7520.payload, isDeterministic: false),
        Example(
            testDescription: "RFC 7520 §4.3", key: RFC7520.ecKey, token: RFC7520.es512Token, algorithm: .es512,
            payload: RFC7520.payload, isDeterministic: false),
        Example(
            testDescription: "RFC 7520 §4.4", key: RFC7520.macKey, token: RFC7520.hs256Token, algorithm: .hs256,
            payload: RFC7520.payload),
        Example(
            testDescription: "RFC 8037 A.4", key: RFC8037.key, token: RFC8037.token, algorithm: .edDSA,
            payload: "Example of Ed25519 signing"),
    ]

    @Test("the token is verified with its key", arguments: examples)
    func verified(_ example: Example) throws {
        let payload = try JWS(compact: example.token).verify(
            using: JWKSet(keys: [JWK(example.key)]), allowing: [example.algorithm])
        #expect(payload.bytes == Array(example.payload.utf8))
        #expect(payload.header.algorithm == example.algorithm)
    }

    @Test("the private key is read, and what it signs is verified", arguments: examples)
    func signed(_ example: Example) throws {
        let key = try SigningKey(jwk: example.key, algorithm: example.algorithm)
        let token = try key.sign(payload: Array(example.payload.utf8))
        _ = try JWS(compact: token).verify(using: JWKSet(keys: [key.publicJWK]), allowing: [example.algorithm])
        if example.isDeterministic && example.isOurHeader { #expect(token == example.token) }
        let parts = example.token.split(separator: ".")
        if example.isDeterministic {
            let input = Array((parts[0] + "." + parts[1]).utf8)
            #expect(Base64URL.encode(try key.signature(for: input)) == parts[2])
        }
    }

    @Test("any other bit of the token, and it is not verified", arguments: examples)
    func changed(_ example: Example) throws {
        let keys = JWKSet(keys: [try JWK(example.key)])
        let bytes = Array(example.token.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let token = String(decoding: changed, as: UTF8.self)
            #expect(throws: JOSEError.self) {
                try JWS(compact: token).verify(using: keys, allowing: [example.algorithm])
            }
        }
    }

    @Test("RFC 7515 A.5: an unsecured token is refused")
    func unsecured() {
        #expect(throws: JOSEError(.algorithmNone, "")) { try JWS(compact: RFC7515.noneToken) }
    }

    @Test("RFC 7517 A.1: public keys are read and written as they were")
    func publicKeys() throws {
        let json: JSONObject = ["keys": .array(RFC7517.publicKeys.map { .object($0) })]
        let keys = try JWKSet(parsing: json.serialized())
        #expect(keys.skipped.isEmpty)
        #expect(keys.keys.map(\.keyType) == [.ec, .rsa])
        #expect(keys.keys.map(\.keyID) == ["1", "2011-04-29"])
        #expect(keys.keys.map(\.use) == [.encryption, nil])
        #expect(keys.keys.map(\.algorithm) == [nil, .rs256])
        for (key, original) in zip(keys.keys, RFC7517.publicKeys) {
            #expect(sorted(key.publicMembers) == sorted(original))
        }
    }

    @Test("RFC 7517 A.2: private keys are not published ones; for signing the RSA key is read and written as it was")
    func privateKeys() throws {
        let json: JSONObject = ["keys": .array(RFC7517.privateKeys.map { .object($0) })]
        let keys = try JWKSet(parsing: json.serialized())
        #expect(keys.keys.isEmpty)
        #expect(keys.skipped.map(\.keyID) == ["1", "2011-04-29"])
        // The first is for encryption.
        #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: RFC7517.privateKeys[0], algorithm: .es256) }
        let key = try SigningKey(jwk: RFC7517.privateKeys[1])
        var written = try key.privateMembers
        #expect(written["use"] == "sig")
        written["use"] = nil
        #expect(sorted(written) == sorted(RFC7517.privateKeys[1]))
    }

    @Test("RFC 7517 A.3: symmetric keys are not published ones, and one for AES key wrap is not for signatures")
    func symmetricKeys() throws {
        let json = JSONObject(members: [("keys", .array(RFC7517.symmetricKeys.map { .object($0) }))]).serialized()
        #expect(try JWKSet(parsing: json).keys.isEmpty)
        let keys = try JWKSet(parsing: json, allowingSecrets: true)
        #expect(keys.keys.map(\.keyID) == ["HMAC key used in JWS A.1 example"])
        #expect(keys.skipped.map(\.index) == [0])
        _ = try JWS(compact: RFC7515.hs256Token).verify(using: keys, allowing: [.hs256])
    }

    private func sorted(_ object: JSONObject) -> [String] {
        object.members.map { "\($0.name): \($0.value)" }.sorted()
    }
}
