import ByteText

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
        let name: String
        let value: String
    }

    private var pairs: [Pair] = []

    /// Reads the values of the `Cookie` lines; more than one line comes from proxies that speak HTTP/2 (RFC 9113
    /// §8.2.3).
    public init(_ lines: [String]) {
        guard lines.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumByteCount else { return }
        var found: [Pair] = []
        for line in lines {
            let bytes = line.utf8.span
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: ";") { end += 1 }
                if end > start {
                    guard found.count < Self.maximumCount else { return }
                    if let pair = Self.pair(bytes.extracting(start..<end)) { found.append(pair) }
                }
                start = end + 1
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
        pairs.lazy.filter { $0.name.isExactly(name) }.map(\.value)
    }

    /// The names that came, in order, each once.
    public var names: [String] {
        var seen: Set<String> = []
        return pairs.map(\.name).filter { seen.insert($0).inserted }
    }

    private static func pair(_ part: Span<UInt8>) -> Pair? {
        var (start, end) = (0, part.count)
        while start < end, isSpace(part[start]) { start += 1 }
        while end > start, isSpace(part[end - 1]) { end -= 1 }
        var equals = start
        while equals < end, part[equals] != UInt8(ascii: "=") {
            guard isTokenByte(part[equals]) else { return nil }
            equals += 1
        }
        guard equals > start, equals < end else { return nil }
        for index in (equals + 1)..<end where !isCookieByte(part[index]) { return nil }
        // All of it is ASCII.
        guard let name = try? UTF8Span(validating: part.extracting(start..<equals)),
            let value = try? UTF8Span(validating: part.extracting((equals + 1)..<end))
        else { return nil }
        return Pair(name: String(copying: name), value: String(copying: value))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

extension HTTPRequest {
    /// The cookies that came with the request.
    public var cookies: Cookies { Cookies(fields.values(.cookie)) }
}
