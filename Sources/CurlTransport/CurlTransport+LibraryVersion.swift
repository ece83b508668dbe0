import CCurl

extension CurlTransport {
    /// The version of libcurl, such as `7.88.1`.
    package static var libraryVersion: String { unsafe String(cString: ccurl_version()) }
}
