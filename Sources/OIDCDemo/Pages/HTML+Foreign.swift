extension HTML {
    /// Text that came from a provider or a browser: escaped, set apart from the direction of the text around it, with
    /// control and direction characters made visible, and cut behind `limit` characters.
    static func foreign(_ text: String, limit: Int = 200) -> HTML {
        let scalars = text.unicodeScalars
        let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex) ?? scalars.endIndex
        let left = scalars.distance(from: end, to: scalars.endIndex)
        let rest: HTML? = left > 0 ? "<span class=\"cut\">… and \(left) more characters</span>" : nil
        return "<bdi>\(visible(scalars[..<end]))</bdi>\(rest)"
    }

    private static func visible(_ scalars: Substring.UnicodeScalarView) -> HTML {
        var pieces: [HTML] = []
        var plain = ""
        for scalar in scalars {
            guard isDeceptive(scalar) else {
                plain.unicodeScalars.append(scalar)
                continue
            }
            pieces.append("\(plain)<span class=\"codepoint\">\(codePoint(scalar))</span>")
            plain = ""
        }
        pieces.append("\(plain)")
        return HTML(pieces)
    }

    /// Characters that act on the text around them without being seen. Joiners stay: many scripts need them.
    private static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
