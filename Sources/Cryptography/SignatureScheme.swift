/// The curves of ECDSA in JOSE (FIPS 186-4; RFC 7518 §6.2.1.1; RFC 8812 §3.1).
package enum EllipticCurve: Sendable, Hashable, CaseIterable {
    case p256
    case p384
    case p521
    case secp256k1

    /// The length in bytes of a coordinate, of a private key, and of each half of a signature.
    package var byteCount: Int {
        switch self {
        case .p256, .secp256k1: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// The names by which OpenSSL calls it.
    var names: [String] {
        switch self {
        case .p256: ["P-256", "prime256v1"]
        case .p384: ["P-384", "secp384r1"]
        case .p521: ["P-521", "secp521r1"]
        case .secp256k1: ["secp256k1"]
        }
    }

    /// OpenSSL's name; static, because parameter lists keep the pointer.
    var groupName: StaticString {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        case .secp256k1: "secp256k1"
        }
    }
}

/// How a signature is made of a key and a message.
package enum SignatureScheme: Sendable, Hashable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1(HashAlgorithm)
    /// RSASSA-PSS, MGF1 with the same hash, a salt as long as the hash (RFC 8017 §8.1; RFC 7518 §3.5).
    case rsaPSS(HashAlgorithm)
    /// ECDSA; the signature is r and s, each as long as a coordinate of the curve (RFC 7518 §3.4).
    case ecdsa(HashAlgorithm)
    /// Ed25519 (RFC 8032 §5.1).
    case ed25519

    /// `nil` for Ed25519, which hashes by itself.
    var hash: HashAlgorithm? {
        switch self {
        case .rsaPKCS1(let hash), .rsaPSS(let hash), .ecdsa(let hash): hash
        case .ed25519: nil
        }
    }
}

/// What kind of key a handle holds.
package enum KeyKind: Sendable, Hashable {
    case rsa(bits: Int)
    case ec(EllipticCurve)
    case ed25519

    func suits(_ scheme: SignatureScheme) -> Bool {
        switch (self, scheme) {
        case (.rsa, .rsaPKCS1), (.rsa, .rsaPSS), (.ec, .ecdsa), (.ed25519, .ed25519): true
        default: false
        }
    }

    /// The length of every signature in bytes.
    var signatureByteCount: Int {
        switch self {
        case .rsa(let bits): (bits + 7) / 8
        case .ec(let curve): 2 * curve.byteCount
        case .ed25519: 64
        }
    }
}
