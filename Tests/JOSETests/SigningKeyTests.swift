import JOSE
import Testing

@Suite("Signing keys")
struct SigningKeyTests {
    @Test("what a new key signs, its public half verifies", arguments: JWSAlgorithm.allCases)
    func signsAndVerifies(_ algorithm: JWSAlgorithm) throws {
        let key = try SigningKey.generate(algorithm, keyID: "one")
        let token = try key.sign(payload: Array("{}".utf8), type: "JWT")
        let jws = try JWS(compact: token)
        #expect(jws.header.algorithm == algorithm)
        #expect(jws.header.keyID == "one")
        #expect(jws.header.type == "JWT")
        let payload = try jws.verify(using: JWKSet(keys: [key.publicJWK]), allowing: [algorithm])
        #expect(payload.bytes == Array("{}".utf8))
        #expect(payload.keyID == "one")
    }

    @Test("a key is stored and read again", arguments: JWSAlgorithm.allCases)
    func storedAndRead(_ algorithm: JWSAlgorithm) throws {
        let key = try SigningKey.generate(algorithm, keyID: "one")
        let again = try SigningKey(jwk: JSONObject(parsing: try key.privateMembers.serialized()))
        let token = try again.sign(payload: [1, 2, 3])
        let keys =
            algorithm.isSymmetric
            ? JWKSet(keys: [key.publicJWK])
            : try JWKSet(parsing: JWKSet(keys: [key.publicJWK]).json.serialized())
        let payload = try JWS(compact: token).verify(using: keys, allowing: [algorithm])
        #expect(payload.bytes == [1, 2, 3])
    }
}
