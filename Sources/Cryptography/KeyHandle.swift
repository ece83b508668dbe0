import COpenSSL
import Synchronization

/// An `EVP_PKEY`. It is never changed once made, and OpenSSL allows its use by several threads.
@safe final class KeyHandle: @unchecked Sendable {
    private let key: OpaquePointer
    /// Contexts that are set up once and copied for each signature: the setting up costs a quarter of a verification.
    private let prepared = Mutex<[Use: DigestContext]>([:])

    private struct Use: Hashable {
        let scheme: SignatureScheme
        let signs: Bool
    }

    /// Takes over an `EVP_PKEY`.
    init(adopting key: OpaquePointer) { unsafe self.key = unsafe key }

    deinit { unsafe EVP_PKEY_free(key) }

    /// The key that the parameters make. Throws `.invalidKey` where they make none.
    convenience init(
        _ parameters: consuming KeyParameters, type: String, isPrivate: Bool
    ) throws(CryptographyError) {
        guard let key = unsafe try parameters.makeKey(type: type, isPrivate: isPrivate) else {
            throw CryptographyError(.invalidKey, "the parameters are no \(type) key")
        }
        unsafe self.init(adopting: key)
    }

    /// An Ed25519 key from its 32 bytes.
    convenience init(ed25519 bytes: [UInt8], isPrivate: Bool) throws(CryptographyError) {
        guard bytes.count == 32 else { throw CryptographyError(.invalidKey, "an Ed25519 key has 32 bytes") }
        let key =
            isPrivate
            ? unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
            : unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        guard let key = unsafe key else { throw libraryFailure("Ed25519") }
        unsafe self.init(adopting: key)
    }

    /// A private key as a PEM file holds it: PKCS #8, or the older forms (RFC 7468 §10). A file with a passphrase is
    /// refused: nobody is there to be asked for one.
    convenience init(pem bytes: [UInt8]) throws(CryptographyError) {
        guard let source = unsafe BIO_new(BIO_s_mem()) else { throw libraryFailure("PEM") }
        defer { unsafe BIO_free(source) }
        guard let count = Int32(exactly: bytes.count), unsafe BIO_write(source, bytes, count) == count else {
            throw libraryFailure("PEM")
        }
        // An empty passphrase, given: without one OpenSSL would ask on the terminal.
        var passphrase: CChar = 0
        let key = unsafe PEM_read_bio_PrivateKey(source, nil, nil, &passphrase)
        ERR_clear_error()
        guard let key = unsafe key else {
            throw CryptographyError(.invalidKey, "there is no private key in PEM without a passphrase")
        }
        unsafe self.init(adopting: key)
    }

