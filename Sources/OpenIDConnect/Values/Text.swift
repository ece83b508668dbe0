import ByteText

/// VSCHAR of RFC 6749 Appendix A: what codes, tokens and secrets may be made of.
package func isVisibleASCII(_ text: String) -> Bool {
    let bytes = text.utf8.span
    for index in bytes.indices where bytes[index] < 0x20 || bytes[index] > 0x7E { return false }
    return true
}

/// Seconds as a whole number for a text; what is beyond all time is cut, so that nothing traps.
package func wholeSeconds(_ seconds: Double) -> Int64 {
    seconds.isNaN ? 0 : Int64(max(-9e15, min(9e15, seconds)))
}

/// What came from outside, fit for an error: one line, at most 200 characters or as many as `limit` says, no control or
/// bidirectional characters.
package func excerpt(_ text: String, limit: Int) -> String {
    // So it is with nearly all that comes, and each check of a token has some thirty of them.
    if text.utf8.count <= limit, isVisibleASCII(text) { return text }
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == limit { return result + "…" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            result += "\u{FFFD}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// The text without some secrets. Of the whole text, before it is cut, since half a secret is not found; and by bytes, since to
/// String a character that a combining mark follows is another one.
func redacted(_ text: String, _ secrets: [[UInt8]]) -> String {
    let mark = "<redacted>"
    var text = text
    for secret in secrets where !secret.isEmpty && holds(text, secret) {
        // So short a one may stand anywhere, and a text of nothing else would grow tenfold, with the next one again.
        guard secret.count >= 4 else { return mark }
        text = String(decoding: Array(text.utf8).replacing(secret, with: mark.utf8), as: UTF8.self)
    }
    return text
}

/// What is shown of a text, without the secrets: of a long one only its beginning is looked through.
func redactedExcerpt(_ text: String, _ secrets: [[UInt8]]) -> String {
    let longest = secrets.lazy.map(\.count).max() ?? 0
    let window = 800 + 2 * longest
    guard text.utf8.count > window else { return excerpt(redacted(text, secrets)) }
    let beginning = redacted(String(decoding: text.utf8.prefix(window), as: UTF8.self), secrets)
    // The cut may go through a secret, whose beginning then stands at the end.
    let shown = excerpt(String(decoding: beginning.utf8.dropLast(longest), as: UTF8.self))
    return shown.utf8.hasSuffix("…") ? shown : shown + "…"
}

/// Whether the bytes stand in the text. The standard library's search takes a time linear in both, which a provider may
/// choose to be long and alike; it prepares itself for that, which took most of the time of a login, where they are short and
/// many.
func holds(_ text: String, _ pattern: [UInt8]) -> Bool {
    let bytes = text.utf8.span
    guard bytes.count >= pattern.count else { return false }
    guard (bytes.count - pattern.count) * pattern.count <= 1 << 14 else {
        return Array(text.utf8).firstRange(of: pattern) != nil
    }
    return (0...bytes.count - pattern.count).contains { start in
        pattern.indices.allSatisfy { bytes[start + $0] == pattern[$0] }
    }
}

/// What can be shown of something secret: enough to tell two apart, too little to use.
package func masked(_ secret: String) -> String {
    let count = secret.unicodeScalars.count
    return (count >= 20 ? String(String.UnicodeScalarView(secret.unicodeScalars.prefix(4))) : "")
        + "… (\(count) characters)"
}

/// The same with at most 200 characters.
package func excerpt(_ text: String) -> String { excerpt(text, limit: 200) }

/// `application/x-www-form-urlencoded` as RFC 6749 Appendix B wants it of client credentials and request bodies.
func formEncoded(_ text: String) -> String {
    let span = text.utf8.span
    // Names, identifiers and random values, as most are, stay as they are.
    guard span.indices.contains(where: { !isUnreserved(span[$0]) }) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 32)
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
        switch byte {
        case _ where isUnreserved(byte): bytes.append(byte)
        case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "*"):
        true
    default: false
    }
}

/// Decodes what ``formEncoded(_:)-(String)`` writes; `nil` where the encoding is broken or the bytes are not UTF-8.
func formDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
        switch byte {
        case UInt8(ascii: "%"):
            guard let high = rest.next(), let low = rest.next(),
                // Two digits: an integer's text may begin with a sign.
                Character(Unicode.Scalar(high)).isHexDigit,
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
        default: bytes.append(byte)
        }
    }
    return String(validating: bytes, as: UTF8.self)
}

/// Parameters as one form body or query.
func formEncoded(_ parameters: [(name: String, value: String)]) -> String {
    parameters.map { formEncoded($0.name) + "=" + formEncoded($0.value) }.joined(separator: "&")
}
