/// The encoding `application/x-www-form-urlencoded` of one text (URL Standard §5; RFC 6749 appendix B).
public enum FormEncoding {
    /// Encodes: letters, digits and `*-._` stay, a space becomes `+`, every other byte `%XX`.
    public static func encode(_ text: some StringProtocol) -> String {
        escaped(text, spaceIsPlus: true) { isUnreserved($0) && $0 != UInt8(ascii: "~") || $0 == UInt8(ascii: "*") }
    }

    /// Decodes; `nil` where a `%` is not followed by two hexadecimal digits or the bytes are not UTF-8.
    public static func decode(_ text: some StringProtocol) -> String? {
        percentDecoded(text, plusIsSpace: true)
    }
}

/// Encodes a text as one segment of a path or one part of a query (RFC 3986 §2.1): only unreserved characters stay.
public func percentEncoded(_ text: some StringProtocol) -> String {
    escaped(text, spaceIsPlus: false, keeping: isUnreserved)
}

/// RFC 3986 §2.3.
func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
}

private func escaped(_ text: some StringProtocol, spaceIsPlus: Bool, keeping isKept: (UInt8) -> Bool) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        if isKept(byte) {
            bytes.append(byte)
        } else if spaceIsPlus, byte == 0x20 {
            bytes.append(UInt8(ascii: "+"))
        } else {
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
