import ByteText
import Cryptography

/// A key that signs tokens with one algorithm.
public struct SigningKey: Sendable {
    private enum Material: Sendable {
        case pair(PrivateKey, SignatureScheme)
        case secret([UInt8])
    }

    /// The algorithm of the signatures.
    public let algorithm: JWSAlgorithm
    /// The identifier that goes into the header (`kid`).
    public let keyID: String?
    /// The key that verifies: what a provider publishes. Of a secret it is the secret, and its
    /// ``JWK/publicMembers`` are without it.
    public let publicJWK: JWK
    private let material: Material

    private init(_ material: Material, _ algorithm: JWSAlgorithm, keyID: String?) throws(JOSEError) {
        self.material = material
        self.algorithm = algorithm
        self.keyID = keyID
        let verifying: JWK.Material =
            switch material {
            case .pair(let key, _): .publicKey(key.publicKey)
            case .secret(let secret): .secret(secret)
            }
        publicJWK = try JWK(verifying, keyID: keyID, use: .signature, algorithm: algorithm)
    }

    /// A new key: RSA of 2048 bits, the curve of the algorithm, or a secret as long as the hash.
    public static func generate(_ algorithm: JWSAlgorithm, keyID: String?) throws(JOSEError) -> SigningKey {
        guard let scheme = algorithm.scheme else {
            var generator = SystemRandomNumberGenerator()
            return try symmetric(
                randomBytes(algorithm.hash.byteCount, using: &generator), algorithm, keyID: keyID)
        }
        let kind: KeyKind =
            if let curve = algorithm.curve {
                .ec(curve)
            } else if algorithm.keyType == .rsa {
                .rsa(bits: 2048)
            } else {
                .ed25519
            }
        let pair = try JOSEError.translating { () throws(CryptographyError) in try PrivateKey.generate(kind) }
        return try SigningKey(.pair(pair, scheme), algorithm, keyID: keyID)
    }

    /// A secret as a key for HMAC. Throws `.key` where it is shorter than the hash (RFC 7518 §3.2).
    public static func symmetric(
        _ secret: [UInt8], _ algorithm: JWSAlgorithm, keyID: String? = nil
    ) throws(JOSEError) -> SigningKey {
        guard algorithm.isSymmetric else {
            throw JOSEError(.key, "\(algorithm.rawValue) does not sign with a secret")
        }
        try JOSEError.translating { () throws(CryptographyError) in try requireLength(of: secret, for: algorithm) }
        return try SigningKey(.secret(secret), algorithm, keyID: keyID)
    }

    /// Reads a private or symmetric JSON Web Key. The algorithm is the key's `alg`, or the one given where it has none.
    ///
    /// Throws `.key` where the key is malformed or weak, its parts do not belong together, it is not for signing, or no
    /// algorithm is known.
    public init(jwk object: JSONObject, algorithm: JWSAlgorithm? = nil) throws(JOSEError) {
        let key = try JWK(object)
        guard let algorithm = key.algorithm ?? algorithm else {
            throw JOSEError(.key, "the key has no alg, and none was given")
        }
        guard key.suits(algorithm) else { throw JOSEError(.key, "the key is not for \(algorithm.rawValue)") }
        guard key.use != .encryption, key.keyOperations?.contains(.sign) ?? true else {
            throw JOSEError(.key, "the key is not for signing")
        }
        switch (key.material, algorithm.scheme) {
        case (.publicKey(let publicKey), let scheme?):
            let components = try KeyMembers(object: object).privateComponents(of: publicKey)
            let pair = try JOSEError.translating { () throws(CryptographyError) in
                try PrivateKey(components, publicKey: publicKey)
            }
            try self.init(.pair(pair, scheme), algorithm, keyID: key.keyID)
        case (.secret(let secret), _): self = try .symmetric(secret, algorithm, keyID: key.keyID)
        default: throw JOSEError(.key, "the key is not for \(algorithm.rawValue)")
        }
    }

