import JOSE

/// JSON as providers send it: at most as long as a body may be.
enum JSONCases {
    private static let limit = 1 << 20

    static let all: [WorstCase] =
        [
            text.worst("arrays at the greatest depth") { count in
                let nested = String(repeating: "[", count: 31) + String(repeating: "]", count: 31) + ","
                return Array("[\(Inputs.repeated(nested, upTo: count - 64))0]".utf8)
            },
            text.worst("small values") { Array("[\(Inputs.repeated("0,", upTo: $0 - 3))0]".utf8) },
            text.worst("empty objects") { Array("[\(Inputs.repeated("{},", upTo: $0 - 4))0]".utf8) },
            text.worst("members with short names") { count in
                let members = Inputs.pieces(upTo: count - 2, separator: ",") {
                    "\"\(String($0, radix: 36))\":0"
                }
                return Array("{\(members)}".utf8)
            },
            text.worst("names that are equivalent to String") { count in
                let members = Inputs.pieces(upTo: min(count - 2, 900_000), separator: ",") {
                    "\"\(Inputs.equivalent($0 % 40_320))\":0"
                }
                return Array("{\(members)}".utf8)
            },
            text.worst("one name of many marks") { Array("{\"\(Inputs.marks(upTo: $0 - 6))\":0}".utf8) },
            text.worst("escapes") { Array("[\"\(Inputs.repeated("\\u0301", upTo: $0 - 4))\"]".utf8) },
            text.worst("escaped surrogates") { Array("[\"\(Inputs.repeated("\\ud834\\udd1e", upTo: $0 - 4))\"]".utf8) },
        ]
        + [
            number.worst("digits") { Array(Inputs.repeated("1", upTo: $0).utf8) },
            number.worst("digits of a fraction") { Array("0.\(Inputs.repeated("1", upTo: $0 - 2))".utf8) },
            number.worst("zeros before and behind") { count in
                let zeros = Inputs.repeated("0", upTo: count / 2 - 8)
                return Array("0.\(zeros)1\(zeros)e1".utf8)
            },
            number.worst("digits of an exponent") { Array("1e\(Inputs.repeated("1", upTo: $0 - 2))".utf8) },
        ]
        + [
            value.worst("control characters") { .string(Inputs.repeated("\u{1}", upTo: $0)) },
            value.worst("quotation marks with accents") { .string(Inputs.repeated("\"\u{301}", upTo: $0)) },
        ]
        + [
            base64url.worst("what is none at its end") { Inputs.repeated("abcd", upTo: $0 - 4) + "abc=" },
            base64url.worst("marks") { count in
                // A length that no text has would be refused at once.
                let text = "abcd" + Inputs.marks(upTo: count - 8)
                return text + String(repeating: "a", count: 4 - text.utf8.count % 4)
            },
        ]

    private static let text = ForeignInput<[UInt8]>("JSON", limit: limit) {
        Array(Inputs.claims(upTo: $0).utf8)
    } reader: {
        _ = try JSONValue.parse($0)
    }

    private static let number = ForeignInput<[UInt8]>("a number", limit: limit) {
        Array("\"\(Inputs.repeated("1", upTo: $0 - 2))\"".utf8)
    } reader: { bytes in
        let value = try JSONValue.parse(bytes)
        _ = (value.integer, value.number?.double)
    }

    private static let value = ForeignInput<JSONValue>("JSON written", limit: limit) {
        JSONValue.string(Inputs.repeated("text", upTo: $0))
    } reader: {
        _ = $0.serialized()
    }

    private static let base64url = ForeignInput<String>("base64url", limit: limit) {
        Inputs.repeated("abcd", upTo: $0)
    } reader: {
        _ = try Base64URL.decode($0)
    }
}
