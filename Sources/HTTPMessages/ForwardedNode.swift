import ByteText

extension IPAddress {
    /// The client of one element of `X-Forwarded-For`: an address, perhaps with a port, in brackets where it is of IPv6
    /// and has one. `nil` for everything else.
    init?(xForwardedFor element: Substring.UTF8View) {
        if let address = IPAddress(Substring(element)) { self = address } else { self.init(node: Array(element)) }
    }

    /// The client of one element of `Forwarded` (RFC 7239 §4): what its only `for` says. `nil` where there is none, it is
    /// `unknown` or obfuscated (§6.2, §6.3), or the element breaks the grammar anywhere.
    init?(forwarded element: Substring.UTF8View) {
        var reader = ForwardedReader(rest: element)
        guard let node = reader.node() else { return nil }
        self.init(node: node)
    }

    /// RFC 7239 §6: an IPv4 address, or one of IPv6 in brackets; then perhaps a port.
    private init?(node: [UInt8]) {
        let isBracketed = node.first == UInt8(ascii: "[")
        let end = node.firstIndex(of: UInt8(ascii: isBracketed ? "]" : ":"))
        guard let end = end ?? (isBracketed ? nil : node.endIndex) else { return nil }
        let name = node[..<end].dropFirst(isBracketed ? 1 : 0)
        let port = node[end...].dropFirst(isBracketed ? 1 : 0)
        guard port.isEmpty || isPort(port), let address = IPAddress(String(decoding: name, as: UTF8.self)),
            name.contains(UInt8(ascii: ":")) == isBracketed
        else { return nil }
        self = address
    }
}

/// RFC 7239 §6: a colon and `node-port`, which may be obfuscated.
private func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    let port = text.dropFirst()
    guard text.first == UInt8(ascii: ":"), let first = port.first else { return false }
    if first == UInt8(ascii: "_") {
        return port.count > 1 && port.allSatisfy { isUnreserved($0) && $0 != UInt8(ascii: "~") }
    }
    return port.count <= 5 && port.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}

/// Reads pairs of a name and a value from the beginning of a text (RFC 7239 §4).
private struct ForwardedReader {
    var rest: Substring.UTF8View

    /// The value of the only `for`; `nil` where there is none, or the text is more or other than pairs with semicolons
    /// between them, each name once.
    mutating func node() -> [UInt8]? {
        var values: [String: [UInt8]] = [:]
        repeat {
            let name = token()
            guard !name.isEmpty, take(UInt8(ascii: "=")), let value = value(),
                values.updateValue(value, forKey: String(decoding: name, as: UTF8.self).asciiLowercased) == nil
            else { return nil }
        } while take(UInt8(ascii: ";"))
        return rest.isEmpty ? values["for"] : nil
    }

    private mutating func value() -> [UInt8]? {
        if take(UInt8(ascii: "\"")) { return quotedString() }
        let token = token()
        return token.isEmpty ? nil : token
    }

    /// What stands before the closing quotation mark (RFC 9110 §5.6.4).
    private mutating func quotedString() -> [UInt8]? {
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return value
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                value.append(next)
            default: value.append(byte)
            }
        }
        return nil
    }

    private mutating func token() -> [UInt8] {
        let token = Array(rest.prefix(while: isTokenByte))
        rest = rest.dropFirst(token.count)
        return token
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }
}
