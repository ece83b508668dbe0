/// A text with something behind one of its characters that makes `String` see another character there, and the same text with a
/// letter in its place. Who looks through text by bytes or scalars makes the same of both.
public struct Extended: Sendable, CustomStringConvertible {
    /// The text with the extender.
    public let text: String
    /// The text with the letter.
    public let plain: String
    /// What stands behind the character.
    public let extender: Unicode.Scalar
    /// The letter in its place, of as many bytes.
    public let letter: Unicode.Scalar

    private static let extenders: [(Unicode.Scalar, Unicode.Scalar)] = [
        ("\u{FE0F}", "\u{4E00}"), ("\u{301}", "\u{3B1}"), ("\u{200D}", "\u{4E01}"), ("\u{34F}", "\u{3B2}"),
        ("\u{E0100}", "\u{20000}"),
    ]

    /// The text with each extender behind each of its characters.
    public static func all(of text: String) -> [Extended] {
        let scalars = Array(text.unicodeScalars)
        return extenders.flatMap { extender, letter in
            scalars.indices.map { index in
                func with(_ scalar: Unicode.Scalar) -> String {
                    var result = String.UnicodeScalarView(scalars[...index])
                    result.append(scalar)
                    result.append(contentsOf: scalars[(index + 1)...])
                    return String(result)
                }
                return Extended(text: with(extender), plain: with(letter), extender: extender, letter: letter)
            }
        }
    }

    /// The bytes of what was made of ``plain``, with the extender in the letter's place.
    public func bytes(from plain: String) -> [UInt8] {
        Array(plain.utf8).replacing(Array(String(letter).utf8), with: Array(String(extender).utf8))
    }

    /// The bytes, percent-encoded as a request's target has them.
    public static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            byte > 0x20 && byte < 0x7F
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// What it is, by its scalars.
    public var description: String { "\(text.debugDescription)" }
}

/// Of texts with an extender behind one of their characters, the first of which something reads otherwise than of the same text
/// with a letter in the extender's place; `nil` if there is none. What is read are texts, compared by bytes, or an error.
public func firstDifference(of texts: [String], _ read: (String) throws -> [String?]) -> Extended? {
    func outcome(_ text: String) -> String {
        guard let parts = try? read(text) else { return "an error" }
        return parts.map { $0 ?? "nothing" }.joined(separator: "\u{0}")
    }
    return texts.flatMap(Extended.all).first { extended in
        Array(outcome(extended.text).utf8) != extended.bytes(from: outcome(extended.plain))
    }
}
