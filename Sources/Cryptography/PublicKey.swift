/// A key that verifies signatures; valid from the moment it exists.
package final class PublicKey: Sendable {
    /// What it is, with its size.
    package let kind: KeyKind
    /// The public numbers, as a JWK writes them: `n`, `e` without leading zeros; `x`, `y` of the curve's length.
    package let components: Components
    private let handle: KeyHandle

    /// The public numbers of a key, big-endian.
    package enum Components: Sendable, Hashable {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        case ec(EllipticCurve, x: [UInt8], y: [UInt8])
        case ed25519([UInt8])
    }

    private init(_ kind: KeyKind, _ components: Components, _ handle: KeyHandle) {
        self.kind = kind
        self.components = components
        self.handle = handle
    }

    /// An RSA key of 2048 to 8192 bits whose exponent is odd, above 1 and at most 32 bits long; leading zeros are
    /// dropped. Throws `.weakKey` for a wrong size or exponent (RFC 7518 §3.3; FIPS 186-4 §5.1) and for keys of a
    /// generator known to be faulty, `.invalidKey` for an even modulus.
    package static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(CryptographyError) -> PublicKey {
        let modulus = Array(modulus.drop(while: { $0 == 0 }))
        let exponent = Array(exponent.drop(while: { $0 == 0 }))
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        try checkRSASize(bits)
        guard let lowest = modulus.last, lowest % 2 == 1 else {
            throw CryptographyError(.invalidKey, "the RSA modulus is even")
        }
        guard !hasROCAFingerprint(modulus) else {
            throw CryptographyError(.weakKey, "the RSA key is of a faulty generator (CVE-2017-15361)")
        }
        guard let last = exponent.last, last % 2 == 1, exponent != [1] else {
            throw CryptographyError(.weakKey, "the RSA exponent is even or below 3")
        }
        // 65537 is what all the world has. The work of a verification grows with the length, and longer ones serve nobody:
        // other libraries stop at 31 to 33 bits as well.
        guard exponent.count <= 4 else {
            throw CryptographyError(.weakKey, "the RSA exponent is longer than 32 bits")
        }
        var parameters = try KeyParameters()
        try parameters.add("n", number: modulus)
        try parameters.add("e", number: exponent)
        let handle = try KeyHandle(parameters, type: "RSA", isPrivate: false)
        return PublicKey(.rsa(bits: bits), .rsa(modulus: modulus, exponent: exponent), handle)
    }

    /// A point of the curve; both coordinates have the curve's length (RFC 7518 §6.2.1.2). Throws `.invalidKey` where
    /// it is not on the curve.
    package static func ec(_ curve: EllipticCurve, x: [UInt8], y: [UInt8]) throws(CryptographyError) -> PublicKey {
        guard x.count == curve.byteCount, y.count == curve.byteCount else {
            throw CryptographyError(.invalidKey, "a coordinate on \(curve.groupName) has \(curve.byteCount) bytes")
        }
        var parameters = try KeyParameters()
        try parameters.add("group", text: curve.groupName)
        try parameters.add("pub", octets: [0x04] + x + y)
        let handle = try KeyHandle(parameters, type: "EC", isPrivate: false)
        return PublicKey(.ec(curve), .ec(curve, x: x, y: y), handle)
    }

    /// An Ed25519 key of 32 bytes (RFC 8032 §5.1.5).
    package static func ed25519(_ bytes: [UInt8]) throws(CryptographyError) -> PublicKey {
        PublicKey(.ed25519, .ed25519(bytes), try KeyHandle(ed25519: bytes, isPrivate: false))
    }

    /// Whether the signature is this key's for the message. A signature of a wrong length or with numbers out of range
    /// is not. Throws `.unsuitableKey` where the scheme is another kind of key's.
    package func isValid(
        _ signature: [UInt8], for message: [UInt8], scheme: SignatureScheme
    ) throws(CryptographyError) -> Bool {
        guard kind.suits(scheme) else {
            throw CryptographyError(.unsuitableKey, "the scheme needs another kind of key")
        }
        guard signature.count == kind.signatureByteCount else { return false }
        if case .ec = kind {
            return try handle.verifies(ECDSASignature.der(joined: signature), for: message, scheme: scheme)
        }
        return try handle.verifies(signature, for: message, scheme: scheme)
    }
}

/// Below 2048 bits a modulus can be factored (NIST SP 800-131A); above 8192 a verification costs an attacker nothing and
/// us milliseconds.
func checkRSASize(_ bits: Int) throws(CryptographyError) {
    guard (2048...8192).contains(bits) else {
        throw CryptographyError(.weakKey, "an RSA key has 2048 to 8192 bits, not \(bits)")
    }
}
