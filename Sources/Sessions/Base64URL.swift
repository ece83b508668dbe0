import Cryptography

/// The bytes of a base64url text; `nil` for what ``base64URLEncode(_:)`` would not have written.
func base64URLDecoded(_ text: String) -> [UInt8]? { try? base64URLDecode(text.utf8.span) }

/// Whether the text has base64url's characters only.
func isBase64URL(_ text: String) -> Bool {
    let bytes = text.utf8.span
    for index in bytes.indices where !isBase64URL(bytes[index]) { return false }
    return true
}

private func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
