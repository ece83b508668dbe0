// base64url without padding (RFC 4648 §5), strict: one text for one sequence of bytes. For JOSE, and for what cookies
// carry.

/// The characters of the bytes' text.
package func base64URLEncode(_ bytes: [UInt8]) -> String {
    let alphabet = alphabet
    return unsafe String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { text in
        var (index, target) = (0, 0)
        func put(_ value: UInt32) {
            unsafe text[target] = alphabet[Int(value & 63)]
            target += 1
        }
        while index + 2 < bytes.count {
            let word = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            put(word >> 18)
            put(word >> 12)
            put(word >> 6)
            put(word)
            index += 3
        }
        if index < bytes.count {
            let word = UInt32(bytes[index]) << 16 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) << 8 : 0)
            put(word >> 18)
            put(word >> 12)
            if index + 1 < bytes.count { put(word >> 6) }
        }
        return target
    }
}

/// Why a text is not base64url.
package enum Base64URLFault: Error {
    /// No bytes have a text of this length.
    case length
    /// A character is not of the alphabet: padding, white space and those of other alphabets among them.
    case character
    /// The last character has bits behind the last byte that are not zero.
    case strayBits
}

/// The bytes of a text.
package func base64URLDecode(_ text: Span<UInt8>) throws(Base64URLFault) -> [UInt8] {
    let rest = text.count % 4
    guard rest != 1 else { throw .length }
    let count = text.count / 4 * 3 + (rest == 0 ? 0 : rest - 1)
    // Values are below 64; whatever is no character of the alphabet has the top bits set and is seen at the end.
    var (seen, unused): (UInt8, UInt8) = (0, 0)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
        initializedCount = count
        unsafe text.withUnsafeBufferPointer { text in
            unsafe values.withUnsafeBufferPointer { values in
                // Without a look at the bounds for each character, which all stand in the two counts above.
                func value(_ index: Int) -> UInt8 { unsafe values[Int(text[index])] }
                var (index, target) = (0, 0)
                while index + 3 < text.count {
                    let (first, second, third, fourth) = (
                        value(index), value(index + 1), value(index + 2), value(index + 3)
                    )
                    seen |= first | second | third | fourth
                    unsafe bytes[target] = first << 2 | second >> 4
                    unsafe bytes[target + 1] = second << 4 | third >> 2
                    unsafe bytes[target + 2] = third << 6 | fourth
                    index += 4
                    target += 3
                }
                guard rest > 1 else { return }
                let (first, second) = (value(index), value(index + 1))
                seen |= first | second
                unsafe bytes[target] = first << 2 | second >> 4
                unused = second & 0x0F
                guard rest == 3 else { return }
                let third = value(index + 2)
                seen |= third
                unsafe bytes[target + 1] = second << 4 | third >> 2
                unused = third & 0x03
            }
        }
    }
    guard seen < 64 else { throw .character }
    guard unused == 0 else { throw .strayBits }
    return bytes
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

private let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
}()
