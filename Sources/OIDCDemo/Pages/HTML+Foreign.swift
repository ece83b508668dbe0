import OpenIDConnect

/// Text that came from a provider or a browser, on its way into a page.
struct ForeignText: Sendable {
    fileprivate let text: String
    fileprivate let limit: Int

    /// The text as a page may show it: escaped, set apart from the direction of the text around it, with control and
    /// direction characters made visible, and cut behind `limit` characters or twelve lines: as usual, of what was cut before
    /// nothing more is.
    static func foreign(_ text: String, limit: Int = 201) -> ForeignText { ForeignText(text: text, limit: limit) }
}

extension HTML.Interpolation {
    /// Text from outside: `\(.foreign(name))`.
    mutating func appendInterpolation(_ foreign: ForeignText) {
        appendLiteral("<bdi>")
        // Visible ASCII, as most texts are, has nothing in it to look after.
        if foreign.text.utf8.count <= foreign.limit, isVisibleASCII(foreign.text) {
            appendInterpolation(foreign.text)
            appendLiteral("</bdi>")
            return
        }
        var visible = VisibleText()
        let scalars = foreign.text.unicodeScalars
        var index = scalars.startIndex
        for _ in 0..<foreign.limit {
            guard index != scalars.endIndex, visible.append(scalars[index]) else { break }
            scalars.formIndex(after: &index)
        }
        appendInterpolation(visible.html)
        appendLiteral("</bdi>")
        let left = scalars.distance(from: index, to: scalars.endIndex)
        if left > 0 { appendInterpolation("<span class=\"cut\">… and \(left) more characters</span>" as HTML) }
    }
}

/// Text from outside in the making, with nothing unseen in it.
private struct VisibleText {
    private var pieces: [HTML] = []
    private var plain = ""
    private var lines = 1
    /// Marks in a row: scripts need a few on a letter, a prank has hundreds, which cover the page.
    private var marks = 0
    private static let maximumMarks = 5

    var html: HTML { "\(pieces)\(plain)" }

    /// Whether the character had room.
    mutating func append(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" {
            if lines == 12 { return false }
            lines += 1
        }
        marks = isMark(scalar) ? marks + 1 : 0
        if isUnseen(scalar) {
            show(name(scalar))
        } else if marks == Self.maximumMarks + 1 {
            show("more marks")
        } else if marks <= Self.maximumMarks {
            plain.unicodeScalars.append(scalar)
        }
        return true
    }

    private mutating func show(_ words: String) {
        pieces.append("\(plain)<span class=\"codepoint\">\(words)</span>")
        plain = ""
    }

    private func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // The first of all marks.
        guard scalar.value >= 0x300 else { return false }
        return [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    /// Whether it acts on the text around it without being seen. Joiners stay: many scripts need them.
    private func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        // The first of all such.
        case ..<0xFDD0: false
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    private func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
