import ByteText

/// Header fields in the order in which they came; names compare without regard to case (RFC 9110 §5.1).
public struct HTTPFields: Sendable, Hashable {
    /// A field name; one that is no token (RFC 9110 §5.6.2) cannot be made.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        /// The name in lower case.
        public let canonical: String

        /// `nil` where the text is empty or holds a character that no token may hold.
        public init?(_ name: String) {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return nil }
            canonical = name.asciiLowercased
        }

        private init(known: String) { canonical = known }

        /// Names are ASCII.
        public static func == (left: Name, right: Name) -> Bool { left.canonical.isExactly(right.canonical) }

        /// The name in lower case.
        public var description: String { canonical }

        /// RFC 9110 §12.5.1.
        public static let accept = Name(known: "accept")
        /// RFC 9110 §12.5.4.
        public static let acceptLanguage = Name(known: "accept-language")
        /// RFC 9110 §10.2.1.
        public static let allow = Name(known: "allow")
        /// RFC 9110 §11.6.2.
        public static let authorization = Name(known: "authorization")
        /// RFC 9111 §5.2.
        public static let cacheControl = Name(known: "cache-control")
        /// RFC 9110 §7.6.1.
        public static let connection = Name(known: "connection")
        /// RFC 9110 §8.6.
        public static let contentLength = Name(known: "content-length")
        /// Content Security Policy Level 3 §3.1.
        public static let contentSecurityPolicy = Name(known: "content-security-policy")
        /// RFC 9110 §8.3.
        public static let contentType = Name(known: "content-type")
        /// RFC 6265 §4.2.
        public static let cookie = Name(known: "cookie")
        /// RFC 9110 §6.6.1.
        public static let date = Name(known: "date")
        /// Names a representation's content (RFC 9110 §8.8.3).
        public static let eTag = Name(known: "etag")
        /// RFC 7239 §4.
        public static let forwarded = Name(known: "forwarded")
        /// RFC 9110 §7.2.
        public static let host = Name(known: "host")
        /// Asks for the content only if it has changed (RFC 9110 §13.1.2).
        public static let ifNoneMatch = Name(known: "if-none-match")
        /// RFC 9110 §10.2.2.
        public static let location = Name(known: "location")
        /// RFC 6454 §7.
        public static let origin = Name(known: "origin")
        /// RFC 9111 §5.4.
        public static let pragma = Name(known: "pragma")
        /// Referrer Policy §4.1.
        public static let referrerPolicy = Name(known: "referrer-policy")
        /// RFC 9110 §10.2.3.
        public static let retryAfter = Name(known: "retry-after")
        /// Fetch Metadata §2.1.
        public static let secFetchDest = Name(known: "sec-fetch-dest")
        /// Fetch Metadata §2.2.
        public static let secFetchMode = Name(known: "sec-fetch-mode")
        /// Fetch Metadata §2.3.
        public static let secFetchSite = Name(known: "sec-fetch-site")
        /// `Sec-Purpose` (Fetch Standard §2.2): a prefetch says so.
        public static let secPurpose = Name(known: "sec-purpose")
        /// RFC 6265 §4.1.
        public static let setCookie = Name(known: "set-cookie")
        /// RFC 6797 §6.1.
        public static let strictTransportSecurity = Name(known: "strict-transport-security")
        /// RFC 9112 §6.1.
        public static let transferEncoding = Name(known: "transfer-encoding")
        /// RFC 9110 §10.1.5.
        public static let userAgent = Name(known: "user-agent")
        /// RFC 9110 §12.5.5.
        public static let vary = Name(known: "vary")
        /// RFC 9110 §7.6.3.
        public static let via = Name(known: "via")
        /// RFC 9110 §11.6.1.
        public static let wwwAuthenticate = Name(known: "www-authenticate")
        /// Fetch §3.6.
        public static let xContentTypeOptions = Name(known: "x-content-type-options")
        /// `X-Requested-With`, which script libraries send.
        public static let xRequestedWith = Name(known: "x-requested-with")
        /// The client as a proxy saw it.
        public static let xForwardedFor = Name(known: "x-forwarded-for")
        /// The host as the client asked a proxy for it.
        public static let xForwardedHost = Name(known: "x-forwarded-host")
        /// The scheme as the client asked a proxy with it.
        public static let xForwardedProto = Name(known: "x-forwarded-proto")
        /// The client's address as a proxy saw it; here only a sign that there is a proxy.
        public static let xRealIP = Name(known: "x-real-ip")
        /// The number under which a request stands in logs.
        public static let xRequestID = Name(known: "x-request-id")
        /// RFC 7034 §2.
        public static let xFrameOptions = Name(known: "x-frame-options")
    }

    /// One field line.
    public struct Field: Sendable, Hashable {
        /// Which field.
        public let name: Name
        /// Its value, without control characters other than tab.
        public let value: String
    }

    /// The field lines in order.
    public private(set) var lines: [Field] = []

    /// No lines.
    public init() {}

    /// Adds a line. Control characters other than tab become spaces, so that a value can never end its line
    /// (RFC 9110 §5.5).
    public mutating func append(_ name: Name, _ value: String) {
        lines.append(Field(name: name, value: harmless(value)))
    }

    /// Adds a line whose value is known to have no control characters.
    package mutating func append(_ name: Name, checked value: String) { lines.append(Field(name: name, value: value)) }

    /// All values of a name, in order.
    public func values(_ name: Name) -> [String] {
        lines.lazy.filter { $0.name == name }.map(\.value)
    }

    /// Whether there is a line of this name.
    public func contains(_ name: Name) -> Bool { lines.contains { $0.name == name } }

    /// The only value of a name; `nil` where there is none or more than one. Setting it replaces all.
    public subscript(_ name: Name) -> String? {
        get {
            var found: String?
            for line in lines where line.name == name {
                if found != nil { return nil }
                found = line.value
            }
            return found
        }
        set {
            if contains(name) { lines.removeAll { $0.name == name } }
            if let newValue { append(name, newValue) }
        }
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// The lines in the order of the literal; a name may stand there several times.
    public init(dictionaryLiteral lines: (Name, String)...) {
        for (name, value) in lines { append(name, value) }
    }
}

/// RFC 9110 §5.6.2 `tchar`.
package func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
        UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
        true
    default: false
    }
}

/// Without white space at both ends (RFC 9110 §5.6.3).
func withoutSpaces(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    return text
}

/// Whether a text has no control characters other than tab (RFC 9110 §5.5).
package func isFieldValue(_ value: String) -> Bool {
    let bytes = value.utf8.span
    for index in bytes.indices where bytes[index] < 0x20 && bytes[index] != 0x09 || bytes[index] == 0x7F {
        return false
    }
    return true
}

private func harmless(_ value: String) -> String {
    if isFieldValue(value) { return value }
    let bytes = value.utf8.map { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F ? UInt8(ascii: " ") : $0 }
    return String(decoding: bytes, as: UTF8.self)
}
