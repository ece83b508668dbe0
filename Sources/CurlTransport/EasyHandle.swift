import CCurl

/// One libcurl transfer: its options, its header list and its error text, freed together.
@safe struct EasyHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private var fields: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl refused: a limit must not get lost in silence.
    private(set) var refusedOption: CURLcode = CURLE_OK

    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = unsafe handle
        let size = Int(CURL_ERROR_SIZE)
        unsafe errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
        unsafe errorBuffer.initialize(repeating: 0, count: size)
        unsafe fields = nil
        unsafe note(ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer))
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(fields)
        unsafe errorBuffer.deallocate()
    }

    /// What libcurl wrote about the failure; empty where it wrote nothing.
    var errorText: String { unsafe String(cString: errorBuffer) }

    mutating func set(_ option: CURLoption, _ value: Int) {
        unsafe note(ccurl_set_long(handle, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: String?) {
        unsafe note(ccurl_set_string(handle, option, value))
    }

    /// libcurl copies the bytes.
    mutating func setBody(_ body: [UInt8]) {
        unsafe note(ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        // Never an empty buffer: its address may be nil, by which libcurl means another thing.
        let code = unsafe (body + [0]).withUnsafeBytes {
            unsafe ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
        }
        note(code)
    }

    /// libcurl copies the bytes.
    mutating func setBlob(_ option: CURLoption, _ bytes: [UInt8]) {
        var bytes = bytes
        let code = unsafe bytes.withUnsafeMutableBytes { buffer in
            var blob = unsafe curl_blob(
                data: buffer.baseAddress, len: buffer.count, flags: UInt32(CURL_BLOB_COPY))
            return unsafe ccurl_set_blob(handle, option, &blob)
        }
        note(code)
    }

    /// Adds a line `Name: value` to the request's header.
    mutating func appendField(_ line: String) {
        guard let longer = unsafe curl_slist_append(fields, line) else {
            note(CURLE_OUT_OF_MEMORY)
            return
        }
        unsafe fields = unsafe longer
        unsafe note(ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, longer))
    }

    /// Sets the functions that libcurl calls, and what they get: it has to outlive the handle.
    mutating func setReceiver(
        _ receiver: UnsafeMutableRawPointer, header: ccurl_data_function, body: ccurl_data_function,
        beforeRequest: curl_prereq_callback
    ) {
        unsafe note(ccurl_set_data_function(handle, CURLOPT_HEADERFUNCTION, header))
        unsafe note(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, receiver))
        unsafe note(ccurl_set_data_function(handle, CURLOPT_WRITEFUNCTION, body))
        unsafe note(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, receiver))
        unsafe note(ccurl_set_before_request(handle, beforeRequest))
        unsafe note(ccurl_set_pointer(handle, CURLOPT_PREREQDATA, receiver))
    }

    /// A number by which ``MultiHandle/nextFinished()`` names the transfer.
    mutating func setID(_ id: UInt) {
        unsafe note(ccurl_set_pointer(handle, CURLOPT_PRIVATE, UnsafeRawPointer(bitPattern: id)))
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        guard unsafe ccurl_get_long(handle, info, &value) == CURLE_OK else { return 0 }
        return value
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, refusedOption == CURLE_OK { refusedOption = code }
    }

    /// Adds the transfer, which shares what `share` holds with others.
    borrowing func add(to multi: UnsafeMutableRawPointer, sharing share: UnsafeMutableRawPointer) -> Bool {
        unsafe ccurl_set_pointer(handle, CURLOPT_SHARE, share) == CURLE_OK
            && curl_multi_add_handle(multi, handle) == CURLM_OK
    }

    borrowing func remove(from multi: UnsafeMutableRawPointer) {
        _ = unsafe curl_multi_remove_handle(multi, handle)
    }
}
