import Cryptography

/// A signed token in the compact serialization (RFC 7515 §7.1), taken apart and not yet verified.
public struct JWS: Sendable {
    /// What the token says of itself.
    public let header: JWSHeader
    private let signingInput: [UInt8]
    /// What the token carries: not to be believed, only to choose whose keys to ask.
    package let unverifiedPayload: [UInt8]
    private let signature: [UInt8]

    /// Takes a token apart.
    ///
    /// Throws `.form` where there are not three parts, `.base64url` or `.json` for what is in them, and `.header`,
    /// `.algorithmNone`, `.algorithmUnknown`, `.critical` for what the header says.
    public init(compact: String) throws(JOSEError) {
        let bytes = Array(compact.utf8)
        let dots = Self.dots(in: bytes)
        guard dots.count == 2 else {
            let isEncrypted = dots.count == 4
            throw JOSEError(
                .form, isEncrypted ? "the token is encrypted, not signed" : "a signed token has three parts")
        }
        let headerBytes = try Base64URL.decode(ascii: bytes[..<dots[0]])
        let headerObject: JSONObject
        do {
            headerObject = try JSONObject(parsing: headerBytes)
        } catch {
            throw JOSEError(.json, "the header: \(error)")
        }
        header = try JWSHeader(headerObject)
        unverifiedPayload = try Base64URL.decode(ascii: bytes[(dots[0] + 1)..<dots[1]])
        signature = try Base64URL.decode(ascii: bytes[(dots[1] + 1)...])
        signingInput = Array(bytes[..<dots[1]])
    }

    /// Where the first dots stand, of which an encrypted token has four.
    private static func dots(in bytes: [UInt8]) -> [Int] {
        let span = bytes.span
        var dots: [Int] = []
        for index in span.indices where span[index] == UInt8(ascii: ".") {
            dots.append(index)
            if dots.count > 4 { break }
        }
        return dots
    }

    /// The most keys that are tried for one token. A set with several keys needs tokens with a `kid` (OIDC Core §10.1): a few
    /// more than one are there while keys change. Each further key would be work that anybody can cause who can send a token.
    public static let maximumTriedKeyCount = 4

    /// The payload, once a key of the set is found to have signed it with an algorithm that is allowed.
    ///
    /// The keys that are tried are of the algorithm's type and curve, not meant for anything else (`use`, `key_ops`,
    /// `alg`), and have the header's `kid`. Where the header has none, or several keys have it, the first
    /// ``maximumTriedKeyCount`` that fit are tried. A symmetric key without a `kid` fits any: nobody can name a secret that was
    /// not published.
    ///
    /// Throws `.algorithmNotAllowed`, `.keyNotFound` where no key has the `kid`, `.noFittingKey`, `.key` where a secret
    /// is too short for the algorithm (RFC 7518 §3.2), `.signature`, and `.tooManyKeys` in place of it where keys that fit were
    /// not tried.
    public func verify(using keys: JWKSet, allowing allowed: Set<JWSAlgorithm>) throws(JOSEError) -> VerifiedPayload {
        let algorithm = header.algorithm
        guard allowed.contains(algorithm) else {
            throw JOSEError(
                .algorithmNotAllowed, "the token is signed with \(algorithm.rawValue), which is not agreed on")
        }
        let named = header.keyID.map { keys.keys(named: $0) } ?? keys.keys
        guard header.keyID == nil || !named.isEmpty else {
            throw JOSEError(.keyNotFound, "no key has the kid that the token names")
        }
        let fitting = named.filter { $0.mayVerify(algorithm) }
        guard !fitting.isEmpty else { throw JOSEError(.noFittingKey, "no key is for \(algorithm.rawValue)") }
        for key in fitting.prefix(Self.maximumTriedKeyCount) where try isSigned(by: key) {
            return VerifiedPayload(bytes: unverifiedPayload, header: header, keyID: key.keyID, keyIssuer: key.issuer)
        }
        guard fitting.count <= Self.maximumTriedKeyCount else {
            throw JOSEError(
                .tooManyKeys,
                "\(fitting.count) keys fit the token, and the signature is by none of the first \(Self.maximumTriedKeyCount)"
            )
        }
        throw JOSEError(.signature, "the signature is not by the key")
    }

    private func isSigned(by key: JWK) throws(JOSEError) -> Bool {
        let algorithm = header.algorithm
        return try JOSEError.translating { () throws(CryptographyError) in
            switch (key.material, algorithm.scheme) {
            case (.publicKey(let key), let scheme?):
                return try key.isValid(signature, for: signingInput, scheme: scheme)
            case (.secret(let secret), nil):
                try requireLength(of: secret, for: algorithm)
                return equalInConstantTime(signature, try hmac(signingInput, key: secret, using: algorithm.hash))
            default: return false
            }
        }
    }
}

/// What a token carries, its signature verified. There is no other way to one.
public struct VerifiedPayload: Sendable {
    /// The payload.
    public let bytes: [UInt8]
    /// The token's header.
    public let header: JWSHeader
    /// The identifier of the key that verified it.
    public let keyID: String?
    /// The issuer that the key set names for that key (``JWK/issuer``).
    public let keyIssuer: String?

    fileprivate init(bytes: [UInt8], header: JWSHeader, keyID: String?, keyIssuer: String?) {
        self.bytes = bytes
        self.header = header
        self.keyID = keyID
        self.keyIssuer = keyIssuer
    }
}

/// RFC 7518 §3.2: a key for HMAC is at least as long as the hash.
func requireLength(of secret: [UInt8], for algorithm: JWSAlgorithm) throws(CryptographyError) {
    let needed = algorithm.hash.byteCount
    guard secret.count >= needed else {
        throw CryptographyError(
            .weakKey, "\(algorithm.rawValue) needs a secret of at least \(needed) bytes, this one has \(secret.count)")
    }
}
