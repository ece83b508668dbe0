import ByteText
import Cryptography

/// A key that verifies signatures, from a JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). It is valid and strong
/// enough from the moment it exists.
public struct JWK: Sendable {
    /// The types of key (`kty`).
    public enum KeyType: String, Sendable, Hashable, CaseIterable {
        /// An RSA key of 2048 to 8192 bits.
        case rsa = "RSA"
        /// A point on P-256, P-384, P-521 or secp256k1.
        case ec = "EC"
        /// An Ed25519 key.
        case okp = "OKP"
        /// A secret.
        case oct = "oct"
    }

    /// What a public key is for (`use`, RFC 7517 §4.2).
    public enum Use: String, Sendable, Hashable {
        /// Signatures.
        case signature = "sig"
        /// Encryption.
        case encryption = "enc"
    }

    /// What may be done with a key (`key_ops`, RFC 7517 §4.3).
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        case sign
        case verify
        case encrypt
        case decrypt
        case wrapKey
        case unwrapKey
        case deriveKey
        case deriveBits
    }

    /// The key itself.
    enum Material: Sendable {
        case publicKey(PublicKey)
        case secret([UInt8])
    }

    /// The identifier (`kid`).
    public let keyID: String?
    /// What the key is for; `nil` where it does not say.
    public let use: Use?
    /// What may be done with the key; `nil` where it does not say. Operations that RFC 7517 does not name are left out.
    public let keyOperations: Set<Operation>?
    /// The only algorithm that the key is for; `nil` where it does not say.
    public let algorithm: JWSAlgorithm?
    /// Whose tokens the key signs, where a key set is for several issuers (`issuer`, which Microsoft Entra adds to
    /// RFC 7517); `nil` where it does not say.
    public let issuer: String?
    let material: Material

    init(
        _ material: Material, keyID: String?, use: Use?, keyOperations: Set<Operation>? = nil, algorithm: JWSAlgorithm?,
        issuer: String? = nil
    ) throws(JOSEError) {
        self.material = material
        self.keyID = keyID
        self.use = use
        self.keyOperations = keyOperations
        self.algorithm = algorithm
        self.issuer = issuer
        if let algorithm, !suits(algorithm) {
            throw JOSEError(.key, "a key's alg \(algorithm.rawValue) is for another kind of key")
        }
    }

    /// A secret as a key for HMAC: a client secret, say, whose UTF-8 bytes are the key (OIDC Core §10.1).
    ///
    /// Whether it is long enough for an algorithm is seen when it is used.
    public static func symmetric(_ secret: [UInt8], keyID: String? = nil) -> JWK {
        JWK(secret: secret, keyID: keyID)
    }

    private init(secret: [UInt8], keyID: String?) {
        material = .secret(secret)
        self.keyID = keyID
        use = nil
        keyOperations = nil
        algorithm = nil
        issuer = nil
    }

    /// The type of the key.
    public var keyType: KeyType {
        switch material {
        case .secret: .oct
        case .publicKey(let key):
            switch key.kind {
            case .rsa: .rsa
            case .ec: .ec
            case .ed25519: .okp
            }
        }
    }

    /// The key as a JSON Web Key without anything secret: of a symmetric key, only what describes it.
    public var publicMembers: JSONObject {
        var members: JSONObject = ["kty": .string(keyType.rawValue)]
        if let keyID { members["kid"] = .string(keyID) }
        if let use { members["use"] = .string(use.rawValue) }
        if let keyOperations {
            members["key_ops"] = .array(
                Operation.allCases.filter(keyOperations.contains).map { .string($0.rawValue) })
        }
        if let algorithm { members["alg"] = .string(algorithm.rawValue) }
        guard case .publicKey(let key) = material else { return members }
        switch key.components {
        case .rsa(let modulus, let exponent):
            members["n"] = .string(Base64URL.encode(modulus))
            members["e"] = .string(Base64URL.encode(exponent))
        case .ec(let curve, let x, let y):
            members["crv"] = .string(curve.name)
            members["x"] = .string(Base64URL.encode(x))
            members["y"] = .string(Base64URL.encode(y))
        case .ed25519(let bytes):
            members["crv"] = "Ed25519"
            members["x"] = .string(Base64URL.encode(bytes))
        }
        return members
    }

    /// Whether the key is of the kind that the algorithm takes: the algorithm is bound to the type and the curve.
    func suits(_ algorithm: JWSAlgorithm) -> Bool {
        switch material {
        case .secret: algorithm.isSymmetric
        case .publicKey(let key):
            if case .ec(let curve) = key.kind {
                algorithm.curve == curve
            } else {
                algorithm.keyType == keyType
            }
        }
    }

    /// Whether the key may verify signatures of the algorithm.
    package func mayVerify(_ algorithm: JWSAlgorithm) -> Bool {
        suits(algorithm) && (use ?? .signature) == .signature && (keyOperations?.contains(.verify) ?? true)
            && (self.algorithm?.isSame(as: algorithm) ?? true)
    }
}

extension JWK: CustomStringConvertible, CustomReflectable {
    /// The type and the identifier; never the key.
    public var description: String { "JWK(\(keyType.rawValue), kid: \(keyID ?? "none"))" }

    /// Nothing, so that a dump holds no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension EllipticCurve {
    /// The curve with the name that RFC 7518 §6.2.1.1 gives it.
    init?(name: String) {
        guard let curve = Self.allCases.first(where: { $0.name.isExactly(name) }) else { return nil }
        self = curve
    }

    /// The name that RFC 7518 §6.2.1.1 gives the curve.
    var name: String {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        case .secp256k1: "secp256k1"
        }
    }
}
