import CCurl

/// The transfers that run together, with the connections and the TLS sessions that they leave behind.
///
/// Everything but ``wakeUp()`` belongs to one thread; `wakeUp` may be called from any (`curl_multi_wakeup(3)`), hence
/// the conformance.
@safe struct MultiHandle: ~Copyable, @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    /// The TLS sessions that a new connection can resume. Until 8.12 libcurl keeps them with a transfer otherwise, and
    /// each of ours is new.
    private let share: UnsafeMutableRawPointer

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// `keepingConnections`: how many idle connections are kept at most.
    init?(keepingConnections: Int) {
        guard Self.isLibraryReady, let multi = unsafe curl_multi_init() else { return nil }
        guard let share = unsafe curl_share_init() else {
            _ = unsafe curl_multi_cleanup(multi)
            return nil
        }
        unsafe self.multi = unsafe multi
        unsafe self.share = unsafe share
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, keepingConnections)
        _ = unsafe ccurl_share_set_data(share, CURL_LOCK_DATA_SSL_SESSION)
    }

    deinit {
        _ = unsafe curl_multi_cleanup(multi)
        _ = unsafe curl_share_cleanup(share)
    }

    func wakeUp() { _ = unsafe curl_multi_wakeup(multi) }

    func add(_ easy: borrowing EasyHandle) -> Bool { unsafe easy.add(to: multi, sharing: share) }

    func remove(_ easy: borrowing EasyHandle) { unsafe easy.remove(from: multi) }

    /// Moves every transfer as far as it goes without waiting.
    func perform() -> Bool {
        var running: Int32 = 0
        return unsafe curl_multi_perform(multi, &running) == CURLM_OK
    }

    /// Waits for a socket, for libcurl's next timer, for `wakeUp`, or for the time given.
    func wait(milliseconds: Int32) { _ = unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil) }

    /// The next transfer that ended.
    func nextFinished() -> (id: UInt, result: CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            var id: UnsafeMutableRawPointer?
            guard unsafe ccurl_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &id) == CURLE_OK else {
                continue
            }
            return unsafe (UInt(bitPattern: id), ccurl_message_result(message))
        }
        return nil
    }
}
