import HTTPMessages

/// HTML escaping and percent-encoding: what goes in comes out, and nothing else.
struct TextTarget: FuzzTarget {
    func run(_ input: [UInt8]) throws {
        let text = input.text
        let escaped = htmlEscaped(text)
        try demand(!escaped.utf8.contains { "<>\"'".utf8.contains($0) }, "no markup is left")
        try demand(unescaped(escaped).isIdentical(to: text), "HTML shows the text")

        for encoded in [FormEncoding.encode(text), percentEncoded(text)] {
            try demand(
                encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"&=#?/<>\"'".utf8.contains($0) }, "harmless")
            try demand(FormEncoding.decode(encoded)?.isIdentical(to: text) ?? false, "what was encoded decodes")
        }
        if let decoded = FormEncoding.decode(text) {
            let again = FormEncoding.decode(FormEncoding.encode(decoded))
            try demand(again?.isIdentical(to: decoded) ?? false, "what was decoded can be encoded")
        }

        let request = HTTPRequest(method: .get, target: "/" + percentEncoded(text))
        let hasControls = text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        try demand((request == nil) == hasControls, "every path but one with control bytes is a path")
        if let request { try demand(request.path.isIdentical(to: "/" + text), "the path is decoded once") }
        if let other = HTTPRequest(method: .get, target: text) {
            try demand(other.path.utf8.first == UInt8(ascii: "/"), "a path begins with a slash")
            _ = try? other.queryParameters
        }
    }

    private func unescaped(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) { text, pair in
            // By bytes: a mark that follows a character would make another one of it.
            String(decoding: replaced(Array(text.utf8), Array(pair.0.utf8), Array(pair.1.utf8)), as: UTF8.self)
        }
    }

    private func replaced(_ bytes: [UInt8], _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: old) {
                result += new
                index += old.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
