import Sessions
import TestSupport
import Testing

@Suite("Secret keys")
struct SecretKeysTests {
    private let one = String(repeating: "1", count: 32)
    private let two = String(repeating: "2", count: 32)

    @Test("what is sealed opens again", arguments: [0, 1, 15, 16, 17, 5000])
    func roundTrip(_ count: Int) throws {
        let keys = try SecretKeys([one])
        var generator = SeededGenerator()
        let plaintext = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(try keys.open(keys.seal(plaintext, purpose: "p"), purpose: "p") == plaintext)
    }

    @Test("the same sealed twice is two texts")
    func nonce() throws {
        let keys = try SecretKeys([one])
        #expect(try keys.seal([1], purpose: "p") != keys.seal([1], purpose: "p"))
    }

    @Test("for another purpose it does not open", arguments: ["", "q", "p ", "pp"])
    func purpose(_ purpose: String) throws {
        let keys = try SecretKeys([one])
        #expect(try keys.open(keys.seal([1], purpose: "p"), purpose: purpose) == nil)
    }

    @Test("with one character changed, or one less, or one more, it does not open")
    func changed() throws {
        let keys = try SecretKeys([one])
        let sealed = try keys.seal([1, 2, 3, 4], purpose: "p")
        for index in sealed.indices {
            for replacement in ["A", "B", "-", "=", "ä"] where String(sealed[index]) != replacement {
                var text = sealed
                text.replaceSubrange(index...index, with: replacement)
                #expect(keys.open(text, purpose: "p") == nil)
            }
        }
        let shorter = [String(sealed.dropLast()), String(sealed.dropFirst()), ""]
        for text in shorter + [sealed + "A", sealed + "=", " " + sealed] {
            #expect(keys.open(text, purpose: "p") == nil)
        }
    }

    @Test("the first secret seals and every secret opens")
    func rotation() throws {
        let old = try SecretKeys([one])
        let rotated = try SecretKeys([two, one])
        #expect(try rotated.open(old.seal([7], purpose: "p"), purpose: "p") == [7])
        #expect(try old.open(rotated.seal([7], purpose: "p"), purpose: "p") == nil)
        #expect(try SecretKeys([two]).open(rotated.seal([7], purpose: "p"), purpose: "p") == [7])
    }

    @Test("each replacement of the secrets is another generation, a refused one is none")
    func generation() throws {
        let keys = try SecretKeys([one])
        let first = keys.generation
        try keys.replace(with: [one])
        let second = keys.generation
        #expect(second != first)
        try? keys.replace(with: [])
        #expect(keys.generation == second)
    }

    @Test("what is bound to something opens only with it")
    func binding() throws {
        let sealer = Sealer(try SecretKeys([one]), purpose: "p")
        var generator = SeededGenerator()
        let sealed = try sealer.seal([1], boundTo: [5], using: &generator)
        #expect(sealer.open(sealed, boundTo: [5]) == [1])
        #expect(sealer.open(sealed, boundTo: [6]) == nil)
        #expect(sealer.open(sealed) == nil)
    }

    @Test("another version of the format does not open", arguments: [0, 1, 3, 255] as [UInt8])
    func version(_ version: UInt8) throws {
        let sealer = Sealer(try SecretKeys([one]), purpose: "p")
        var generator = SeededGenerator()
        var sealed = try sealer.seal([1], using: &generator)
        #expect(sealed.count == 1 + Sealer.overhead)
        #expect(sealed[0] == 2)
        sealed[0] = version
        #expect(sealer.open(sealed) == nil)
    }

    // Both were made by another implementation of HKDF and AES-GCM (pyca/cryptography).
    @Test(
        "what the formats say opens: version 1, which is no longer written, and version 2",
        arguments: [
            ("AQABAgMEBQYHCAkKCwGAfP9lUxw8pX1j938VD8sgK7Vn1oI", "before"),
            ("AgABAgMEBQYHCAkKCwwNDg8QERITFBUWF90Z0dWbzjrr9g-jNI1DyJ-i1rY", "now"),
        ])
    func formats(_ sealed: String, _ plaintext: String) throws {
        #expect(try SecretKeys([one]).open(sealed, purpose: "p") == Array(plaintext.utf8))
        #expect(try SecretKeys([two, one]).open(sealed, purpose: "p") == Array(plaintext.utf8))
        #expect(try SecretKeys([two]).open(sealed, purpose: "p") == nil)
        #expect(try SecretKeys([one]).open(sealed, purpose: "q") == nil)
    }

    @Test("two texts have nothing in common but the version: each has a key and a nonce of its own")
    func keyPerText() throws {
        let sealer = Sealer(try SecretKeys([one]), purpose: "p")
        var generator = SeededGenerator()
        let plaintext = [UInt8](repeating: 7, count: 64)
        let texts = try (0..<2).map { _ in try sealer.seal(plaintext, using: &generator) }
        // Under one key and one nonce the same plaintext would be the same ciphertext.
        var mixed = texts[0]
        mixed.replaceSubrange(1..<25, with: texts[1][1..<25])
        #expect(sealer.open(mixed) == nil)
        #expect(texts[0][25...] != texts[1][25...])
    }

    @Test("no secret, or a short one, is refused, and the error does not show it")
    func refused() throws {
        #expect(throws: SecretKeysError.self) { try SecretKeys([]) }
        let short = String(repeating: "s", count: 31)
        let error = #expect(throws: SecretKeysError.self) { try SecretKeys([one, short]) }
        #expect(error?.code == .tooShort)
        #expect(error?.description.contains("secret 2 of 2") == true)
        #expect(error?.description.contains("sss") == false)
    }

    @Test("secrets, identifiers and tokens do not print")
    func redacted() throws {
        let id = SessionID.generate()
        let token = try #require(SessionToken(id.string))
        let keys = try SecretKeys([one])
        var shown = "\(id) \(token) \(keys) \(String(reflecting: [token])) \(String(reflecting: id)) \([keys])"
        dump((id, token, keys), to: &shown)
        #expect(!shown.contains(id.string))
        #expect(!shown.contains("1111"))
        #expect(!shown.contains("49"))
    }
}
