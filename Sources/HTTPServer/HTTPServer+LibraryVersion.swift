import CMicroHTTPD

extension HTTPServer {
    /// The version of libmicrohttpd, such as `0.9.75`.
    package static var libraryVersion: String { unsafe String(cString: MHD_get_version()) }
}
