import ByteText
import Glibc

extension RedisAddress {
    private static let maximumLength = 2048
    private static let standardPort: UInt16 = 6379
    /// `sun_path` of `sockaddr_un`, with its end.
    private static let maximumPathLength = 107

    /// Reads an address.
    ///
    /// Throws ``RedisAddressError``, which names the part that is wrong and quotes nothing.
    public init(_ text: String) throws(RedisAddressError) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw RedisAddressError(
                .malformed,
                context: "the Redis address has over \(Self.maximumLength) bytes, a space, or a character "
                    + "that is not ASCII",
                remedy: "percent-encode such characters")
        }
        guard let (scheme, behind) = text.utf8.cut(at: ":"), let rest = behind.utf8.rest(after: "//") else {
            throw .scheme
        }
        // String: the connection string is ASCII.
        switch scheme.asciiLowercased {
        case "redis": try self.init(network: rest) { .tcp(host: $0, port: $1) }
        case "rediss": try self.init(network: rest) { .tls(host: $0, port: $1) }
        case "unix": try self.init(socket: rest)
        default: throw .scheme
        }
    }

    private init(network text: Substring, makeEndpoint: (String, UInt16) -> Endpoint) throws(RedisAddressError) {
        guard !text.utf8.contains("?"), !text.utf8.contains("#") else {
            throw RedisAddressError(
                .excess, context: "the Redis address has a query or a fragment",
                remedy: "percent-encode \"?\" as %3F and \"#\" as %23; the database stands behind a \"/\"")
        }
        let (authority, path) = Self.cut(text, at: "/")
        let (credentials, server) = try Self.credentials(authority)
        let (host, port) = try Self.host(server)
        endpoint = makeEndpoint(host, port)
        (user, password) = credentials
        // A "/" with nothing behind it names none.
        database = try path.map { $0.isEmpty ? "0" : $0 }.map(Self.database) ?? 0
    }

    private init(socket text: Substring) throws(RedisAddressError) {
        guard !text.utf8.contains("#") else {
            throw RedisAddressError(
                .excess, context: "the Redis address has a fragment", remedy: "percent-encode \"#\" as %23")
        }
        let (beforeQuery, query) = Self.cut(text, at: "?")
        guard let slash = beforeQuery.utf8.firstIndex(of: UInt8(ascii: "/")) else { throw .path }
        let (credentials, host) = try Self.credentials(beforeQuery[..<slash])
        guard host.isEmpty else { throw .path }
        guard let path = Self.decoded(beforeQuery[slash...]), path.utf8.count > 1,
            path.utf8.count <= Self.maximumPathLength, !path.utf8.contains(0)
        else { throw .path }
        endpoint = .unixSocket(path: path)
        (user, password) = credentials
        guard let query else {
            database = 0
            return
        }
        guard let number = query.utf8.rest(after: "db=") else {
            throw RedisAddressError(
                .excess, context: "the Redis address has a query that is not \"db=\" and a number",
                remedy: "write unix:///PATH?db=DB, and percent-encode a \"?\" of the path as %3F")
        }
        database = try Self.database(number)
    }

    /// What stands before a character and what behind it, `nil` where it is not there.
    private static func cut(_ text: Substring, at separator: Unicode.Scalar) -> (Substring, Substring?) {
        text.utf8.cut(at: separator).map { ($0.before, $0.after) } ?? (text, nil)
    }

    /// User and password, and the rest behind the `@`.
    private static func credentials(
        _ authority: Substring
    ) throws(RedisAddressError) -> ((user: String?, password: String?), Substring) {
        let (before, behind) = cut(authority, at: "@")
        guard let server = behind else { return ((nil, nil), authority) }
        let (name, secret) = cut(before, at: ":")
        guard !server.utf8.contains("@"), !(secret ?? "").utf8.contains(":"), !(name.isEmpty && (secret ?? "").isEmpty),
            let user = decoded(name), let password = secret.map({ decoded($0) }) ?? .some("")
        else {
            throw RedisAddressError(
                .credentials, context: "what stands before the host in the Redis address is not USER[:PASSWORD]@",
                remedy: "percent-encode \"@\" as %40, \":\" as %3A, \"/\" as %2F and \"%\" as %25")
        }
        return ((user.isEmpty ? nil : user, secret == nil ? nil : password), server)
    }

    private static func host(_ server: Substring) throws(RedisAddressError) -> (String, UInt16) {
        let host: Substring
        let port: Substring?
        if let inside = server.utf8.rest(after: "[") {
            let (address, behind) = cut(inside, at: "]")
            port = behind?.utf8.rest(after: ":")
            guard let behind, isIPv6(address), behind.isEmpty || port != nil else { throw .host }
            host = address
        } else {
            (host, port) = cut(server, at: ":")
            guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(isHostCharacter) else { throw .host }
        }
        guard let port else { return (String(host), standardPort) }
        guard let number = number(port).flatMap(UInt16.init(exactly:)), number > 0 else {
            throw RedisAddressError(
                .port, context: "the port of the Redis address is no number from 1 to 65535",
                remedy: "write HOST:6379; a \"/\" of a password is %2F")
        }
        return (String(host), number)
    }

    private static func database(_ text: Substring) throws(RedisAddressError) -> Int {
        guard let number = number(text) else {
            throw RedisAddressError(
                .database, context: "the database of the Redis address is no number",
                remedy: "write /0 or another number behind the host, or ?db=0 behind the path of a socket; "
                    + "a \"/\" of a password is %2F")
        }
        return number
    }

    /// Digits without a sign, no zero in front, up to `Int32.max`.
    private static func number(_ text: Substring) -> Int? {
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.isExactly("0") || !text.utf8.hasPrefix("0"), let number = Int32(text)
        else { return nil }
        return Int(number)
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        var address = in6_addr()
        return unsafe inet_pton(AF_INET6, String(text), &address) == 1
    }

    /// `nil` where a "%" is not followed by two hexadecimal digits, or the bytes are no UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}

extension RedisAddressError {
    fileprivate static let scheme = RedisAddressError(
        .scheme, context: "the Redis address begins with none of redis://, rediss:// and unix://",
        remedy: "write redis://HOST:PORT/DB or unix:///PATH?db=DB")

    fileprivate static let host = RedisAddressError(
        .host, context: "the host of the Redis address is missing, or no name and no address",
        remedy: "write redis://HOST:PORT/DB, an IPv6 address in brackets; a \"/\" of a password is %2F")

    fileprivate static let path = RedisAddressError(
        .path, context: "the Redis address names no socket by an absolute path of at most 107 bytes",
        remedy: "write unix:///PATH, with three slashes")
}
