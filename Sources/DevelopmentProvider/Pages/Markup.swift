import HTTPMessages

/// HTML in the making: what is interpolated into it is escaped, unless it is markup itself.
struct Markup: Sendable, ExpressibleByStringInterpolation {
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { html += literal }
        mutating func appendInterpolation(_ text: String) { html += htmlEscaped(text) }
        mutating func appendInterpolation(_ number: Int) { html += String(number) }
        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
        mutating func appendInterpolation(_ markups: [Markup]) {
            for markup in markups { html += markup.html }
        }
    }

    let html: String

    init(stringLiteral literal: String) { html = literal }
    init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }
}
