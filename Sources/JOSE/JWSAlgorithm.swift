package import Cryptography

/// The signature algorithms of RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2 and RFC 9864 §2.2 that this library has. `none` is no
/// algorithm.
public enum JWSAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    case rs384 = "RS384"
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    case rs512 = "RS512"
    /// RSASSA-PSS with SHA-256.
    case ps256 = "PS256"
    /// RSASSA-PSS with SHA-384.
    case ps384 = "PS384"
    /// RSASSA-PSS with SHA-512.
    case ps512 = "PS512"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// ECDSA on P-384 with SHA-384.
    case es384 = "ES384"
    /// ECDSA on P-521 with SHA-512.
    case es512 = "ES512"
    /// ECDSA on secp256k1 with SHA-256: used only where it is asked for by name.
    case es256k = "ES256K"
    /// EdDSA, which here is Ed25519 under its older name.
    case edDSA = "EdDSA"
    /// Ed25519.
    case ed25519 = "Ed25519"
    /// HMAC with SHA-256.
    case hs256 = "HS256"
    /// HMAC with SHA-384.
    case hs384 = "HS384"
    /// HMAC with SHA-512.
    case hs512 = "HS512"

    /// The type of key that the algorithm takes.
    public var keyType: JWK.KeyType {
        switch self {
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256, .es384, .es512, .es256k: .ec
        case .edDSA, .ed25519: .okp
        case .hs256, .hs384, .hs512: .oct
        }
    }

    /// Whether signing and verifying take the same, secret key.
    public var isSymmetric: Bool { keyType == .oct }

    /// The hash of the algorithm; for Ed25519 the one that is inside it (RFC 8032 §5.1), as OIDC Core §3.1.3.6 needs it.
    package var hash: HashAlgorithm {
        switch self {
        case .rs256, .ps256, .es256, .es256k, .hs256: .sha256
        case .rs384, .ps384, .es384, .hs384: .sha384
        case .rs512, .ps512, .es512, .hs512, .edDSA, .ed25519: .sha512
        }
    }

    /// The curve, for ECDSA.
    var curve: EllipticCurve? {
        switch self {
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        case .es256k: .secp256k1
        default: nil
        }
    }

    /// How a key pair signs; `nil` for HMAC.
    var scheme: SignatureScheme? {
        switch self {
        case .rs256, .rs384, .rs512: .rsaPKCS1(hash)
        case .ps256, .ps384, .ps512: .rsaPSS(hash)
        case .es256, .es384, .es512, .es256k: .ecdsa(hash)
        case .edDSA, .ed25519: .ed25519
        case .hs256, .hs384, .hs512: nil
        }
    }

    /// Whether the algorithm is used only where it is configured by its name, and not because a provider names it: a
    /// symmetric one, or one on a curve that few providers have reason to use.
    public var needsAsking: Bool { isSymmetric || self == .es256k }

    /// Whether both names stand for the same algorithm (RFC 9864 §2.2).
    func isSame(as other: JWSAlgorithm) -> Bool {
        self == other || (keyType == .okp && other.keyType == .okp)
    }
}
