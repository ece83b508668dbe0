import HTTPMessages

/// Where a login leads back to: a path of the application and nothing else, so that no login can be made to end at another
/// site (RFC 9700 §4.11).
struct ReturnPath {
    let string: String

    static let home = ReturnPath(known: "/")

    /// The most bytes: the path travels in the cookie of the login, of which a browser sends several.
    static let maximumByteCount = 512

    /// `nil` where the text could be read as another host, or holds what a path may not (RFC 3986 §3.3): it has to begin
    /// with one slash that neither a slash nor a backslash follows, encoded or not, and to have no dot segments.
    init?(_ text: String) {
        let forbidden = "\"<>\\^`{|}"
        guard text.utf8.count <= Self.maximumByteCount, text.first == "/",
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains(where: { forbidden.contains($0) }),
            let path = percentDecoded(text.prefix { $0 != "?" && $0 != "#" }, plusIsSpace: false),
            !path.hasPrefix("//"), !path.contains("\\")
        else { return nil }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard !segments.contains("."), !segments.contains("..") else { return nil }
        // A login that ends at the login, or at the logout, goes nowhere.
        let first = segments.first.map { $0.lowercased() } ?? ""
        string = ["login", "logout", "external-logout"].contains(first) ? "/" : text
    }

    private init(known: String) { string = known }
}
