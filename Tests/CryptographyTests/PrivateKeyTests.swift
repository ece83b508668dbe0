import Cryptography
import Testing

@Suite("Private keys")
struct PrivateKeyTests {
    static let kinds: [KeyKind] = [.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521), .ed25519]

    static func scheme(_ kind: KeyKind) -> SignatureScheme {
        switch kind {
        case .rsa: .rsaPKCS1(.sha256)
        case .ec: .ecdsa(.sha256)
        case .ed25519: .ed25519
        }
    }

    @Test("a key made again of its numbers signs as before", arguments: kinds)
    func madeAgain(_ kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        #expect(key.publicKey.kind == kind)
        let again = try PrivateKey(key.components(), publicKey: key.publicKey)
        let signature = try again.sign([1], scheme: Self.scheme(kind))
        #expect(try key.publicKey.isValid(signature, for: [1], scheme: Self.scheme(kind)))
    }

    @Test("the private part of one key does not go with the public part of another", arguments: kinds)
    func mixed(_ kind: KeyKind) throws {
        let key = try PrivateKey.generate(kind)
        for other in Self.kinds {
            let secret = try PrivateKey.generate(other).components()
            #expect(throws: CryptographyError(.invalidKey, "")) { try PrivateKey(secret, publicKey: key.publicKey) }
        }
    }

    @Test("a private key on a curve has the curve's length and lies below its order", arguments: EllipticCurve.allCases)
    func wrongPrivateKey(_ curve: EllipticCurve) throws {
        let key = try PrivateKey.generate(.ec(curve))
        guard case .ec(let secret) = try key.components() else { return }
        let wrong = [
            [0] + secret, Array(secret.dropFirst()), [], [UInt8](repeating: 0, count: curve.byteCount),
            [UInt8](repeating: 0xFF, count: curve.byteCount),
        ]
        for secret in wrong {
            #expect(throws: CryptographyError(.invalidKey, "")) {
                try PrivateKey(.ec(privateKey: secret), publicKey: key.publicKey)
            }
        }
    }

    @Test("an RSA key with one wrong number is none")
    func wrongNumber() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        guard case .rsa(let secret) = try key.components() else { return }
        let members: [WritableKeyPath<PrivateKey.Components.RSA, [UInt8]>] = [\.d, \.p, \.q, \.dp, \.dq, \.qi]
        for member in members {
            var wrong = secret
            wrong[keyPath: member][10] ^= 1
            #expect(throws: CryptographyError(.invalidKey, "")) {
                try PrivateKey(.rsa(wrong), publicKey: key.publicKey)
            }
        }
    }

    @Test("an Ed25519 seed has 32 bytes", arguments: [0, 31, 33])
    func seedLength(_ count: Int) throws {
        let key = try PrivateKey.generate(.ed25519)
        #expect(throws: CryptographyError(.invalidKey, "")) {
            try PrivateKey(.ed25519(seed: [UInt8](repeating: 1, count: count)), publicKey: key.publicKey)
        }
    }

    @Test("no weak or huge RSA key is made", arguments: [0, 1024, 2047, 8193])
    func weak(_ bits: Int) {
        #expect(throws: CryptographyError(.weakKey, "")) { try PrivateKey.generate(.rsa(bits: bits)) }
    }
}
