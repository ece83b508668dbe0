/// The cookies that came with a request (RFC 6265 §4.2), in order.
///
/// What is no well-formed pair is left out; more than ``maximumCount`` pairs or ``maximumByteCount`` bytes count as none
/// at all, so that a browser stuffed with cookies is as good as one without.
public struct Cookies: Sendable, Hashable {
    /// The most pairs that are read.
    public static let maximumCount = 64
    /// The most bytes of all `Cookie` lines together.
    public static let maximumByteCount = 20 << 10

    private struct Pair: Hashable {
        let name: Substring
        let value: Substring
    }

    private var pairs: [Pair] = []

    /// Reads the values of the `Cookie` lines; more than one line comes from proxies that speak HTTP/2 (RFC 9113
    /// §8.2.3).
    public init(_ lines: [String]) {
        guard lines.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumByteCount else { return }
        var found: [Pair] = []
        for line in lines {
            for part in line.utf8.split(separator: UInt8(ascii: ";")) {
                guard found.count < Self.maximumCount else { return }
                if let pair = Self.pair(part) { found.append(pair) }
            }
        }
        pairs = found
    }

    /// The value of the cookie of this name; `nil` where there is none, and where there are several: a browser sends two
    /// only if a sibling host or another path planted one, and which is ours cannot be told.
    public subscript(_ name: String) -> String? {
        let all = values(named: name)
        return all.count == 1 ? all.first : nil
    }

    /// All values of the cookies of this name, in order.
    public func values(named name: String) -> [String] {
        pairs.lazy.filter { $0.name == name }.map { String($0.value) }
    }

    /// The names that came, in order, each once.
    public var names: [String] {
        var seen: Set<Substring> = []
        return pairs.map(\.name).filter { seen.insert($0).inserted }.map(String.init)
    }

    private static func pair(_ part: Substring.UTF8View) -> Pair? {
        let text = withoutSpaces(part)
        guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = text[..<equals]
        let value = text[text.index(after: equals)...]
        guard !name.isEmpty, name.allSatisfy(isTokenByte), value.allSatisfy(isCookieByte) else { return nil }
        return Pair(name: Substring(name), value: Substring(value))
    }
}

extension HTTPRequest {
    /// The cookies that came with the request.
    public var cookies: Cookies { Cookies(fields.values(.cookie)) }
}
