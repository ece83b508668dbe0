import Cryptography
import FoundationEssentials
import TestSupport
import Testing

/// A file of vectors, as much of it as is needed here.
private struct VectorFile: Decodable {
    struct Group: Decodable {
        struct Key: Decodable {
            let modulus: String?
            let publicExponent: String?
            let uncompressed: String?
            let pk: String?
        }

        let publicKey: Key?
        let keySize: Int?
        let ivSize: Int?
        let tagSize: Int?
        let tests: [Vector]
    }

    struct Vector: Decodable {
        let tcId: Int
        let comment: String
        let result: String
        let msg: String
        let sig: String?
        let key: String?
        let iv: String?
        let aad: String?
        let ct: String?
        let tag: String?
    }

    let testGroups: [Group]

    init(_ name: String) throws {
        self = try JSONDecoder().decode(VectorFile.self, from: Wycheproof.bytes(of: name))
    }
}

@Suite("Wycheproof", .enabled(if: Wycheproof.isEnabled, "../shared/wycheproof is not there"))
struct WycheproofTests {
    struct SignatureFile: Sendable, CustomTestStringConvertible {
        let name: String
        let scheme: SignatureScheme
        var curve: EllipticCurve?
        var testDescription: String { name }
    }

    static let signatureFiles = [
        SignatureFile(name: "rsa_signature_2048_sha256_test", scheme: .rsaPKCS1(.sha256)),
        SignatureFile(name: "rsa_signature_2048_sha384_test", scheme: .rsaPKCS1(.sha384)),
        SignatureFile(name: "rsa_signature_2048_sha512_test", scheme: .rsaPKCS1(.sha512)),
        SignatureFile(name: "rsa_signature_3072_sha256_test", scheme: .rsaPKCS1(.sha256)),
        SignatureFile(name: "rsa_signature_4096_sha256_test", scheme: .rsaPKCS1(.sha256)),
        SignatureFile(name: "rsa_pss_2048_sha256_mgf1_32_test", scheme: .rsaPSS(.sha256)),
        SignatureFile(name: "rsa_pss_2048_sha384_mgf1_48_test", scheme: .rsaPSS(.sha384)),
        SignatureFile(name: "rsa_pss_4096_sha512_mgf1_64_test", scheme: .rsaPSS(.sha512)),
        SignatureFile(name: "ecdsa_secp256r1_sha256_p1363_test", scheme: .ecdsa(.sha256), curve: .p256),
        SignatureFile(name: "ecdsa_secp384r1_sha384_p1363_test", scheme: .ecdsa(.sha384), curve: .p384),
        SignatureFile(name: "ecdsa_secp521r1_sha512_p1363_test", scheme: .ecdsa(.sha512), curve: .p521),
        SignatureFile(name: "ed25519_test", scheme: .ed25519),
    ]

    @Test("signatures are valid where the vectors say so, and nowhere else", arguments: signatureFiles)
    func signatures(_ file: SignatureFile) throws {
        var tally = Wycheproof.Tally(file.name)
        for group in try VectorFile(file.name).testGroups {
            let key = try publicKey(#require(group.publicKey), curve: file.curve)
            for vector in group.tests {
                let isValid = try key.isValid(
                    bytes(#require(vector.sig)), for: bytes(vector.msg), scheme: file.scheme)
                // "acceptable" stands for encodings that RFC 8017 §8.2.2 does not make: they are refused like the rest.
                #expect(isValid == (vector.result == "valid"), "\(vector.tcId): \(vector.comment)")
                tally.pass()
            }
        }
        tally.report()
    }

    private func publicKey(_ key: VectorFile.Group.Key, curve: EllipticCurve?) throws -> PublicKey {
        if let point = key.uncompressed.map(bytes), let curve {
            let coordinates = point.dropFirst()
            return try .ec(
                curve, x: Array(coordinates.prefix(curve.byteCount)), y: Array(coordinates.dropFirst(curve.byteCount)))
        }
        if let bytes = key.pk.map(bytes) { return try .ed25519(bytes) }
        return try .rsa(modulus: bytes(#require(key.modulus)), exponent: bytes(#require(key.publicExponent)))
    }

    @Test(
        "HMAC tags are right where the vectors say so",
        arguments: [
            ("hmac_sha256_test", HashAlgorithm.sha256), ("hmac_sha384_test", .sha384), ("hmac_sha512_test", .sha512),
        ])
    func messageAuthentication(_ name: String, _ hash: HashAlgorithm) throws {
        var tally = Wycheproof.Tally(name)
        for group in try VectorFile(name).testGroups {
            for vector in group.tests {
                let expected = try bytes(#require(vector.tag))
                let tag = try hmac(bytes(vector.msg), key: bytes(#require(vector.key)), using: hash)
                // Truncated tags do not occur in JOSE; here their bytes are compared all the same.
                let isRight = equalInConstantTime(Array(tag.prefix(expected.count)), expected)
                #expect(isRight == (vector.result == "valid"), "\(vector.tcId): \(vector.comment)")
                tally.pass()
            }
        }
        tally.report()
    }

    @Test("AES-256-GCM opens what the vectors call valid, and nothing else")
    func authenticatedEncryption() throws {
        var tally = Wycheproof.Tally("aes_gcm_test")
        for group in try VectorFile("aes_gcm_test").testGroups {
            for vector in group.tests {
                guard group.keySize == 256 else {
                    tally.skip("keys of 128 and 192 bits, which are not used")
                    continue
                }
                guard group.ivSize == 96 else {
                    tally.skip("nonces that have not 96 bits, which are not used")
                    continue
                }
                let key = try bytes(#require(vector.key))
                let nonce = try bytes(#require(vector.iv))
                let associated = try bytes(#require(vector.aad))
                let sealed = try bytes(#require(vector.ct)) + bytes(#require(vector.tag))
                if vector.result == "valid" {
                    #expect(
                        try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: associated)
                            == bytes(vector.msg))
                    #expect(
                        try AES256GCM.seal(bytes(vector.msg), key: key, nonce: nonce, authenticating: associated)
                            == sealed)
                } else {
                    #expect(throws: CryptographyError.self, "\(vector.tcId): \(vector.comment)") {
                        try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: associated)
                    }
                }
                tally.pass()
            }
        }
        tally.report()
    }
}
