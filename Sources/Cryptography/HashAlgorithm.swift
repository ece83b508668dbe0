import COpenSSL

/// The hash functions of JOSE (FIPS 180-4).
package enum HashAlgorithm: Sendable, Hashable, CaseIterable {
    case sha256
    case sha384
    case sha512

    /// The length of a digest in bytes.
    package var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// OpenSSL's static description of the function; never freed.
    var description: OpaquePointer? {
        switch self {
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }

    fileprivate var fetched: FetchedDigest {
        switch self {
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}

/// The digest of the bytes.
package func digest(_ bytes: [UInt8], using hash: HashAlgorithm) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: hash.byteCount)
    let done = unsafe EVP_Digest(bytes, bytes.count, &result, nil, hash.fetched.pointer, nil)
    // SHA-2 takes any input. What is left is a lack of memory, where Swift itself ends the process.
    precondition(done == 1, "OpenSSL cannot compute a SHA-2 digest: examine its configuration (OPENSSL_CONF)")
    return result
}

/// A digest looked up once: OpenSSL 3 would look the static one up again in every call.
@safe private final class FetchedDigest: @unchecked Sendable {
    static let sha256 = FetchedDigest("SHA2-256")
    static let sha384 = FetchedDigest("SHA2-384")
    static let sha512 = FetchedDigest("SHA2-512")

    fileprivate let pointer: OpaquePointer?

    private init(_ name: String) { unsafe pointer = EVP_MD_fetch(nil, name, nil) }

    deinit { unsafe EVP_MD_free(pointer) }
}
