extension JSONValue: CustomStringConvertible {
    /// The value as JSON in UTF-8, without white space, members in their order.
    public func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// ``serialized()`` as a text.
    public var text: String { String(decoding: serialized(), as: UTF8.self) }

    /// The value as JSON.
    public var description: String { text }

    fileprivate func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .number(let number): bytes += number.text.utf8
        case .string(let text): writeString(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object): object.write(to: &bytes)
        }
    }
}

extension JSONObject: CustomStringConvertible {
    /// The object as JSON in UTF-8, without white space, members in their order.
    public func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// ``serialized()`` as a text.
    public var text: String { String(decoding: serialized(), as: UTF8.self) }

    /// The object as JSON.
    public var description: String { text }

    fileprivate func write(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (position, member) in members.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            writeString(member.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

/// RFC 8259 §7: only what has to be escaped is.
private func writeString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    let span = text.utf8.span
    guard span.indices.contains(where: { hasEscape(span[$0]) }) else {
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\""))
        return
    }
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            bytes += "\\u00\(byte < 0x10 ? "0" : "")\(digits)".utf8
        default: bytes.append(byte)
        }
    }
    bytes.append(UInt8(ascii: "\""))
}

private func hasEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}
