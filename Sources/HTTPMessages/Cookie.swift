import ByteText

/// A cookie to set (RFC 6265 §4.1): without `Domain`, so that it goes back to the host that set it and to no other.
public struct Cookie: Sendable, Hashable {
    /// When a browser sends the cookie with requests that another site caused (RFC 6265bis §4.1.2.7).
    public enum SameSite: String, Sendable, Hashable {
        /// With top-level navigations by GET only.
        case lax = "Lax"
        /// Never.
        case strict = "Strict"
        /// Always; browsers demand `Secure` with it.
        case none = "None"
    }

    /// The most bytes that name and value may have together; browsers drop what is longer (RFC 6265bis §5.6).
    public static let maximumByteCount = 4096

    /// A token (RFC 9110 §5.6.2).
    public let name: String
    /// Printable ASCII without white space, quotation mark, comma, semicolon and backslash.
    public let value: String
    /// The path below which the browser sends the cookie.
    public let path: String
    /// Whether scripts cannot read the cookie.
    public let isHTTPOnly: Bool
    /// Whether the cookie is sent over https only.
    public let isSecure: Bool
    /// What happens with requests that another site caused.
    public let sameSite: SameSite
    /// Seconds to live; `nil` until the browser ends, 0 at once.
    public let maxAge: Int?

    /// Throws ``CookieError`` where a part holds what no cookie may hold, where name and value are longer than
    /// ``maximumByteCount``, and where a `__Host-` or `__Secure-` name or `SameSite=None` lacks what browsers demand of
    /// it (RFC 6265bis §4.1.3).
    public init(
        name: String, value: String, path: String = "/", isHTTPOnly: Bool = true, isSecure: Bool,
        sameSite: SameSite = .lax, maxAge: Int? = nil
    ) throws(CookieError) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { throw CookieError(.name, cookie: name) }
        guard value.utf8.allSatisfy(isCookieByte) else { throw CookieError(.value, cookie: name) }
        guard path.utf8.first == UInt8(ascii: "/"),
            path.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") })
        else { throw CookieError(.path, cookie: name) }
        guard name.utf8.count + value.utf8.count <= Self.maximumByteCount else {
            throw CookieError(.size, cookie: name)
        }
        let lower = name.asciiLowercased.utf8
        if lower.hasPrefix("__host-"), !isSecure || !path.isExactly("/") { throw CookieError(.prefix, cookie: name) }
        if lower.hasPrefix("__secure-") || sameSite == .none, !isSecure { throw CookieError(.prefix, cookie: name) }
        self.name = name
        self.value = value
        self.path = path
        self.isHTTPOnly = isHTTPOnly
        self.isSecure = isSecure
        self.sameSite = sameSite
        self.maxAge = maxAge
    }

    /// The cookie that makes the browser forget the one of this name and path.
    ///
    /// Throws ``CookieError`` as the initialiser does.
    public static func expired(name: String, path: String = "/", isSecure: Bool) throws(CookieError) -> Cookie {
        try Cookie(name: name, value: "", path: path, isSecure: isSecure, maxAge: 0)
    }

    /// The value of the `Set-Cookie` field.
    public var fieldValue: String {
        var text = "\(name)=\(value); Path=\(path)"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isHTTPOnly { text += "; HttpOnly" }
        if isSecure { text += "; Secure" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }
}

extension HTTPResponse {
    /// Adds a `Set-Cookie` line; it takes the place of an earlier one for a cookie of the same name
    /// (RFC 6265 §4.1.1: at most one each).
    public mutating func setCookie(_ cookie: Cookie) {
        let prefix = cookie.name + "="
        let others = fields.values(.setCookie).filter { !$0.utf8.hasPrefix(prefix) }
        fields[.setCookie] = nil
        for line in others + [cookie.fieldValue] { fields.append(.setCookie, line) }
    }
}

/// Why a cookie cannot be made.
public struct CookieError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Code: String, Sendable, Hashable {
        /// The name is no token.
        case name
        /// The value holds a character that no cookie may hold.
        case value
        /// The path does not begin with a slash, or holds a control character or a semicolon.
        case path
        /// Name and value are too long.
        case size
        /// The name's prefix or `SameSite=None` demands `Secure`, or `__Host-` the path `/`.
        case prefix
    }

    /// Which rule was broken.
    public let code: Code
    /// The cookie's name.
    public let cookie: String

    init(_ code: Code, cookie: String) {
        self.code = code
        self.cookie = cookie
    }

    /// The rule that was broken and what to do; never the value.
    public var description: String {
        switch code {
        case .name: "the cookie name \(cookie.debugDescription) is no token: use letters, digits, - and _"
        case .value: "the value of cookie \(cookie) holds characters that no cookie may hold: encode it with base64url"
        case .path: "the path of cookie \(cookie) must begin with / and hold no semicolon or control character"
        case .size: "cookie \(cookie) is longer than \(Cookie.maximumByteCount) bytes: store less in it"
        case .prefix: "cookie \(cookie) needs Secure, and the path / where its name begins with __Host-"
        }
    }

    /// Equal by code, so that tests match simply.
    public static func == (left: CookieError, right: CookieError) -> Bool { left.code == right.code }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// RFC 6265 §4.1.1 `cookie-octet`.
func isCookieByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
    default: byte > 0x20 && byte < 0x7F
    }
}
