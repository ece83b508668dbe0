import Cryptography
import Testing

@Suite("Signatures")
struct SignatureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: KeyKind
        let scheme: SignatureScheme
        var testDescription: String { "\(scheme)" }
    }

    static let cases: [Case] =
        HashAlgorithm.allCases.flatMap { hash in
            [
                Case(kind: .rsa(bits: 2048), scheme: .rsaPKCS1(hash)),
                Case(kind: .rsa(bits: 2048), scheme: .rsaPSS(hash)),
            ]
        } + [
            Case(kind: .ec(.p256), scheme: .ecdsa(.sha256)), Case(kind: .ec(.p384), scheme: .ecdsa(.sha384)),
            Case(kind: .ec(.p521), scheme: .ecdsa(.sha512)), Case(kind: .ed25519, scheme: .ed25519),
        ]

    static let message = Array("a message".utf8)

    @Test("a signature is valid for its message and its key only", arguments: cases)
    func roundTrip(_ test: Case) throws {
        let key = try PrivateKey.generate(test.kind)
        let other = try PrivateKey.generate(test.kind)
        let signature = try key.sign(Self.message, scheme: test.scheme)
        #expect(try key.publicKey.isValid(signature, for: Self.message, scheme: test.scheme))
        #expect(try !key.publicKey.isValid(signature, for: Self.message + [0], scheme: test.scheme))
        #expect(try !key.publicKey.isValid(signature, for: [], scheme: test.scheme))
        #expect(try !other.publicKey.isValid(signature, for: Self.message, scheme: test.scheme))
    }

    @Test("a signature with a changed, missing or added byte is not valid", arguments: cases)
    func changed(_ test: Case) throws {
        let key = try PrivateKey.generate(test.kind)
        let signature = try key.sign(Self.message, scheme: test.scheme)
        var wrong = [
            [], Array(signature.dropLast()), Array(signature.dropFirst()), signature + [0], [0] + signature,
            signature + signature, [UInt8](repeating: 0, count: signature.count),
            [UInt8](repeating: 0xFF, count: signature.count),
        ]
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 0x80
            wrong.append(changed)
        }
        for signature in wrong {
            #expect(try !key.publicKey.isValid(signature, for: Self.message, scheme: test.scheme))
        }
    }

    @Test("a scheme of another kind of key is refused", arguments: cases)
    func otherKind(_ test: Case) throws {
        let key = try PrivateKey.generate(test.kind)
        for other in Self.cases where other.kind.isRSA != test.kind.isRSA || other.kind.isEC != test.kind.isEC {
            #expect(throws: CryptographyError(.unsuitableKey, "")) {
                try key.publicKey.isValid([1], for: [2], scheme: other.scheme)
            }
            #expect(throws: CryptographyError(.unsuitableKey, "")) { try key.sign([2], scheme: other.scheme) }
        }
    }

    @Test("the schemes of RSA are told apart")
    func rsaSchemes() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let schemes = Self.cases.filter(\.kind.isRSA).map(\.scheme)
        for made in schemes {
            let signature = try key.sign(Self.message, scheme: made)
            for read in schemes where read != made {
                #expect(try !key.publicKey.isValid(signature, for: Self.message, scheme: read))
            }
        }
    }

    @Test("ECDSA signatures have two halves of the curve's length", arguments: EllipticCurve.allCases)
    func fixedLength(_ curve: EllipticCurve) throws {
        let key = try PrivateKey.generate(.ec(curve))
        // A half begins with a zero byte once in 128 or oftener: both halves keep their place then.
        for round in UInt8.min...UInt8.max {
            let signature = try key.sign([round], scheme: .ecdsa(.sha256))
            #expect(signature.count == 2 * curve.byteCount)
            #expect(try key.publicKey.isValid(signature, for: [round], scheme: .ecdsa(.sha256)))
        }
    }

    @Test("an RSA signature without its leading zero is too short")
    func shortened() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        var round = 0
        var signature: [UInt8]
        repeat {
            round += 1
            signature = try key.sign(Self.message, scheme: .rsaPSS(.sha256))
        } while signature.first != 0 && round < 20_000
        try #require(signature.first == 0)
        #expect(try key.publicKey.isValid(signature, for: Self.message, scheme: .rsaPSS(.sha256)))
        #expect(try !key.publicKey.isValid(Array(signature.dropFirst()), for: Self.message, scheme: .rsaPSS(.sha256)))
    }

    @Test("one key serves many tasks at once", arguments: cases)
    func concurrently(_ test: Case) async throws {
        let key = try PrivateKey.generate(test.kind)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in UInt8(0)..<16 {
                group.addTask {
                    let signature = try key.sign([task], scheme: test.scheme)
                    return try key.publicKey.isValid(signature, for: [task], scheme: test.scheme)
                        && !key.publicKey.isValid(signature, for: [task + 1], scheme: test.scheme)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}

extension KeyKind {
    fileprivate var isRSA: Bool { if case .rsa = self { true } else { false } }
    fileprivate var isEC: Bool { if case .ec = self { true } else { false } }
}
