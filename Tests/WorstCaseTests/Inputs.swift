import JOSE

/// Texts of a given length.
enum Inputs {
    /// A piece as often as it fits.
    static func repeated(_ piece: String, upTo count: Int) -> String {
        String(repeating: piece, count: max(1, count / piece.utf8.count))
    }

    /// Pieces that are made by their number, as many as fit.
    static func pieces(upTo count: Int, separator: String = "", _ piece: (Int) -> String) -> String {
        var text = ""
        var number = 0
        while true {
            let next = (number == 0 ? "" : separator) + piece(number)
            guard text.utf8.count + next.utf8.count <= count || number == 0 else { return text }
            text += next
            number += 1
        }
    }

    /// A letter with marks of eight combining classes in the order of the number: some forty thousand texts that are all the
    /// same to `String`, and have the same hash.
    static func equivalent(_ number: Int) -> String {
        var left: [Unicode.Scalar] = [
            "\u{301}", "\u{327}", "\u{328}", "\u{334}", "\u{345}", "\u{31B}", "\u{302A}", "\u{5B0}",
        ]
        var number = number
        var text = "a"
        while !left.isEmpty {
            text.unicodeScalars.append(left.remove(at: number % left.count))
            number /= max(1, left.count + 1)
        }
        return text
    }

    /// A letter with as many marks as there is room for, none of them in canonical order.
    static func marks(upTo count: Int) -> String { "a" + repeated("\u{301}\u{327}\u{334}", upTo: count - 1) }

    /// A JSON object of harmless claims.
    static func claims(upTo count: Int) -> String {
        "{" + pieces(upTo: count - 2, separator: ",") { #""claim\#($0)":"a value of some length","n\#($0)":12345"# }
            + "}"
    }

    static func object(_ text: String) throws -> JSONObject { try JSONObject(parsing: Array(text.utf8)) }
}
