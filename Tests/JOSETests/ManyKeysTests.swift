import JOSE
import Testing

@Suite("A token that many keys fit")
struct ManyKeysTests {
    @Test("is held against four of them, and the error says so")
    func manyKeys() throws {
        let signing = try SigningKey.generate(.es256, keyID: nil)
        let others = try (0..<4).map { _ in try SigningKey.generate(.es256, keyID: nil).publicJWK }
        let token = try JWS(compact: signing.sign(payload: []))
        func verify(behind count: Int) throws {
            let keys = JWKSet(keys: others.prefix(count) + [signing.publicJWK])
            _ = try token.verify(using: keys, allowing: [.es256])
        }
        try verify(behind: 3)
        let error = #expect(throws: JOSEError.self) { try verify(behind: 4) }
        #expect(error?.code == .tooManyKeys)
        #expect(error?.detail.contains("5 keys fit the token") == true)
        #expect(error?.remedy.contains("kid") == true)
    }

    @Test("is not held against keys of other kinds or for other uses, which are none of the four")
    func manyOtherKeys() throws {
        let signing = try SigningKey.generate(.es256, keyID: nil)
        let encryption = try (0..<4).map { _ in
            let members = try SigningKey.generate(.es256, keyID: nil).publicJWK.publicMembers
            return try JWK(members.with("use", "enc").with("alg", nil))
        }
        let others = try (0..<4).map { _ in try SigningKey.generate(.edDSA, keyID: nil).publicJWK }
        let keys = JWKSet(keys: encryption + others + [signing.publicJWK])
        _ = try JWS(compact: signing.sign(payload: [])).verify(using: keys, allowing: [.es256, .edDSA])
    }

    @Test("is held against four of them, though all have the kid that it names")
    func manyKeysOfOneName() throws {
        let signing = try SigningKey.generate(.es256, keyID: "same")
        let others = try (0..<4).map { _ in try SigningKey.generate(.es256, keyID: "same").publicJWK }
        let token = try JWS(compact: signing.sign(payload: []))
        #expect(throws: JOSEError(.tooManyKeys, "")) {
            try token.verify(using: JWKSet(keys: others + [signing.publicJWK]), allowing: [.es256])
        }
        _ = try token.verify(using: JWKSet(keys: others.suffix(3) + [signing.publicJWK]), allowing: [.es256])
    }
}
