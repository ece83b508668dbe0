import Cryptography
package import JOSE

/// A provider's keys: of several kinds, some without `alg`, some for encryption, one of a curve that few know.
package struct KeyRing: Sendable {
    package let rsa: SigningKey
    package let otherRSA: SigningKey
    package let ec: SigningKey
    package let otherEC: SigningKey
    package let ed25519: SigningKey
    private let encryptionEC: SigningKey
    private let junk: [UInt8]

    /// Made once: generating one takes longer than a login.
    private static let rsaKeys = Result {
        try (1...6).map { try SigningKey.generate(.rs256, keyID: "rsa-\($0)") }
    }

    /// The keys of the n-th generation, from 0: three in a row have no key in common.
    package init(generation: Int) throws {
        let shared = try Self.rsaKeys.get()
        rsa = shared[generation * 2 % shared.count]
        otherRSA = shared[(generation * 2 + 1) % shared.count]
        ec = try .generate(.es256, keyID: "ec-\(generation)-1")
        otherEC = try .generate(.es256, keyID: "ec-\(generation)-2")
        ed25519 = try .generate(.edDSA, keyID: "ed-\(generation)")
        encryptionEC = try .generate(.es256, keyID: "enc-ec-\(generation)")
        var generator = SystemRandomNumberGenerator()
        junk = randomBytes(64, using: &generator)
    }

    /// As they are published.
    package var published: [JSONValue] {
        let signing = [rsa, ec, ed25519].map(\.publicJWK.publicMembers)
        let withoutAlgorithm = [otherRSA, otherEC].map { Self.changed($0, [("alg", nil)]) }
        let secp256k1: JSONObject = [
            "kty": "EC", "use": "sig", "crv": "secp256k1", "alg": "ES256K", "kid": "k1",
            "x": .string(Base64URL.encode(Array(junk.prefix(32)))),
            "y": .string(Base64URL.encode(Array(junk.suffix(32)))),
        ]
        let encryption = [
            Self.changed(otherRSA, [("alg", "RSA-OAEP"), ("use", "enc"), ("kid", "enc-rsa")]),
            Self.changed(encryptionEC, [("alg", nil), ("use", "enc")]),
        ]
        return ([secp256k1] + encryption + withoutAlgorithm + signing).map { .object($0) }
    }

    /// A public key with members changed: `nil` takes one out.
    package static func changed(_ key: SigningKey, _ changes: [(String, JSONValue?)]) -> JSONObject {
        var members = key.publicJWK.publicMembers
        for (name, value) in changes { members[name] = value }
        return members
    }
}
