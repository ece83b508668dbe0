import COpenSSL

/// The parameters from which OpenSSL builds a key. The builder of OpenSSL keeps the pointers it is given, so names are
/// static and numbers and bytes are owned here until the key is made.
@safe struct KeyParameters: ~Copyable {
    private let builder: OpaquePointer
    private var numbers: [OpaquePointer] = unsafe []
    private var octets: [UnsafeMutableRawBufferPointer] = unsafe []

    init() throws(CryptographyError) {
        guard let builder = unsafe OSSL_PARAM_BLD_new() else { throw libraryFailure("parameters") }
        unsafe self.builder = unsafe builder
    }

    deinit {
        unsafe OSSL_PARAM_BLD_free(builder)
        for index in unsafe numbers.indices { unsafe BN_clear_free(numbers[index]) }
        for index in unsafe octets.indices {
            unsafe OPENSSL_cleanse(octets[index].baseAddress, octets[index].count)
            unsafe octets[index].deallocate()
        }
    }

    /// Adds an unsigned big-endian number.
    mutating func add(_ name: StaticString, number bytes: [UInt8]) throws(CryptographyError) {
        guard let count = Int32(exactly: bytes.count), let number = unsafe BN_bin2bn(bytes, count, nil) else {
            throw libraryFailure("parameters")
        }
        unsafe numbers.append(number)
        guard unsafe OSSL_PARAM_BLD_push_BN(builder, Self.pointer(name), number) == 1 else {
            throw libraryFailure("parameters")
        }
    }

    /// Adds bytes as they are.
    mutating func add(_ name: StaticString, octets bytes: [UInt8]) throws(CryptographyError) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        unsafe copy.copyBytes(from: bytes)
        unsafe octets.append(copy)
        guard unsafe OSSL_PARAM_BLD_push_octet_string(builder, Self.pointer(name), copy.baseAddress, copy.count) == 1
        else { throw libraryFailure("parameters") }
    }

    /// Adds a name.
    func add(_ name: StaticString, text: StaticString) throws(CryptographyError) {
        guard unsafe OSSL_PARAM_BLD_push_utf8_string(builder, Self.pointer(name), Self.pointer(text), 0) == 1 else {
            throw libraryFailure("parameters")
        }
    }

    /// An `EVP_PKEY` that the caller owns, or `nil` where OpenSSL finds that the parameters make no key.
    consuming func makeKey(type: String, isPrivate: Bool) throws(CryptographyError) -> OpaquePointer? {
        guard let parameters = unsafe OSSL_PARAM_BLD_to_param(builder) else { throw libraryFailure("parameters") }
        defer { unsafe OSSL_PARAM_free(parameters) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { throw libraryFailure(type) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_fromdata_init(context) == 1 else { throw libraryFailure(type) }
        var key: OpaquePointer?
        let selection = isPrivate ? copenssl_key_pair : copenssl_public_key
        let made = unsafe EVP_PKEY_fromdata(context, &key, selection, parameters)
        ERR_clear_error()
        guard made == 1 else {
            unsafe EVP_PKEY_free(key)
            return nil
        }
        return unsafe key
    }

    private static func pointer(_ text: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
