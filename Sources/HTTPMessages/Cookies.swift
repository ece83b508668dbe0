import ByteText

/// The cookies that came with a request (RFC 6265 §4.2), in order.
///
/// What is no well-formed pair is left out. However many cookies other applications of the host have set, one's own are
/// found among them: all that was read of the request's head is looked through, in a time that is linear in its length.
public struct Cookies: Sendable, Hashable {
    /// A cookie as it came. Both are ASCII.
    package struct Pair: Sendable, Hashable {
        package let name: String
        package let value: String

        /// The bytes in a request's head, with `=` and `; `.
        package var byteCount: Int { Cookies.byteCount(name: name, valueByteCount: value.utf8.count) }
    }

    /// All that came, in order.
    package private(set) var pairs: [Pair] = []

    /// The bytes that a cookie takes in a request's head, with `=` and `; `.
    package static func byteCount(name: String, valueByteCount: Int) -> Int { name.utf8.count + valueByteCount + 3 }

    /// Reads the values of the `Cookie` lines; more than one line comes from proxies that speak HTTP/2 (RFC 9113
    /// §8.2.3).
    public init(_ lines: [String]) {
        for line in lines {
            let bytes = line.utf8.span
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: ";") { end += 1 }
                if let pair = Self.pair(bytes.extracting(start..<end)) { pairs.append(pair) }
                start = end + 1
            }
        }
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
