/// Header fields in the order in which they came; names compare without regard to case (RFC 9110 §5.1).
public struct HTTPFields: Sendable, Hashable {
    /// A field name; one that is no token (RFC 9110 §5.6.2) cannot be made.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        /// The name in lower case.
        public let canonical: String

        /// `nil` where the text is empty or holds a character that no token may hold.
        public init?(_ name: String) {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return nil }
            canonical = name.lowercased()
        }

        private init(known: String) { canonical = known }

        public var description: String { canonical }

        public static let accept = Name(known: "accept")
        public static let allow = Name(known: "allow")
        public static let authorization = Name(known: "authorization")
        public static let cacheControl = Name(known: "cache-control")
        public static let contentSecurityPolicy = Name(known: "content-security-policy")
        public static let contentType = Name(known: "content-type")
        public static let cookie = Name(known: "cookie")
        public static let host = Name(known: "host")
        public static let location = Name(known: "location")
        public static let origin = Name(known: "origin")
        public static let referrerPolicy = Name(known: "referrer-policy")
        public static let retryAfter = Name(known: "retry-after")
        public static let secFetchDest = Name(known: "sec-fetch-dest")
        public static let secFetchMode = Name(known: "sec-fetch-mode")
        public static let secFetchSite = Name(known: "sec-fetch-site")
        public static let setCookie = Name(known: "set-cookie")
        public static let wwwAuthenticate = Name(known: "www-authenticate")
        public static let xContentTypeOptions = Name(known: "x-content-type-options")
    }

    /// One field line.
    public struct Field: Sendable, Hashable {
        public let name: Name
        public let value: String
    }

    /// The field lines in order.
    public private(set) var lines: [Field] = []

    public init() {}

    /// Adds a line. Control characters other than tab become spaces, so that a value can never end its line
    /// (RFC 9110 §5.5).
    public mutating func append(_ name: Name, _ value: String) {
        lines.append(Field(name: name, value: harmless(value)))
    }

    /// All values of a name, in order.
    public func values(_ name: Name) -> [String] {
        lines.lazy.filter { $0.name == name }.map(\.value)
    }

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
            lines.removeAll { $0.name == name }
            if let newValue { append(name, newValue) }
        }
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

private func harmless(_ value: String) -> String {
    guard value.utf8.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) else { return value }
    let bytes = value.utf8.map { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F ? UInt8(ascii: " ") : $0 }
    return String(decoding: bytes, as: UTF8.self)
}
