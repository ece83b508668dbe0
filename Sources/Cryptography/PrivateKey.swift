/// A key that signs.
package final class PrivateKey: Sendable {
    /// Its public half.
    package let publicKey: PublicKey
    private let handle: KeyHandle

    /// The secret numbers of a key, big-endian, by the names of RFC 7518 §6.3.2.
    package enum Components: Sendable {
        case rsa(RSA)
        case ec(privateKey: [UInt8])
        case ed25519(seed: [UInt8])

        /// The seven secret numbers of an RSA key with two primes.
        package struct RSA: Sendable {
            package var d: [UInt8]
            package var p: [UInt8]
            package var q: [UInt8]
            package var dp: [UInt8]
            package var dq: [UInt8]
            package var qi: [UInt8]

            package init(d: [UInt8], p: [UInt8], q: [UInt8], dp: [UInt8], dq: [UInt8], qi: [UInt8]) {
                self.d = d
                self.p = p
                self.q = q
                self.dp = dp
                self.dq = dq
                self.qi = qi
            }
        }
    }

    private init(_ publicKey: PublicKey, _ handle: KeyHandle) {
        self.publicKey = publicKey
        self.handle = handle
    }

    /// A new key. RSA takes 2048 to 8192 bits.
    package static func generate(_ kind: KeyKind) throws(CryptographyError) -> PrivateKey {
        if case .rsa(let bits) = kind { try checkRSASize(bits) }
        let handle = try KeyHandle(generating: kind)
        return PrivateKey(try handle.publicKey(of: kind), handle)
    }

    /// The first private key of a PEM file. Throws `.invalidKey` where there is none, or one with a passphrase, and
    /// `.weakKey` as the public key does.
    package init(pem bytes: [UInt8]) throws(CryptographyError) {
        handle = try KeyHandle(pem: bytes)
        guard let kind = handle.kind() else {
            throw CryptographyError(
                .invalidKey, "the key in PEM is neither RSA, nor on a curve that JOSE has, nor Ed25519")
        }
        publicKey = try handle.publicKey(of: kind)
        guard try handle.isConsistent() else {
            throw CryptographyError(.invalidKey, "the private part does not belong to the public part")
        }
    }

    /// A key from its numbers. Throws `.invalidKey` where the secret ones do not belong to the public ones.
    package init(_ secret: Components, publicKey: PublicKey) throws(CryptographyError) {
        let mismatch = CryptographyError(.invalidKey, "the private part does not belong to the public part")
        let handle: KeyHandle
        switch (secret, publicKey.components) {
        case (.rsa(let secret), .rsa(let modulus, let exponent)):
            var parameters = try KeyParameters()
            try parameters.add("n", number: modulus)
            try parameters.add("e", number: exponent)
            try parameters.add("d", number: secret.d)
            try parameters.add("rsa-factor1", number: secret.p)
            try parameters.add("rsa-factor2", number: secret.q)
            try parameters.add("rsa-exponent1", number: secret.dp)
            try parameters.add("rsa-exponent2", number: secret.dq)
            try parameters.add("rsa-coefficient1", number: secret.qi)
            handle = try KeyHandle(parameters, type: "RSA", isPrivate: true)
            guard try handle.isConsistent() else { throw mismatch }
        case (.ec(let privateKey), .ec(let curve, let x, let y)):
            guard privateKey.count == curve.byteCount else {
                throw CryptographyError(.invalidKey, "a private key on \(curve.groupName) has \(curve.byteCount) bytes")
            }
            var parameters = try KeyParameters()
            try parameters.add("group", text: curve.groupName)
            try parameters.add("pub", octets: [0x04] + x + y)
            try parameters.add("priv", number: privateKey)
            handle = try KeyHandle(parameters, type: "EC", isPrivate: true)
            guard try handle.isConsistent() else { throw mismatch }
        case (.ed25519(let seed), .ed25519(let bytes)):
            handle = try KeyHandle(ed25519: seed, isPrivate: true)
            guard try handle.ed25519Bytes(isPrivate: false) == bytes else { throw mismatch }
        default: throw mismatch
        }
        self.publicKey = publicKey
        self.handle = handle
    }

    /// The secret numbers, for storing the key.
    package func components() throws(CryptographyError) -> Components {
        switch publicKey.kind {
        case .rsa:
            .rsa(
                Components.RSA(
                    d: try handle.number("d"), p: try handle.number("rsa-factor1"), q: try handle.number("rsa-factor2"),
                    dp: try handle.number("rsa-exponent1"), dq: try handle.number("rsa-exponent2"),
                    qi: try handle.number("rsa-coefficient1")))
        case .ec(let curve): .ec(privateKey: try handle.number("priv", byteCount: curve.byteCount))
        case .ed25519: .ed25519(seed: try handle.ed25519Bytes(isPrivate: true))
        }
    }

    /// A signature in JOSE's form. Throws `.unsuitableKey` where the scheme is another kind of key's.
    package func sign(_ message: [UInt8], scheme: SignatureScheme) throws(CryptographyError) -> [UInt8] {
        guard publicKey.kind.suits(scheme) else {
            throw CryptographyError(.unsuitableKey, "the scheme needs another kind of key")
        }
        let signature = try handle.sign(message, scheme: scheme)
        guard case .ec(let curve) = publicKey.kind else { return signature }
        guard let joined = ECDSASignature.joined(der: signature, byteCount: curve.byteCount) else {
            throw libraryFailure("signing")
        }
        return joined
    }
}

extension KeyHandle {
    /// The public half, checked as every public key is.
    fileprivate func publicKey(of kind: KeyKind) throws(CryptographyError) -> PublicKey {
        switch kind {
        case .rsa: try .rsa(modulus: number("n"), exponent: number("e"))
        case .ec(let curve):
            try .ec(
                curve, x: number("qx", byteCount: curve.byteCount), y: number("qy", byteCount: curve.byteCount))
        case .ed25519: try .ed25519(ed25519Bytes(isPrivate: false))
        }
    }
}
