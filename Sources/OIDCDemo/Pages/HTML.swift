import HTTPMessages

/// A piece of HTML. Only text that stands in the source can become markup; whatever is interpolated is escaped, so that
/// nothing from outside can end up in a page as more than text:
/// ```swift
/// let greeting: HTML = "<p>Hello \(name)</p>"
/// ```
/// Interpolations belong between tags or inside quoted attributes; a link's address goes in as `\(link: address)`.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// The markup, safe to send.
    let markup: String

    // Not String: a text made at run time must not pass as a literal.
    init(stringLiteral literal: StaticString) { markup = literal.description }

    init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    /// Pieces one after the other.
    init(_ pieces: [HTML]) { markup = pieces.map(\.markup).joined() }

    /// What gathers the pieces of a literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }

        /// Text, escaped.
        mutating func appendInterpolation(_ text: String) { markup += htmlEscaped(text) }

        /// A number.
        mutating func appendInterpolation(_ number: Int) { markup += String(number) }

        /// HTML, as it is.
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        /// HTML that may be absent.
        mutating func appendInterpolation(_ html: HTML?) { markup += html?.markup ?? "" }

        /// Pieces one after the other.
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }

        /// An address for a link: a path of this app, or an absolute `http` or `https` address. Anything else, such as
        /// `javascript:`, becomes the start page.
        mutating func appendInterpolation(link address: String) {
            markup += htmlEscaped(isFollowable(address) ? address : "/")
        }
    }
}

private func isFollowable(_ address: String) -> Bool {
    // Browsers drop tabs and line ends from an address and read a backslash as a slash (WHATWG URL).
    guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return false }
    if address.hasPrefix("/") { return !address.hasPrefix("//") }
    let lowercase = address.prefix(8).lowercased()
    return lowercase.hasPrefix("https://") || lowercase.hasPrefix("http://")
}
