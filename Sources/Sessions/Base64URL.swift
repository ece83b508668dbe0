import FoundationEssentials

/// base64url without padding (RFC 4648 §5).
func base64URLEncoded(_ bytes: [UInt8]) -> String {
    let text = Data(bytes).base64EncodedString().utf8.compactMap { byte -> UInt8? in
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        case UInt8(ascii: "="): nil
        default: byte
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes of a base64url text; `nil` for what ``base64URLEncoded(_:)`` would not have written.
func base64URLDecoded(_ text: String) -> [UInt8]? {
    guard text.utf8.allSatisfy(isBase64URL) else { return nil }
    var plain = text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
    }
    while plain.count % 4 != 0 { plain.append(UInt8(ascii: "=")) }
    guard let bytes = Data(base64Encoded: Data(plain)).map(Array.init), base64URLEncoded(bytes) == text else {
        return nil
    }
    return bytes
}

func isBase64URL(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
