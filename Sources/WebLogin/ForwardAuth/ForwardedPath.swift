import ByteText
import HTTPMessages

/// The path of a request that a proxy asks about, decoded once and cut at its slashes. What a proxy, a framework or a file
/// system could read as another path than we do is no path here: what cannot be judged for certain stays closed.
struct ForwardedPath: Sendable, Hashable {
    /// What stands between the slashes; empty for `/`. A slash at the end is dropped.
    let segments: [String]
    /// What each of them may be taken for.
    private let readings: [SegmentReading]

    /// `/`
    static let root = ForwardedPath(known: [])

    private init(known segments: [String]) {
        self.segments = segments
        readings = segments.map(SegmentReading.init)
    }

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
        let raw = target.utf8.prefix(before: "?")
        // Cut before decoding: an encoded slash shows as a slash within a segment.
        self.init(segments: raw.utf8.split(at: "/").dropFirst().map { percentDecoded($0, plusIsSpace: false) })
    }

    /// The path of a rule, in plain text; `nil` where no request could have it.
    init?(plain text: Substring) {
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        self.init(segments: text.utf8.split(at: "/").dropFirst().map(String.init))
    }

    private init?(segments: [String?]) {
        var known: [String] = []
        for (index, segment) in segments.enumerated() {
            guard let segment else { return nil }
            if segment.isEmpty, index == segments.count - 1 { break }
            guard Self.isPlain(segment) else { return nil }
            known.append(segment)
        }
        self.init(known: known)
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
            && zip(segments, other.segments).allSatisfy { $0.isExactly($1) }
    }

    /// The same for those who read more than one spelling as the same path: see ``SegmentReading``.
    func isLooselyWithin(_ other: ForwardedPath) -> Bool {
        guard readings.count >= other.readings.count, let last = other.readings.last else {
            return other.readings.isEmpty
        }
        let index = other.readings.count - 1
        return zip(readings[..<index], other.readings).allSatisfy { $0.mayStand(for: $1) }
            && readings[index].mayStand(for: last)
    }

    /// Whether somebody may read it as the other one.
    func isSpelledLike(_ other: ForwardedPath) -> Bool {
        readings.count == other.readings.count && zip(readings, other.readings).allSatisfy { $0.isSpelledLike($1) }
    }
}
