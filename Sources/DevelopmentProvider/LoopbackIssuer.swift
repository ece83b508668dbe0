import ByteText

/// The issuer of a provider that nothing but this machine can reach (OIDC Discovery §3: no query, no fragment).
struct LoopbackIssuer: Sendable {
    /// The issuer as it was given, byte for byte.
    let string: String
    /// The issuer without a slash at its end: what every endpoint's URL begins with (OIDC Discovery §4).
    let base: String
    /// The path in it, without a slash at its end; empty where there is none.
    let path: String
    /// Whether the scheme is `https`.
    let isSecure: Bool
    /// The port, the scheme's own where none was given.
    let port: UInt16

    init(_ string: String) throws(DevelopmentProviderError) {
        guard let parts = Self.parts(of: string) else {
            throw DevelopmentProviderError(
                .issuer, "the issuer \(string.debugDescription) is no URL of this machine alone",
                remedy: "use one such as http://localhost:8001; the development provider accepts everyone, so nobody "
                    + "else may reach it")
        }
        self.string = string
        base = string.utf8.rest(before: "/").map(String.init) ?? string
        path = parts.path.utf8.rest(before: "/").map(String.init) ?? parts.path
        isSecure = parts.isSecure
        port = parts.port ?? (parts.isSecure ? 443 : 80)
    }

    private static func parts(of string: String) -> (isSecure: Bool, port: UInt16?, path: String)? {
        let isSecure = string.utf8.hasPrefix("https://")
        guard let rest = string.utf8.rest(after: isSecure ? "https://" : "http://") else { return nil }
        let authority = rest.utf8.prefix(before: "/")
        let path = rest[authority.endIndex...]
        guard path.utf8.allSatisfy(isPlainPathByte), !path.utf8.contains("//"), !path.utf8.contains("/.") else {
            return nil
        }
        let after: Substring
        if let behind = authority.utf8.rest(after: "[::1]") {
            after = behind
        } else {
            let host = authority.utf8.prefix(before: ":")
            guard isLoopback(host) else { return nil }
            after = authority[host.endIndex...]
        }
        if after.isEmpty { return (isSecure, nil, String(path)) }
        guard let digits = after.utf8.rest(after: ":"), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let port = UInt16(digits), port > 0
        else { return nil }
        return (isSecure, port, String(path))
    }

    /// `localhost`, a name below it (RFC 6761 §6.3), or an address in 127.0.0.0/8.
    private static func isLoopback(_ host: Substring) -> Bool {
        if host.isExactly("localhost") { return true }
        if host.utf8.hasSuffix(".localhost") {
            return host.utf8.first != UInt8(ascii: ".") && host.utf8.allSatisfy { $0 != 0x2F && isPlainPathByte($0) }
        }
        let parts = host.utf8.split(at: ".")
        return parts.count == 4 && parts[0].isExactly("127")
            && parts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && UInt8($0) != nil }
    }

    private static func isPlainPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
