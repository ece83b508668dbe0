import Cryptography
import Testing

@Suite("Public keys")
struct PublicKeyTests {
    /// An odd number of so many bits. No modulus that anybody would use, and enough for the checks of a key.
    static func modulus(bits: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var number = randomBytes((bits + 7) / 8, using: &generator)
        let top = (bits - 1) % 8
        number[0] = number[0] & UInt8((1 << top) - 1) | UInt8(1 << top)
        number[number.count - 1] |= 1
        return number
    }

    @Test("RSA keys of 2048 to 8192 bits are taken", arguments: [2048, 2049, 3072, 4096, 8192])
    func sizes(_ bits: Int) throws {
        let key = try PublicKey.rsa(modulus: Self.modulus(bits: bits), exponent: [1, 0, 1])
        #expect(key.kind == .rsa(bits: bits))
    }

    @Test("smaller and larger RSA keys are weak", arguments: [8, 512, 1024, 2047, 8193, 16384])
    func weakSizes(_ bits: Int) {
        #expect(throws: CryptographyError(.weakKey, "")) {
            try PublicKey.rsa(modulus: Self.modulus(bits: bits), exponent: [1, 0, 1])
        }
        #expect(throws: CryptographyError(.weakKey, "")) {
            try PublicKey.rsa(modulus: [0] + Self.modulus(bits: bits), exponent: [1, 0, 1])
        }
    }

    @Test("an empty modulus is weak")
    func emptyModulus() {
        #expect(throws: CryptographyError(.weakKey, "")) { try PublicKey.rsa(modulus: [], exponent: [1, 0, 1]) }
    }

    @Test("an even modulus is none")
    func evenModulus() {
        var modulus = Self.modulus(bits: 2048)
        modulus[255] ^= 1
        #expect(throws: CryptographyError(.invalidKey, "")) {
            try PublicKey.rsa(modulus: modulus, exponent: [1, 0, 1])
        }
    }

    @Test("even exponents, exponents below 3 and huge ones are weak")
    func exponents() throws {
        let modulus = Self.modulus(bits: 2048)
        for exponent: [UInt8] in [
            [], [0], [1], [0, 1], [2], [1, 0, 0], [1, 0, 0, 0, 1], [UInt8](repeating: 0xFF, count: 8),
        ] {
            #expect(throws: CryptographyError(.weakKey, "")) {
                try PublicKey.rsa(modulus: modulus, exponent: exponent)
            }
        }
        for exponent: [UInt8] in [[3], [17], [1, 0, 1], [UInt8](repeating: 0xFF, count: 4), [0, 1, 0, 0, 1]] {
            _ = try PublicKey.rsa(modulus: modulus, exponent: exponent)
        }
    }

    @Test("leading zeros of RSA numbers are dropped")
    func leadingZeros() throws {
        let modulus = Self.modulus(bits: 2048)
        let key = try PublicKey.rsa(modulus: [0, 0] + modulus, exponent: [0, 1, 0, 1])
        #expect(key.components == .rsa(modulus: modulus, exponent: [1, 0, 1]))
    }

    @Test("a modulus of the faulty generator of CVE-2017-15361 is weak")
    func faultyGenerator() {
        // 65537 to the power of 128 has 2049 bits and the generator's fingerprint: it is a power of 65537.
        var modulus: [UInt8] = [1]
        for _ in 0..<128 {
            let high = [0, 0] + modulus
            var sum = modulus + [0, 0]
            var carry = 0
            for index in sum.indices.reversed() {
                carry += Int(sum[index]) + Int(high[index])
                sum[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            modulus = sum
        }
        #expect(throws: CryptographyError(.weakKey, "")) {
            try PublicKey.rsa(modulus: modulus, exponent: [1, 0, 1])
        }
    }

    @Test("a point beside the curve is no key", arguments: EllipticCurve.allCases)
    func besideTheCurve(_ curve: EllipticCurve) throws {
        let key = try PrivateKey.generate(.ec(curve)).publicKey
        guard case .ec(_, let x, var y) = key.components else { return }
        _ = try PublicKey.ec(curve, x: x, y: y)
        y[y.count - 1] ^= 1
        #expect(throws: CryptographyError(.invalidKey, "")) { try PublicKey.ec(curve, x: x, y: y) }
    }

    @Test("a coordinate of another length or beyond the field is no key", arguments: EllipticCurve.allCases)
    func coordinates(_ curve: EllipticCurve) throws {
        let key = try PrivateKey.generate(.ec(curve)).publicKey
        guard case .ec(_, let x, let y) = key.components else { return }
        let wrong = [
            ([0] + x, y), (x, [0] + y), (Array(x.dropFirst()), y), (x, Array(y.dropLast())), ([], []),
            // Together as long as they should be.
            (x + [y[0]], Array(y.dropFirst())),
            ([UInt8](repeating: 0xFF, count: curve.byteCount), y), ([UInt8](repeating: 0, count: curve.byteCount), y),
        ]
        for (x, y) in wrong {
            #expect(throws: CryptographyError(.invalidKey, "")) { try PublicKey.ec(curve, x: x, y: y) }
        }
    }

    @Test("an Ed25519 key has 32 bytes", arguments: [0, 31, 33, 64])
    func ed25519Length(_ count: Int) {
        #expect(throws: CryptographyError(.invalidKey, "")) {
            try PublicKey.ed25519([UInt8](repeating: 1, count: count))
        }
    }
}
