import ByteText
public import JOSE

/// Where a claim stands among nested ones, such as `realm_access.roles`.
public struct ClaimPath: Sendable, Hashable, CustomStringConvertible {
    /// The names from the outside in, or the parts of a text between its dots.
    private let parts: [String]
    private let isText: Bool

    /// The most parts of a text that are read as names of nested claims.
    public static let maximumPartCount = 16

    /// The path of exactly these names, from the outside in. Without a name it leads nowhere.
    public init(_ names: [String]) {
        parts = names
        isText = false
    }

    /// The path that a text means: names with dots between. A name may have dots of its own, as `https://app.example/roles`
    /// has: of the ways to read the text, the one whose names are longest, the outermost first, is taken. So a claim whose
    /// whole name is the text goes before all others. A text of more than ``maximumPartCount`` parts is one name.
    public init(_ text: String) {
        let parts = text.utf8.split(at: ".").map(String.init)
        self.parts = parts.count > Self.maximumPartCount ? [text] : parts
        isText = true
    }

    /// What stands there; `nil` where nothing does.
    public func value(in claims: JSONObject) -> JSONValue? {
        if parts.count <= 1 { return parts.first.flatMap { claims[$0] } }
        if isText { return Self.search(parts[...], in: claims) }
        var claims = claims
        for name in parts.dropLast() {
            guard let inner = claims[name]?.object else { return nil }
            claims = inner
        }
        return parts.last.flatMap { claims[$0] }
    }

    private static func search(_ parts: ArraySlice<String>, in claims: JSONObject) -> JSONValue? {
        for count in stride(from: parts.count, to: 0, by: -1) {
            guard let value = claims[parts.prefix(count).joined(separator: ".")] else { continue }
            if count == parts.count { return value }
            if let found = value.object.flatMap({ search(parts.dropFirst(count), in: $0) }) { return found }
        }
        return nil
    }

    /// The names with dots between.
    public var description: String { parts.joined(separator: ".") }
}

extension ClaimPath: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// The path that the text means.
    public init(stringLiteral text: String) { self.init(text) }

    /// The path of exactly these names.
    public init(arrayLiteral names: String...) { self.init(names) }
}