    /// What the key is; `nil` for kinds that are not used here.
    func kind() -> KeyKind? {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: return .rsa(bits: Int(unsafe EVP_PKEY_get_bits(key)))
        case EVP_PKEY_ED25519: return .ed25519
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 64)
            var count = 0
            guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return nil }
            let text = String(decoding: name.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            // String: the names are ASCII, and OpenSSL's.
            return EllipticCurve.allCases.first { $0.names.contains(text) }.map { .ec($0) }
        default: return nil
        }
    }

    /// A new key pair.
    convenience init(generating kind: KeyKind) throws(CryptographyError) {
        let type =
            switch kind {
            case .rsa: "RSA"
            case .ec: "EC"
            case .ed25519: "ED25519"
            }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { throw libraryFailure(type) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw libraryFailure(type) }
        let isSet: Int32 =
            switch kind {
            case .rsa(let bits): unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(clamping: bits))
            case .ec(let curve): unsafe EVP_PKEY_CTX_set_group_name(context, "\(curve.groupName)")
            case .ed25519: 1
            }
        var key: OpaquePointer?
        guard isSet == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            throw libraryFailure("\(type) key generation")
        }
        unsafe self.init(adopting: key)
    }

    /// Whether the private half belongs to the public half (for RSA: and the primes are primes of the modulus).
    func isConsistent() throws(CryptographyError) -> Bool {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { throw libraryFailure("key check") }
        defer {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        return unsafe EVP_PKEY_pairwise_check(context) == 1
    }

    /// A number of the key, big-endian, with zeros in front up to `byteCount`.
    func number(_ name: String, byteCount: Int? = nil) throws(CryptographyError) -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else {
            throw libraryFailure("reading a key")
        }
        defer { unsafe BN_clear_free(number) }
        let count = byteCount ?? Int(unsafe (BN_num_bits(number) + 7) / 8)
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe BN_bn2binpad(number, &bytes, Int32(count)) == count else { throw libraryFailure("reading a key") }
        return bytes
    }

    /// The 32 bytes of an Ed25519 key.
    func ed25519Bytes(isPrivate: Bool) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        let read =
            isPrivate
            ? unsafe EVP_PKEY_get_raw_private_key(key, &bytes, &count)
            : unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count)
        guard read == 1, count == 32 else { throw libraryFailure("reading a key") }
        return bytes
    }

    /// Whether the signature, in OpenSSL's form, is the key's for the message.
    func verifies(
        _ signature: [UInt8], for message: [UInt8], scheme: SignatureScheme
    ) throws(CryptographyError) -> Bool {
        let context = try context(for: Use(scheme: scheme, signs: false))
        return context.verifies(signature, for: message)
    }

    /// A signature in OpenSSL's form.
    func sign(_ message: [UInt8], scheme: SignatureScheme) throws(CryptographyError) -> [UInt8] {
        let context = try context(for: Use(scheme: scheme, signs: true))
        return try context.sign(message)
    }

    private func context(for use: Use) throws(CryptographyError) -> DigestContext {
        try prepared.withLock { contexts throws(CryptographyError) in
            if let known = contexts[use] { return try known.copy() }
            let made = try unsafe DigestContext(key: key, scheme: use.scheme, signs: use.signs)
            contexts[use] = made
            return try made.copy()
        }
    }
}

/// An `EVP_MD_CTX` set up for one key and scheme. Not for several threads at once: who uses one, has a copy.
@safe private final class DigestContext: @unchecked Sendable {
    private let pointer: OpaquePointer

    private init() throws(CryptographyError) {
        guard let pointer = unsafe EVP_MD_CTX_new() else { throw libraryFailure("context") }
        unsafe self.pointer = unsafe pointer
    }

    convenience init(key: OpaquePointer, scheme: SignatureScheme, signs: Bool) throws(CryptographyError) {
        try self.init()
        var options: OpaquePointer?
        let start = unsafe signs ? EVP_DigestSignInit : EVP_DigestVerifyInit
        guard unsafe start(pointer, &options, scheme.hash?.description, nil, key) == 1 else {
            throw libraryFailure("signature")
        }
        if case .rsaPSS = scheme {
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1
            else { throw libraryFailure("RSASSA-PSS") }
        }
    }

    deinit { unsafe EVP_MD_CTX_free(pointer) }

    func copy() throws(CryptographyError) -> DigestContext {
        let copy = try DigestContext()
        guard unsafe EVP_MD_CTX_copy_ex(copy.pointer, pointer) == 1 else { throw libraryFailure("signature") }
        return copy
    }

    func verifies(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let result = unsafe EVP_DigestVerify(pointer, signature, signature.count, message, message.count)
        // Negative for a signature that is not even well formed.
        if result != 1 { ERR_clear_error() }
        return result == 1
    }

    func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        var count = 0
        guard unsafe EVP_DigestSign(pointer, nil, &count, message, message.count) == 1 else {
            throw libraryFailure("signing")
        }
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(pointer, &signature, &count, message, message.count) == 1 else {
            throw libraryFailure("signing")
        }
        signature.removeLast(signature.count - count)
        return signature
    }
}
