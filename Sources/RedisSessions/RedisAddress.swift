import ByteText

/// Where a Redis or Valkey server is, and as whom it is used.
///
/// ```text
/// redis://[USER[:PASSWORD]@]HOST[:PORT][/DB]
/// rediss://[USER[:PASSWORD]@]HOST[:PORT][/DB]
/// unix://[USER[:PASSWORD]@]/PATH[?db=DB]
/// ```
/// The port is 6379 and the database 0 where they are left out. In user, password and path a character may be
/// percent-encoded (RFC 3986 §2.1); `@`, `:` and `/` have to be in user and password. An IPv6 address stands in brackets.
/// An empty user with a password is Redis's default user. Prints no password.
public struct RedisAddress: Sendable, Hashable {
    /// The way to the server.
    public enum Endpoint: Sendable, Hashable {
        /// A name or an address of a host, without brackets, and a port.
        case tcp(host: String, port: UInt16)
        /// The same with TLS. See ``RedisSessionStore``: no build can use it yet.
        case tls(host: String, port: UInt16)
        /// The path of a socket on this machine.
        case unixSocket(path: String)
    }

    /// The way to the server.
    public let endpoint: Endpoint
    /// The user; `nil` is the default user.
    public let user: String?
    /// The number of the database.
    public let database: Int
    /// The password; `nil` where there is none.
    let password: String?

    /// Whether there is a password.
    public var hasPassword: Bool { password != nil }

    /// The server's place without user and password, as errors name it.
    var place: String {
        let suffix = database == 0 ? "" : "/\(database)"
        switch endpoint {
        case .tcp(let host, let port): return "redis://\(Self.bracketed(host)):\(port)\(suffix)"
        case .tls(let host, let port): return "rediss://\(Self.bracketed(host)):\(port)\(suffix)"
        case .unixSocket(let path): return "unix://\(path)" + (database == 0 ? "" : "?db=\(database)")
        }
    }

    private static func bracketed(_ host: String) -> String { host.utf8.contains(":") ? "[\(host)]" : host }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address with `<redacted>` for what stands before the `@`.
    public var description: String {
        guard user != nil || password != nil else { return place }
        guard let (scheme, rest) = place.utf8.cut(at: ":"), let behind = rest.utf8.rest(after: "//") else {
            return place
        }
        return "\(scheme)://<redacted>@\(behind)"
    }
    /// As ``description``.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a text is no address of a Redis server. Carries nothing of the text, which may hold a password.
public struct RedisAddressError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Sendable, Hashable {
        /// It is too long, or holds a character that no URL has.
        case malformed
        /// It does not begin with `redis://`, `rediss://` or `unix://`.
        case scheme
        /// User or password are not as they have to be.
        case credentials
        /// The host is missing or none.
        case host
        /// The port is none.
        case port
        /// The database is no number.
        case database
        /// The path of the socket is none.
        case path
        /// There is more than belongs there.
        case excess
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong with which part.
    public let context: String
    /// What to do about it.
    public let remedy: String

    init(_ code: Code, context: String, remedy: String) {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// All of it on one line, for an operator.
    public var description: String { "\(context): \(remedy) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: RedisAddressError, right: RedisAddressError) -> Bool { left.code == right.code }

    /// By code, as equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
