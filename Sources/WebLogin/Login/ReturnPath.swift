/// Where a login leads back to: a path of the application and nothing else, so that no login can be made to end at another
/// site (RFC 9700 §4.11).
struct ReturnPath {
    let string: String

    static let home = ReturnPath(known: "/")

    /// `nil` where the text could be read as another host, or holds what a path may not: it has to begin with one slash
    /// that neither a slash nor a backslash follows, encoded or not, and be of visible ASCII without backslash.
    init?(_ text: String) {
        guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }),
            text.first == "/"
        else { return nil }
        let second = text.dropFirst().lowercased()
        guard !second.hasPrefix("/"), !second.hasPrefix("%2f"), !second.hasPrefix("%5c") else { return nil }
        // A login that ends at the login, or at the logout, goes nowhere.
        let path = second.prefix { $0 != "?" && $0 != "#" }
        let first = path.prefix { $0 != "/" }
        string = ["login", "logout", "external-logout"].contains(String(first)) ? "/" : text
    }

    private init(known: String) { string = known }
}
