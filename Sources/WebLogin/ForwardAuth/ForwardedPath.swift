import HTTPMessages

/// The path of a request that a proxy asks about, decoded once and cut at its slashes. What a proxy, a framework or a file
/// system could read as another path than we do is no path here: what cannot be judged for certain stays closed.
struct ForwardedPath: Sendable, Hashable {
    /// What stands between the slashes; empty for `/`. A slash at the end is dropped.
    let segments: [String]

    /// `/`
    static let root = ForwardedPath(known: [])

    private init(known segments: [String]) { self.segments = segments }

    /// The most bytes of a target that are looked at.
    static let maximumByteCount = 8 << 10

    /// The path of a request's target as it stood in the request line; `nil` where the target
    /// - is no path, has a fragment, or holds anything but visible ASCII,
    /// - has broken percent-encoding, or one that gives no UTF-8, a control byte, a slash, a backslash, or what would be read
    ///   otherwise by who decodes again: a percent sign, a question mark, a number sign,
    /// - has an empty segment before its end (`//`, which proxies merge), a dot segment, a dot or a space at a segment's end (which
    ///   Windows drops), or a semicolon (from which on some servers drop the rest of a segment).
    init?(target: String) {
        guard target.utf8.count <= Self.maximumByteCount, target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else { return nil }
        let raw = target.prefix { $0 != "?" }
        // Cut before decoding: an encoded slash shows as a slash within a segment.
        self.init(
            segments: raw.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
                percentDecoded($0, plusIsSpace: false)
            })
    }

    /// The path of a rule, in plain text; `nil` where no request could have it.
    init?(plain text: Substring) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        self.init(segments: text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }

    private init?(segments: [String?]) {
        var known: [String] = []
        for (index, segment) in segments.enumerated() {
            guard let segment else { return nil }
            if segment.isEmpty, index == segments.count - 1 { break }
            guard Self.isPlain(segment) else { return nil }
            known.append(segment)
        }
        self.segments = known
    }

    private static func isPlain(_ segment: String) -> Bool {
        // Of `.` and `..` too.
        ![nil, UInt8(ascii: "."), UInt8(ascii: " ")].contains(segment.utf8.last)
            && segment.utf8.allSatisfy { byte in
                byte >= 0x20 && byte != 0x7F && !"/\\%;?#".utf8.contains(byte)
            }
    }

    /// Whether it is the other one's, or lies below it: whole segments, byte for byte.
    func isWithin(_ other: ForwardedPath) -> Bool {
        segments.count >= other.segments.count
            && zip(segments, other.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// The same for a file system to which upper and lower case, and the ways to write an accent, are the same; and for a
    /// framework to which an ending only says in which form the page is wanted, as `/admin.json` does to Rails.
    func isLooselyWithin(_ other: ForwardedPath) -> Bool {
        if isSpelledLike(other, upTo: other.segments.count) { return true }
        guard segments.count == other.segments.count, let last = segments.last, let stem = other.segments.last else {
            return false
        }
        return isSpelledLike(other, upTo: segments.count - 1) && Self.folded(last).hasPrefix(Self.folded(stem) + ".")
    }

    /// Whether it is the other one's, but perhaps for case and accents.
    func isSpelledLike(_ other: ForwardedPath) -> Bool {
        segments.count == other.segments.count && isSpelledLike(other, upTo: segments.count)
    }

    private func isSpelledLike(_ other: ForwardedPath, upTo count: Int) -> Bool {
        segments.count >= count
            && zip(segments.prefix(count), other.segments.prefix(count)).allSatisfy {
                Self.folded($0) == Self.folded($1)
            }
    }

    /// Both ways, since some letters have one of the cases only in common: a long s is an S in upper case.
    private static func folded(_ text: String) -> String { text.uppercased().lowercased() }
}
