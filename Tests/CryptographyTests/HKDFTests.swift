import Cryptography
import Testing

@Suite("HKDF")
struct HKDFTests {
    @Test("RFC 5869 A.1: the basic case")
    func basic() throws {
        let derived = try hkdfSHA256(
            [UInt8](repeating: 0x0B, count: 22), salt: bytes("000102030405060708090a0b0c"),
            info: bytes("f0f1f2f3f4f5f6f7f8f9"), count: 42)
        #expect(
            derived
                == bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
    }

    @Test("RFC 5869 A.2: longer inputs and outputs")
    func long() throws {
        let derived = try hkdfSHA256(
            Array(0x00...0x4F), salt: Array(0x60...0xAF), info: Array(0xB0...0xFF), count: 82)
        #expect(
            derived
                == bytes(
                    """
                    b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
                    da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
                    """))
    }

    @Test("RFC 5869 A.3: no salt and no info")
    func withoutSalt() throws {
        let derived = try hkdfSHA256([UInt8](repeating: 0x0B, count: 22), salt: [], info: [], count: 42)
        #expect(
            derived
                == bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"))
    }

    @Test("lengths that HKDF has not are refused", arguments: [-1, 0, 255 * 32 + 1])
    func lengths(_ count: Int) {
        #expect(throws: CryptographyError(.invalidLength, "")) {
            try hkdfSHA256([1], salt: [], info: [], count: count)
        }
    }

    @Test("an empty secret is refused")
    func emptySecret() {
        #expect(throws: CryptographyError(.invalidLength, "")) {
            try hkdfSHA256([], salt: [], info: [], count: 32)
        }
    }
}