    /// Reads the first private key of a PEM file. Without an algorithm given, RSA signs with RS256, a curve with its own,
    /// Ed25519 with EdDSA.
    ///
    /// Throws `.key` where there is no private key, or one with a passphrase; where it is weak; where the algorithm is
    /// another kind of key's.
    public init(pem bytes: [UInt8], algorithm: JWSAlgorithm? = nil, keyID: String? = nil) throws(JOSEError) {
        let pair = try JOSEError.translating { () throws(CryptographyError) in try PrivateKey(pem: bytes) }
        let algorithm = algorithm ?? pair.publicKey.kind.usualAlgorithm
        guard let scheme = algorithm.scheme else {
            throw JOSEError(.key, "\(algorithm.rawValue) does not sign with a key pair")
        }
        try self.init(.pair(pair, scheme), algorithm, keyID: keyID)
    }

    /// The key as a JSON Web Key with its secret, to be stored where nobody else reads.
    public var privateMembers: JSONObject {
        get throws(JOSEError) {
            var members = publicJWK.publicMembers
            switch material {
            case .secret(let secret): members["k"] = .string(Base64URL.encode(secret))
            case .pair(let key, _):
                let components = try JOSEError.translating { () throws(CryptographyError) in try key.components() }
                for (name, bytes) in components.members { members[name] = .string(Base64URL.encode(bytes)) }
            }
            return members
        }
    }

    /// A token in the compact serialization (RFC 7515 §7.1): the payload, signed. The header has `alg`, `typ` and `kid`
    /// where there are, and the extra members.
    ///
    /// Throws `.header` where an extra member is one of those, or `crit` or `b64`.
    public func sign(
        payload: [UInt8], type: String? = nil, extraHeader: JSONObject = [:]
    ) throws(JOSEError) -> String {
        var header: JSONObject = ["alg": .string(algorithm.rawValue)]
        if let type { header["typ"] = .string(type) }
        if let keyID { header["kid"] = .string(keyID) }
        for (name, value) in extraHeader.members {
            guard !["alg", "typ", "kid", "crit", "b64"].containsExactly(name) else {
                throw JOSEError(.header, "\(name) is no extra header member")
            }
            header[name] = value
        }
        let input = Base64URL.encode(header.serialized()) + "." + Base64URL.encode(payload)
        return input + "." + Base64URL.encode(try signature(for: Array(input.utf8)))
    }

    /// The signature of any bytes.
    package func signature(for message: [UInt8]) throws(JOSEError) -> [UInt8] {
        try JOSEError.translating { () throws(CryptographyError) in
            switch material {
            case .pair(let key, let scheme): try key.sign(message, scheme: scheme)
            case .secret(let secret): try hmac(message, key: secret, using: algorithm.hash)
            }
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The algorithm and the identifier; never the key.
    public var description: String { "SigningKey(\(algorithm.rawValue), kid: \(keyID ?? "none"))" }

    /// Nothing, so that a dump holds no secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension KeyKind {
    fileprivate var usualAlgorithm: JWSAlgorithm {
        switch self {
        case .rsa: .rs256
        case .ec(.p256): .es256
        case .ec(.p384): .es384
        case .ec(.p521): .es512
        case .ec(.secp256k1): .es256k
        case .ed25519: .edDSA
        }
    }
}

extension KeyMembers {
    /// The private members (RFC 7518 §6.2.2, §6.3.2; RFC 8037 §2). Of RSA all are needed but `oth`.
    fileprivate func privateComponents(of key: PublicKey) throws(JOSEError) -> PrivateKey.Components {
        switch key.kind {
        case .rsa:
            guard object["oth"] == nil else { throw JOSEError(.key, "an RSA key has more than two primes") }
            return .rsa(
                PrivateKey.Components.RSA(
                    d: try bytes("d"), p: try bytes("p"), q: try bytes("q"), dp: try bytes("dp"), dq: try bytes("dq"),
                    qi: try bytes("qi")))
        case .ec: return .ec(privateKey: try bytes("d"))
        case .ed25519: return .ed25519(seed: try bytes("d"))
        }
    }
}

extension PrivateKey.Components {
    fileprivate var members: [(String, [UInt8])] {
        switch self {
        case .rsa(let key):
            [("d", key.d), ("p", key.p), ("q", key.q), ("dp", key.dp), ("dq", key.dq), ("qi", key.qi)]
        case .ec(let privateKey): [("d", privateKey)]
        case .ed25519(let seed): [("d", seed)]
        }
    }
}
