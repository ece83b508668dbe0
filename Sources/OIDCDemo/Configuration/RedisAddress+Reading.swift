import HTTPMessages

extension RedisAddress {
    /// What is wrong with the text of an address; never a part of it, since any may hold the password.
    enum Flaw: String, Error {
        case scheme = "begins with none of redis://, rediss:// and unix://"
        case characters = "holds a character that has to be percent-encoded"
        case login = "has a user or a password with a % that does not begin a character of UTF-8"
        case host = "has no host that is a name, an IPv4 address or an IPv6 address in brackets"
        case port = "has a port that is no number from 1 to 65535"
        case database = "has a database that is no number from 0 to 65535"
        case path = "has no path of a socket that begins with a slash and has 1 to 107 bytes"
    }

    /// Reads `redis://[USER[:PASSWORD]@]HOST[:PORT][/DB]`, the same with `rediss` for TLS, or
    /// `unix://[USER[:PASSWORD]@]/PATH[?db=N]`; user, password and path are percent-encoded.
    init(_ text: String) throws(Flaw) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .characters }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://") else {
            throw .scheme
        }
        let scheme = text[..<colon]
        let rest = text[colon...].dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        let at = authority.lastIndex(of: "@")
        let (user, password) = try Self.login(at.map { authority[..<$0] })
        let place = at.map { authority[$0...].dropFirst() } ?? authority
        let path = rest[authority.endIndex...]
        switch scheme {
        case "redis", "rediss":
            self.init(
                endpoint: try Self.tcp(place, tls: scheme == "rediss"), user: user, password: password,
                database: try Self.database(path.isEmpty || path == "/" ? "0" : path.dropFirst()))
        case "unix":
            guard place.isEmpty else { throw .path }
            let (path, query) = Self.split(path, at: "?")
            guard query?.hasPrefix("db=") != false else { throw .database }
            self.init(
                endpoint: try Self.unix(path), user: user, password: password,
                database: try Self.database(query?.dropFirst(3) ?? "0"))
        default: throw .scheme
        }
    }

    /// An empty user is the default one.
    private static func login(_ text: Substring?) throws(Flaw) -> (user: String?, password: String?) {
        guard let text else { return (nil, nil) }
        let (user, password) = split(text, at: ":")
        guard let user = decoded(user) else { throw .login }
        guard let password else { return (user.isEmpty ? nil : user, nil) }
        guard let password = decoded(password) else { throw .login }
        return (user.isEmpty ? nil : user, password)
    }

    private static func tcp(_ place: Substring, tls: Bool) throws(Flaw) -> Endpoint {
        var (host, port) = split(place, at: ":")
        if place.hasPrefix("[") {
            guard let end = place.firstIndex(of: "]") else { throw .host }
            host = place[..<end].dropFirst()
            let rest = place[end...].dropFirst()
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .port }
            port = rest.isEmpty ? nil : rest.dropFirst()
            guard host.contains(":"), IPAddress(host) != nil else { throw .host }
        } else {
            guard !host.isEmpty, host.utf8.allSatisfy(isHostNameByte) else { throw .host }
        }
        guard let port else { return .tcp(host: String(host), port: 6379, tls: tls) }
        guard let number = wholeNumber(String(port)).flatMap(UInt16.init(exactly:)), number > 0 else { throw .port }
        return .tcp(host: String(host), port: number, tls: tls)
    }

    private static func unix(_ text: Substring) throws(Flaw) -> Endpoint {
        // A socket's address has room for 108 bytes, one of them the zero at the end (unix(7)).
        guard let path = decoded(text), path.hasPrefix("/"), path != "/", path.utf8.count <= 107,
            !path.utf8.contains(0)
        else { throw .path }
        return .unix(path: path)
    }

    private static func database(_ text: Substring) throws(Flaw) -> Int {
        guard let number = wholeNumber(String(text)), number <= Int(UInt16.max) else { throw .database }
        return number
    }

    private static func decoded(_ text: Substring) -> String? { percentDecoded(text, plusIsSpace: false) }

    /// What stands before the first such character, and what behind it; `nil` where there is none.
    private static func split(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[index...].dropFirst())
    }
}

/// Letters, digits, `-`, `.` and `_`.
private func isHostNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
    default: false
    }
}
