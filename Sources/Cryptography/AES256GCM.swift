import COpenSSL

/// Authenticated encryption with AES-256 in Galois/Counter Mode (NIST SP 800-38D): a key of 32 bytes, a nonce of 12 that
/// is never used twice with one key, a tag of 16 at the end of the ciphertext.
package enum AES256GCM {
    package static let keyByteCount = 32
    package static let nonceByteCount = 12
    package static let tagByteCount = 16

    /// The ciphertext and the tag.
    package static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let context = try CipherContext()
        try context.start(key: key, nonce: nonce, seals: true)
        var sealed = try context.update(plaintext, authenticating: associated)
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        guard context.finish(), context.readTag(&tag) else { throw libraryFailure("AES-256-GCM") }
        sealed.append(contentsOf: tag)
        return sealed
    }

    /// The plaintext. Throws `.authentication` where anything about the sealed bytes, the key, the nonce or the
    /// associated data differs from what was sealed.
    package static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], authenticating associated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.count >= tagByteCount else {
            throw CryptographyError(.authentication, "the sealed bytes are shorter than a tag")
        }
        let context = try CipherContext()
        try context.start(key: key, nonce: nonce, seals: false)
        let plaintext = try context.update(Array(sealed.dropLast(tagByteCount)), authenticating: associated)
        guard context.expectTag(Array(sealed.suffix(tagByteCount))), context.finish() else {
            ERR_clear_error()
            throw CryptographyError(.authentication, "the sealed bytes are not authentic")
        }
        return plaintext
    }
}

/// The cipher looked up once: OpenSSL 3 would look the static one up again in every call.
@safe private final class FetchedCipher: @unchecked Sendable {
    static let shared = FetchedCipher()

    fileprivate let pointer: OpaquePointer?

    private init() { unsafe pointer = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) }

    deinit { unsafe EVP_CIPHER_free(pointer) }
}

/// One encryption or decryption under way.
@safe private struct CipherContext: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let pointer = unsafe EVP_CIPHER_CTX_new() else { throw libraryFailure("AES-256-GCM") }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe EVP_CIPHER_CTX_free(pointer) }

    func start(key: [UInt8], nonce: [UInt8], seals: Bool) throws(CryptographyError) {
        guard key.count == AES256GCM.keyByteCount, nonce.count == AES256GCM.nonceByteCount else {
            throw CryptographyError(.invalidLength, "AES-256-GCM takes a key of 32 and a nonce of 12 bytes")
        }
        guard unsafe EVP_CipherInit_ex(pointer, FetchedCipher.shared.pointer, nil, key, nonce, seals ? 1 : 0) == 1
        else {
            throw libraryFailure("AES-256-GCM")
        }
    }

    func update(_ bytes: [UInt8], authenticating associated: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let count = Int32(exactly: bytes.count), let associatedCount = Int32(exactly: associated.count) else {
            throw CryptographyError(.invalidLength, "more than 2 GiB at once")
        }
        var result = [UInt8](repeating: 0, count: bytes.count)
        var written: Int32 = 0
        guard
            unsafe associated.isEmpty
                || EVP_CipherUpdate(pointer, nil, &written, associated, associatedCount) == 1,
            unsafe bytes.isEmpty || EVP_CipherUpdate(pointer, &result, &written, bytes, count) == 1
        else { throw libraryFailure("AES-256-GCM") }
        return result
    }

    /// `false` in a decryption whose tag does not fit.
    func finish() -> Bool {
        var nothing: [UInt8] = [0]
        var written: Int32 = 0
        return unsafe EVP_CipherFinal_ex(pointer, &nothing, &written) == 1
    }

    func readTag(_ tag: inout [UInt8]) -> Bool {
        unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    }

    func expectTag(_ tag: [UInt8]) -> Bool {
        var tag = tag
        return unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
    }
}
