/// A request as a handler sees it: read whole, its target in origin form (RFC 9112 §3.2.1).
public struct HTTPRequest: Sendable {
    /// What is asked for.
    public var method: HTTPMethod
    /// The path, percent-decoded; always begins with a slash.
    public let path: String
    /// The query as it came, still encoded; `nil` where the target has none.
    public let query: String?
    /// The header fields.
    public var fields: HTTPFields
    /// The body, whole; empty where there is none.
    public var body: [UInt8]
    /// The address of the peer that holds the connection, without a port; empty in tests that have no socket.
    public var peerAddress: String

    /// `nil` where the target is no path, holds a `#` or anything but visible ASCII (RFC 9112 §3.2), or its path's
    /// percent-encoding does not give UTF-8 without control bytes.
    public init?(
        method: HTTPMethod, target: String, fields: HTTPFields = HTTPFields(), body: [UInt8] = [],
        peerAddress: String = ""
    ) {
        guard target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { return nil }
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        guard let path = percentDecoded(target[..<(mark ?? target.endIndex)], plusIsSpace: false),
            !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        self.method = method
        self.path = path
        self.query = mark.flatMap { String(target.utf8[$0...].dropFirst()) }
        self.fields = fields
        self.body = body
        self.peerAddress = peerAddress
    }
}

/// What answers requests: an application, a router, a provider.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse
