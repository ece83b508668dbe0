import COpenSSL

/// The HMAC of the message (RFC 2104). Any key length is taken; what a key must have is the caller's rule.
package func hmac(
    _ message: [UInt8], key: [UInt8], using hash: HashAlgorithm
) throws(CryptographyError) -> [UInt8] {
    guard let length = Int32(exactly: key.count) else { throw CryptographyError(.invalidLength, "the key is too long") }
    var result = [UInt8](repeating: 0, count: hash.byteCount)
    guard unsafe HMAC(hash.description, key, length, message, message.count, &result, nil) != nil else {
        throw libraryFailure("HMAC")
    }
    return result
}

/// Whether both are the same, in a time that tells only their lengths.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// HKDF with SHA-256 (RFC 5869): `count` bytes, at most 255 × 32, of key material for the purpose that `info` names.
package func hkdfSHA256(
    _ secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int
) throws(CryptographyError) -> [UInt8] {
    guard (1...255 * 32).contains(count), !secret.isEmpty, secret.count <= 1 << 20, salt.count <= 1 << 20,
        info.count <= 1024
    else { throw CryptographyError(.invalidLength, "HKDF takes a secret, at most 1024 bytes of info, gives 1 to 8160") }
    guard let context = unsafe EVP_PKEY_CTX_new_id(NID_hkdf, nil) else { throw libraryFailure("HKDF") }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var result = [UInt8](repeating: 0, count: count)
    var written = count
    guard unsafe EVP_PKEY_derive_init(context) == 1,
        unsafe EVP_PKEY_CTX_set_hkdf_md(context, HashAlgorithm.sha256.description) == 1,
        unsafe EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1,
        unsafe EVP_PKEY_CTX_set1_hkdf_key(context, secret, Int32(secret.count)) == 1,
        unsafe EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1,
        unsafe EVP_PKEY_derive(context, &result, &written) == 1, written == count
    else { throw libraryFailure("HKDF") }
    return result
}

/// Random bytes; with `SystemRandomNumberGenerator` they are fit for keys.
package func randomBytes(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 7)
    while bytes.count < count {
        let word: UInt64 = generator.next()
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}

/// The error for a call that fails for no reason of the input's. Empties OpenSSL's error queue, which would otherwise
/// be read as the next call's.
func libraryFailure(_ operation: String) -> CryptographyError {
    let number = ERR_peek_last_error()
    ERR_clear_error()
    return CryptographyError(.library, "OpenSSL: \(operation) failed (error \(String(number, radix: 16)))")
}
