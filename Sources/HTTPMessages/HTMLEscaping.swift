/// The text with `&`, `<`, `>`, `"` and `'` escaped, safe between tags and inside a quoted attribute (HTML §13.1.4).
/// It does not make a text safe as a script, a style, or a URL to be followed.
public func htmlEscaped(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    appendHTMLEscaped(String(text), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// Adds the escaped text to bytes in the making.
package func appendHTMLEscaped(_ text: String, to bytes: inout [UInt8]) {
    let span = text.utf8.span
    // Most texts have nothing to escape, and go as a whole.
    guard let first = span.indices.first(where: { htmlEscape(span[$0]) != nil }) else {
        bytes += text.utf8
        return
    }
    bytes.reserveCapacity(bytes.count + span.count + 32)
    for index in 0..<first { bytes.append(span[index]) }
    for index in first..<span.count {
        if let escape = htmlEscape(span[index]) {
            escape.withUTF8Buffer { bytes.append(contentsOf: $0) }
        } else {
            bytes.append(span[index])
        }
    }
}

private func htmlEscape(_ byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
}
