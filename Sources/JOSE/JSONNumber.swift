import ByteText

/// A JSON number as it was written (RFC 8259 §6): nothing is rounded until somebody asks for a `Double`.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as JSON writes it.
    public let text: String

    /// A text that follows JSON's grammar.
    init(checked text: String) { self.text = text }

    /// An integer.
    public init(_ integer: Int64) { text = String(integer) }

    /// A floating-point number; `nil` where it is infinite or no number, which JSON cannot write.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        text = "\(double)"
    }

    /// The number as JSON writes it.
    public var description: String { text }

    /// The nearest `Double`; infinite where the number is beyond its range.
    public var double: Double { Double(text) ?? .nan }

    /// The number, if it is one that `Int64` holds exactly; `1.0` and `1e3` are, `1.5` is not.
    public var integer: Int64? {
        if let plain = Int64(text) { return plain }
        // Written with a fraction or an exponent, or too large.
        let parts = text.utf8.split(whereSeparator: { $0 | 0x20 == UInt8(ascii: "e") }).map(Substring.init)
        guard let significand = parts.first, parts.count <= 2 else { return nil }
        let isNegative = significand.utf8.first == UInt8(ascii: "-")
        let halves = significand.utf8.drop(while: { $0 == UInt8(ascii: "-") }).split(at: ".")
        let fraction = halves.count == 2 ? halves[1] : ""
        var digits = Array((String(halves[0]) + String(fraction)).utf8.drop(while: { $0 == UInt8(ascii: "0") }))
        guard !digits.isEmpty else { return 0 }
        // Beyond these bounds, and beyond Int, an exponent puts the number out of reach in either direction.
        guard let exponent = parts.count == 2 ? Int(parts[1]) : 0, (-1_000_000...1_000_000).contains(exponent) else {
            return nil
        }
        var zeros = exponent - fraction.utf8.count
        while zeros < 0, digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            zeros += 1
        }
        guard zeros >= 0, digits.count + zeros <= 19 else { return nil }
        digits.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: zeros))
        return Int64((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
    }
}
