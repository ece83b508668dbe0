import ByteText

/// The proxies that are believed when they say where a request comes from: addresses and ranges of them.
public struct TrustedProxies: Sendable, Hashable {
    private struct Range: Hashable {
        /// The first address.
        let start: IPAddress
        /// How many of the 128 bits all its addresses share.
        let prefixLength: Int

        func contains(_ address: IPAddress) -> Bool {
            // ::/0 is all of IPv6, and nothing of IPv4.
            address.isIPv4 == start.isIPv4 && masked(address.bits, prefixLength) == start.bits
        }
    }

    private let ranges: [Range]

    /// Nobody is believed.
    public init() { ranges = [] }

    /// Reads a list with commas between its elements: IPv4 and IPv6 addresses, ranges of them with a prefix length
    /// (RFC 4632 §3.1, RFC 4291 §2.3), and `loopback`, which stands for 127.0.0.0/8 and ::1.
    ///
    /// Throws ``TrustedProxiesError`` for an element that is anything else; names of hosts are not looked up.
    public init(_ text: String) throws(TrustedProxiesError) {
        var ranges: [Range] = []
        for element in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            ranges += try Self.ranges(Substring(withoutSpaces(element)))
        }
        self.ranges = ranges
    }

    /// Whether the address is one of the proxies'.
    public func contains(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    private static func ranges(_ element: Substring) throws(TrustedProxiesError) -> [Range] {
        if element.isExactly("loopback") {
            return [
                Range(start: IPAddress(version4: 127 << 24), prefixLength: 96 + 8),
                Range(start: IPAddress(bits: 1), prefixLength: 128),
            ]
        }
        let parts = element.utf8.split(at: "/", maxSplits: 1)
        guard let start = IPAddress(parts[0]) else {
            throw TrustedProxiesError(
                .address, element: element,
                remedy: "Write addresses, ranges or loopback, with commas between them, such as"
                    + " 127.0.0.1, 10.0.0.0/8, fd00::/8. Names of hosts are not looked up.")
        }
        guard parts.count == 2 else { return [Range(start: start, prefixLength: 128)] }
        // The length counts from where the address was written to begin.
        let bitsBefore = parts[0].utf8.contains(UInt8(ascii: ":")) ? 0 : 96
        guard let length = decimalNumber(parts[1].utf8), bitsBefore + length <= 128 else {
            throw TrustedProxiesError(
                .prefixLength, element: element, remedy: "Write it as in 10.0.0.0/8 or fd00::/8.")
        }
        let first = IPAddress(bits: masked(start.bits, bitsBefore + length))
        guard first == start else {
            throw TrustedProxiesError(
                .hostBits, element: element,
                remedy: "Write the range as \(first)/\(length), or \(start) for this one address.")
        }
        return [Range(start: start, prefixLength: bitsBefore + length)]
    }
}

/// The first bits, with zeros for the others.
private func masked(_ bits: UInt128, _ prefixLength: Int) -> UInt128 { bits & ~(UInt128.max >> prefixLength) }

/// Why a list of proxies cannot be used.
public struct TrustedProxiesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Code: String, Sendable, Hashable {
        /// The element is no IP address, no range and not `loopback`.
        case address
        /// What follows the slash is no prefix length of such an address.
        case prefixLength
        /// The address has bits set behind the prefix, so that it is no range's first.
        case hostBits
    }

    /// Which rule was broken.
    public let code: Code
    /// The element that broke it, as it came.
    public let element: String
    /// What to do about it: a sentence.
    public let remedy: String

    init(_ code: Code, element: Substring, remedy: String) {
        self.code = code
        self.element = String(element)
        self.remedy = remedy
    }

    /// What is wrong with the element.
    public var context: String {
        switch code {
        case .address: "which is no IP address and no range of them"
        case .prefixLength: "which has no prefix length of 0 to 32 (IPv4) or 0 to 128 (IPv6) behind its slash"
        case .hostBits: "which is no range: its address has bits set behind the prefix"
        }
    }

    /// All of it on one line.
    public var description: String { "\(element.debugDescription), \(context). \(remedy)" }

    /// Equal by code, so that tests match simply.
    public static func == (left: TrustedProxiesError, right: TrustedProxiesError) -> Bool { left.code == right.code }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
