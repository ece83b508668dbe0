/// base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text for one sequence of bytes.
public enum Base64URL {
    /// The text of the bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        let alphabet = alphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var index = 0
        while index + 2 < bytes.count {
            let word = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text.append(alphabet[Int(word >> 18)])
            text.append(alphabet[Int(word >> 12 & 63)])
            text.append(alphabet[Int(word >> 6 & 63)])
            text.append(alphabet[Int(word & 63)])
            index += 3
        }
        if index < bytes.count {
            let word = UInt32(bytes[index]) << 16 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) << 8 : 0)
            text.append(alphabet[Int(word >> 18)])
            text.append(alphabet[Int(word >> 12 & 63)])
            if index + 1 < bytes.count { text.append(alphabet[Int(word >> 6 & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of the text.
    ///
    /// Throws `.base64url` for padding, white space, characters of other alphabets, a length that no bytes have, and
    /// bits after the last byte that are not zero.
    public static func decode(_ text: some StringProtocol) throws(JOSEError) -> [UInt8] {
        try decode(ascii: Array(text.utf8)[...])
    }

    static func decode(ascii text: ArraySlice<UInt8>) throws(JOSEError) -> [UInt8] {
        let rest = text.count % 4
        guard rest != 1 else {
            throw JOSEError(.base64url, "no bytes have a base64url text of \(text.count) characters")
        }
        let values = values
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + (rest == 0 ? 0 : rest - 1))
        // Values are below 64; whatever is no character of the alphabet has the top bit set and is seen at the end.
        var seen: UInt8 = 0
        var index = text.startIndex
        var target = 0
        while index + 3 < text.endIndex {
            let first = values[Int(text[index])]
            let second = values[Int(text[index + 1])]
            let third = values[Int(text[index + 2])]
            let fourth = values[Int(text[index + 3])]
            seen |= first | second | third | fourth
            bytes[target] = first << 2 | second >> 4
            bytes[target + 1] = second << 4 | third >> 2
            bytes[target + 2] = third << 6 | fourth
            index += 4
            target += 3
        }
        var unused: UInt8 = 0
        if rest > 1 {
            let first = values[Int(text[index])]
            let second = values[Int(text[index + 1])]
            seen |= first | second
            bytes[target] = first << 2 | second >> 4
            unused = second & 0x0F
            if rest == 3 {
                let third = values[Int(text[index + 2])]
                seen |= third
                bytes[target + 1] = second << 4 | third >> 2
                unused = third & 0x03
            }
        }
        guard seen < 64 else { throw JOSEError(.base64url, "a character is not of the base64url alphabet") }
        guard unused == 0 else { throw JOSEError(.base64url, "the last character of a base64url text has stray bits") }
        return bytes
    }
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

private let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}()
