import JOSE
import Testing

@Suite("Signing keys")
struct SigningKeyTests {
    @Test("what a new key signs, its public half verifies", arguments: JWSAlgorithm.allCases)
    func signsAndVerifies(_ algorithm: JWSAlgorithm) throws {
        let key = try SigningKey.generate(algorithm, keyID: "one")
        let token = try key.sign(payload: Array("{}".utf8), type: "JWT", extraHeader: ["x": 1])
        let jws = try JWS(compact: token)
        #expect(jws.header.object == ["alg": .string(algorithm.rawValue), "typ": "JWT", "kid": "one", "x": 1])
        let payload = try jws.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [algorithm])
        #expect(payload.bytes == Array("{}".utf8))
        #expect(payload.keyID == "one")
    }

    @Test("a key is stored and read again", arguments: JWSAlgorithm.allCases)
    func storedAndRead(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        let again = try SigningKey(jwk: JSONObject(parsing: try key.privateMembers.serialized()))
        #expect(again.algorithm == algorithm)
        #expect(again.keyID == key.keyID)
        let token = try again.sign(payload: [1, 2, 3])
        let payload = try JWS(compact: token).verify(using: JWKSet(keys: [key.publicJWK]), allowing: [algorithm])
        #expect(payload.bytes == [1, 2, 3])
    }

    @Test("no kid, no kid in the header")
    func withoutKeyID() throws {
        let key = try SigningKey.generate(.ed25519, keyID: nil)
        #expect(try JWS(compact: try key.sign(payload: [])).header.object == ["alg": "Ed25519"])
    }

    @Test(
        "each private member has to be there and right",
        arguments: [JWSAlgorithm.rs256, .es256, .es512, .ed25519, .hs256])
    func privateMembers(_ algorithm: JWSAlgorithm) throws {
        let members = try Keys.key(algorithm).privateMembers
        for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            guard let text = members[name]?.string else { continue }
            var bytes = try Base64URL.decode(text)
            bytes[bytes.count / 2] ^= 1
            // A changed symmetric key is another key, not a wrong one.
            let changed: [JSONValue?] = name == "k" ? [] : [.string(Base64URL.encode(bytes))]
            for value in [nil, "", "=", 1] + changed {
                #expect(throws: JOSEError(.key, ""), "\(name)") { try SigningKey(jwk: members.with(name, value)) }
            }
        }
    }

    @Test("an RSA key of more than two primes is refused")
    func manyPrimes() throws {
        let members = try Keys.key(.rs256).privateMembers
        #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: members.with("oth", [])) }
    }

    @Test("a key that is for encryption or not for signing does not sign")
    func purpose() throws {
        let members = try Keys.key(.es256).privateMembers
        for (name, value): (String, JSONValue) in [
            ("use", "enc"), ("key_ops", ["verify"]), ("key_ops", ["deriveKey"]),
        ] {
            #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: members.with(name, value)) }
        }
        _ = try SigningKey(jwk: members.with("key_ops", ["sign"]).with("use", nil))
        _ = try SigningKey(jwk: members.with("key_ops", []))
    }

    @Test("the algorithm is the key's; where it has none, the one given; never one of another kind of key")
    func algorithm() throws {
        let members = try Keys.key(.rs256).privateMembers
        let open = members.with("alg", nil)
        #expect(try SigningKey(jwk: members, algorithm: .ps256).algorithm == .rs256)
        #expect(try SigningKey(jwk: open, algorithm: .ps256).algorithm == .ps256)
        #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: open) }
        for other in [JWSAlgorithm.es256, .ed25519, .hs256] {
            #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: open, algorithm: other) }
        }
        let curve = try Keys.key(.es256).privateMembers.with("alg", nil)
        #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: curve, algorithm: .es384) }
        let secret = try Keys.key(.hs512).privateMembers.with("alg", nil)
        #expect(throws: JOSEError(.key, "")) { try SigningKey(jwk: secret, algorithm: .es256) }
        #expect(throws: JOSEError(.key, "")) { try SigningKey.symmetric([UInt8](repeating: 1, count: 64), .rs256) }
    }

    @Test("a secret that is read is long enough for its algorithm")
    func shortSecret() {
        #expect(throws: JOSEError(.key, "")) {
            try SigningKey(jwk: [
                "kty": "oct", "alg": "HS256", "k": .string(Base64URL.encode([UInt8](repeating: 1, count: 31))),
            ])
        }
    }

    @Test(
        "extra header members do not replace ours and demand no extension",
        arguments: ["alg", "kid", "typ", "crit", "b64"])
    func extraHeader(_ name: String) throws {
        let key = try Keys.key(.ed25519)
        #expect(throws: JOSEError(.header, "")) { try key.sign(payload: [], extraHeader: [name: "x"]) }
    }
}
