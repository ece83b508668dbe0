import Cryptography
import Testing

@Suite("Digests and message authentication")
struct DigestTests {
    @Test("the digests of abc are those of FIPS 180-4's examples")
    func digests() {
        let abc = Array("abc".utf8)
        #expect(
            digest(abc, using: .sha256)
                == bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(
            digest(abc, using: .sha384)
                == bytes(
                    """
                    cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed
                    8086072ba1e7cc2358baeca134c825a7
                    """))
        #expect(
            digest(abc, using: .sha512)
                == bytes(
                    """
                    ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
                    2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
                    """))
    }

    @Test("the digest of nothing is known too")
    func emptyDigest() {
        #expect(
            digest([], using: .sha256)
                == bytes("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    }

    @Test("a digest is as long as its algorithm says", arguments: HashAlgorithm.allCases)
    func length(_ hash: HashAlgorithm) throws {
        #expect(digest([1], using: hash).count == hash.byteCount)
        #expect(try hmac([1], key: [2], using: hash).count == hash.byteCount)
    }

    struct HMACVector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let sha256: String
        let sha384: String
        let sha512: String
    }

    static let rfc4231 = [
        // §4.2
        HMACVector(
            key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha384: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            sha512: """
                87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde
                daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
                """),
        // §4.3
        HMACVector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha384: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            sha512: """
                164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554
                9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
                """),
        // §4.7: a key longer than a block.
        HMACVector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha384: "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            sha512: """
                80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352
                6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
                """),
    ]

    @Test("HMAC gives the values of RFC 4231", arguments: rfc4231)
    func hmacVectors(_ vector: HMACVector) throws {
        #expect(try hmac(vector.message, key: vector.key, using: .sha256) == bytes(vector.sha256))
        #expect(try hmac(vector.message, key: vector.key, using: .sha384) == bytes(vector.sha384))
        #expect(try hmac(vector.message, key: vector.key, using: .sha512) == bytes(vector.sha512))
    }

    @Test("comparing in constant time tells same from different")
    func comparison() {
        #expect(equalInConstantTime([], []))
        #expect(equalInConstantTime([1, 2, 3], [1, 2, 3]))
        #expect(!equalInConstantTime([1, 2, 3], [1, 2, 4]))
        #expect(!equalInConstantTime([1, 2, 3], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1, 2, 3]))
    }

    @Test("as many random bytes come as were asked for, and others each time", arguments: [0, 1, 7, 8, 9, 32, 1000])
    func random(_ count: Int) {
        var generator = SystemRandomNumberGenerator()
        let first = randomBytes(count, using: &generator)
        #expect(first.count == count)
        if count >= 7 { #expect(first != randomBytes(count, using: &generator)) }
    }
}
