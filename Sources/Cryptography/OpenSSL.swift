import COpenSSL

/// The library below.
package enum OpenSSL {
    /// Its version, such as `3.0.17`.
    package static var version: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }
}
