import ByteText
import HTTPMessages

/// Where a login leads back to: a path of the application and nothing else, so that no login can be made to end at another
/// site (RFC 9700 §4.11).
struct ReturnPath: Sendable, Hashable {
    let string: String

    static let home = ReturnPath(known: "/")

    /// The most bytes: the path travels in the cookie of the login, of which a browser sends several.
    static let maximumByteCount = 512

    /// `nil` if the text could be read as another host, or holds what a path may not (RFC 3986 §3.3): it must begin with one
    /// slash that neither a slash nor a backslash follows, encoded or not, and have no dot segments. Compared by bytes: to a
    /// `Character`, a slash that a variation selector follows is none, and browsers drop the selector (UTS #46).
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumByteCount, text.utf8.allSatisfy(Self.mayStand),
            let path = percentDecoded(text.utf8.prefix(before: "?", "#"), plusIsSpace: false),
            text.utf8.hasPrefix("/"), !path.utf8.hasPrefix("//"), !path.utf8.contains("\\")
        else { return nil }
        let segments = path.utf8.split(at: "/").dropFirst()
        guard !segments.containsExactly("."), !segments.containsExactly("..") else { return nil }
        // A login that ends at the login, or at the logout, goes nowhere.
        let first = segments.first?.asciiLowercased ?? ""
        string = ["login", "logout", "external-logout"].containsExactly(first) ? "/" : text
    }

    private init(known: String) { string = known }

    private static func mayStand(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
