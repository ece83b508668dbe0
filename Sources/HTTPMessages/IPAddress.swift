/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) is the IPv4 address.
public struct IPAddress: Sendable, Hashable {
    /// The 128 bits of the address; of IPv4 those of the mapped address, `::ffff:0:0/96`.
    let bits: UInt128

    /// Reads four decimal numbers with dots between them, or a text form of RFC 4291 §2.2.
    ///
    /// `nil` for anything else: numbers in octal or hexadecimal or with leading zeros, fewer than four numbers, names,
    /// brackets, ports, zones and prefix lengths.
    public init?(_ text: some StringProtocol) {
        // The longest form has 45 characters: nothing that is cut here is one.
        let bytes = Array(text.utf8.prefix(46))
        if let number = version4(bytes[...]) {
            self.init(version4: number)
        } else if let bits = version6(bytes[...]) {
            self.init(bits: bits)
        } else {
            return nil
        }
    }

    init(bits: UInt128) { self.bits = bits }

    init(version4 number: UInt32) { bits = 0xFFFF << 32 | UInt128(number) }

    /// Whether the address is one of IPv4.
    public var isIPv4: Bool { bits >> 32 == 0xFFFF }

    /// What counts as one client when something is limited: an IPv4 address itself; of an IPv6 address the first 64 bits,
    /// since whoever has one address of a network has them all (RFC 4291 §2.5.4, RFC 8981).
    package var clientNetwork: IPAddress { isIPv4 ? self : IPAddress(bits: (bits >> 64) << 64) }
}

extension IPAddress: CustomStringConvertible {
    /// Four decimal numbers, or the one text form of RFC 5952 §4.
    public var description: String {
        if isIPv4 { return (0..<4).map { "\(bits >> (24 - 8 * $0) & 0xFF)" }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
        let gap = longestGap(groups)
        let written = { (groups: ArraySlice<UInt16>) in
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let gap else { return written(groups[...]) }
        return written(groups[..<gap.lowerBound]) + "::" + written(groups[gap.upperBound...])
    }
}

/// RFC 5952 §4.2: the first of the longest runs of zero groups, of two at the least.
private func longestGap(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<1
    var start = 0
    for (index, group) in groups.enumerated() {
        if group != 0 { start = index + 1 }
        if index + 1 - start > longest.count { longest = start..<index + 1 }
    }
    return longest.count > 1 ? longest : nil
}

private func version4(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
        guard let byte = decimalNumber(part).flatMap(UInt8.init(exactly:)) else { return nil }
        number = number << 8 | UInt32(byte)
    }
    return number
}

/// One to five digits without a leading zero.
func decimalNumber(_ text: some Collection<UInt8>) -> Int? {
    guard let first = text.first, text.count <= 5, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var number = 0
    for digit in text {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
}

private func version6(_ text: ArraySlice<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    guard let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) else {
        guard let groups = groups(text), groups.count == 8 else { return nil }
        return bits(groups)
    }
    let (before, after) = (text[..<gap], text[(gap + 2)...])
    guard !before.contains(UInt8(ascii: ".")), let head = before.isEmpty ? [] : groups(before),
        let tail = after.isEmpty ? [] : groups(after), head.count + tail.count < 8
    else { return nil }
    return bits(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
}

/// Groups with colons between them, the last two perhaps written as an IPv4 address (RFC 4291 §2.2).
private func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var groups: [UInt16] = []
    for (index, part) in parts.enumerated() {
        if index == parts.count - 1, let number = version4(part) {
            groups += [UInt16(number >> 16), UInt16(number & 0xFFFF)]
        } else {
            guard let group = group(part) else { return nil }
            groups.append(group)
        }
    }
    return groups
}

private func group(_ text: ArraySlice<UInt8>) -> UInt16? {
    guard (1...4).contains(text.count) else { return nil }
    var number: UInt16 = 0
    for digit in text {
        guard let value = hexadecimalValue(digit) else { return nil }
        number = number << 4 | UInt16(value)
    }
    return number
}

private func bits(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
