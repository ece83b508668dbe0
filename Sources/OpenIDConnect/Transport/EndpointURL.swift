import ByteText

/// An absolute URL that requests may be sent to or a browser be redirected to: `https`, or `http` where that was allowed;
/// a host; no user information, no fragment, no white space, control bytes or backslash (RFC 3986; RFC 9700 §4.11).
public struct EndpointURL: Sendable, Hashable, CustomStringConvertible {
    /// The schemes that an endpoint may have.
    public enum Scheme: String, Sendable, Hashable {
        case https
        case http
    }

    /// When `http` is let through.
    public enum PlainHTTP: Sendable, Hashable {
        /// Not at all.
        case nowhere
        /// For `localhost`, `127.0.0.0/8` and `::1` only: nothing leaves the machine.
        case onLoopback
        /// Everywhere: an explicit choice for a closed network.
        case everywhere
    }

    /// The URL as it was given, byte for byte.
    public let string: String
    /// The scheme.
    public let scheme: Scheme
    /// The host in lower case, an IPv6 address in its brackets.
    public let host: String
    /// The port, the scheme's own where none was given.
    public let port: UInt16
    /// The path as it was given, still encoded; empty where there is none.
    public let path: String
    /// The query as it was given, still encoded.
    public let query: String?

    /// Scheme, host and, where it is not the scheme's own, port.
    public var origin: String {
        let usual: UInt16 = scheme == .https ? 443 : 80
        return "\(scheme.rawValue)://\(host)" + (port == usual ? "" : ":\(port)")
    }

    /// The URL with more parameters in its query; a query that it has of its own is kept (RFC 6749 §3.1).
    func appending(_ parameters: [(name: String, value: String)]) -> String {
        let joint =
            // String: a URL is ASCII.
            switch query {
            case nil: "?"
            case "": ""
            case .some: "&"
            }
        return string + joint + formEncoded(parameters)
    }

    /// Whether the host is `localhost` (or below it), `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool {
        if host.isExactly("localhost") || host.isExactly("[::1]") || host.utf8.hasSuffix(".localhost") { return true }
        let parts = host.utf8.split(at: ".")
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } && parts[0].isExactly("127")
    }

    /// The URL as it was given.
    public var description: String { string }

    /// `nil` where the text breaks a rule above.
    public init?(_ text: String, plainHTTP: PlainHTTP = .onLoopback) {
        // All of it is ASCII, so that bytes are characters.
        guard text.utf8.count <= 8192, text.utf8.allSatisfy(Self.mayStand),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].utf8.hasPrefix("://"),
            let scheme = Scheme(rawValue: text[..<colon].asciiLowercased)
        else { return nil }
        let rest = text[text.utf8.index(colon, offsetBy: 3)...]
        let authorityEnd =
            rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let (host, port) = Self.hostAndPort(rest[..<authorityEnd]) else { return nil }
        let tail = rest[authorityEnd...]
        let pathEnd = tail.utf8.firstIndex(of: UInt8(ascii: "?")) ?? tail.endIndex
        self.string = text
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == .https ? 443 : 80)
        self.path = String(tail[..<pathEnd])
        self.query = pathEnd == tail.endIndex ? nil : String(tail[tail.utf8.index(after: pathEnd)...])
        switch (scheme, plainHTTP) {
        case (.https, _), (.http, .everywhere): break
        case (.http, .onLoopback): if !isLoopback { return nil }
        case (.http, .nowhere): return nil
        }
    }

    /// Visible ASCII that a URL may hold as it is (RFC 3986 §2), a fragment's mark aside.
    private static func mayStand(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
            UInt8(ascii: "}"):
            false
        default: true
        }
    }

    /// Hexadecimal digits, and what separates them (RFC 3986 §3.2.2).
    private static func mayStandInIPv6(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// No `@` is a host's or a port's: user information is refused with them.
    private static func hostAndPort(_ authority: Substring) -> (String, UInt16?)? {
        let host: Substring
        let after: Substring
        if let inside = authority.utf8.rest(after: "[") {
            guard let (address, rest) = inside.utf8.cut(at: "]"), address.utf8.count > 1,
                address.utf8.allSatisfy(Self.mayStandInIPv6)
            else { return nil }
            host = authority[..<rest.startIndex]
            after = rest
        } else {
            let colon = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
            host = authority[..<colon]
            after = authority[colon...]
            let allowed = host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard !host.isEmpty, allowed else { return nil }
        }
        if after.isEmpty { return (host.asciiLowercased, nil) }
        guard let digits = after.utf8.rest(after: ":"), !digits.isEmpty,
            digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(digits), port > 0
        else { return nil }
        return (host.asciiLowercased, port)
    }
}
