import ByteText
import HTTPMessages

/// A piece of HTML. Only text that stands in the source can become markup; whatever is interpolated is escaped, so that
/// nothing from outside can end up in a page as more than text:
/// ```swift
/// let greeting: HTML = "<p>Hello \(name)</p>"
/// ```
/// Interpolations belong between tags or inside quoted attributes; a link's address goes in as `\(link: address)`.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// The markup in UTF-8, safe to send.
    let bytes: [UInt8]

    /// The markup as a text.
    var markup: String { String(decoding: bytes, as: UTF8.self) }

    // Not String: a text made at run time must not pass as a literal.
    init(stringLiteral literal: StaticString) { bytes = literal.withUTF8Buffer(Array.init) }

    init(stringInterpolation: Interpolation) { bytes = stringInterpolation.bytes }

    /// Pieces one after the other.
    init(joining pieces: [HTML]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.count })
        for piece in pieces { bytes += piece.bytes }
        self.bytes = bytes
    }

    /// What gathers the pieces of a literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + 64 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }

        /// Text, escaped.
        mutating func appendInterpolation(_ text: String) { appendHTMLEscaped(text, to: &bytes) }

        /// A number.
        mutating func appendInterpolation(_ number: Int) { bytes += String(number).utf8 }

        /// HTML, as it is.
        mutating func appendInterpolation(_ html: HTML) { bytes += html.bytes }

        /// HTML that may be absent.
        mutating func appendInterpolation(_ html: HTML?) { if let html { bytes += html.bytes } }

        /// Pieces one after the other.
        mutating func appendInterpolation(_ pieces: [HTML]) {
            // Whatever is behind them mostly has room as well then.
            bytes.reserveCapacity(bytes.count + pieces.reduce(256) { $0 + $1.bytes.count })
            for piece in pieces { bytes += piece.bytes }
        }

        /// An address for a link: a path of this app, or an absolute `http` or `https` address. Anything else, such as
        /// `javascript:`, becomes the start page.
        mutating func appendInterpolation(link address: String) {
            appendHTMLEscaped(isFollowable(address) ? address : "/", to: &bytes)
        }
    }
}

private func isFollowable(_ address: String) -> Bool {
    // Browsers drop tabs and line ends from an address and read a backslash as a slash (WHATWG URL).
    guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return false }
    if address.utf8.hasPrefix("/") { return !address.utf8.hasPrefix("//") }
    let start = Substring(address.utf8.prefix(before: "/").utf8).asciiLowercased
    return ["https:", "http:"].containsExactly(start) && address[start.endIndex...].utf8.hasPrefix("//")
}
