import ByteText
import Testing

/// Texts in which something follows each byte that makes `String` see other characters, or none.
private let texts: [String] = {
    let plain = ["", "/", "//a", "a=b=c", "admin.json", "K;`", "x y  z", "name: value", "é", "e\u{301}", "日本"]
    let extenders = ["", "\u{FE0F}", "\u{301}", "\u{200D}", "\u{34F}", "\u{E0100}"]
    return plain.flatMap { text in
        extenders.map { extender in text.unicodeScalars.reduce(into: "") { $0 += String($1) + extender } }
    } + ["\u{FE0F}/", "\u{301}", "\u{212A}", "\u{37E}", "\u{1FEF}", "\r\n", "\u{E9}"]
}()

@Suite("Text by its bytes")
struct ByteTextTests {
    @Test("is equal where the bytes are, and nowhere else", arguments: texts)
    func exactly(_ text: String) {
        for other in texts {
            let isSame = Array(text.utf8) == Array(other.utf8)
            #expect(text.isExactly(other) == isSame)
            #expect(text[...].isExactly(other[...]) == isSame)
            #expect(Optional(text).isExactly(other) == isSame)
            #expect([text].containsExactly(other) == isSame)
            #expect((ExactText(text) == ExactText(other)) == isSame)
            #expect(Set([ExactText(text)]).contains(ExactText(other)) == isSame)
        }
        let none: String? = nil
        #expect(none.isExactly(text) == false)
    }

    @Test("begins, ends and holds what its bytes do", arguments: texts)
    func parts(_ text: String) {
        let bytes = Array(text.utf8)
        for part in texts {
            let partBytes = Array(part.utf8)
            let begins = bytes.starts(with: partBytes)
            let ends = bytes.count >= partBytes.count && Array(bytes.suffix(partBytes.count)) == partBytes
            #expect(text.utf8.hasPrefix(part) == begins)
            #expect(text.utf8.hasSuffix(part) == ends)
            let isHeld = (0...bytes.count).contains { bytes[$0...].starts(with: partBytes) }
            #expect(text.utf8.contains(part) == isHeld)
            #expect(
                text.utf8.rest(after: part).map { Array($0.utf8) }
                    == (begins ? Array(bytes.dropFirst(partBytes.count)) : nil))
            #expect(
                text.utf8.rest(before: part).map { Array($0.utf8) }
                    == (ends ? Array(bytes.dropLast(partBytes.count)) : nil))
        }
    }

    @Test("is cut at each separator's byte", arguments: texts, ["/", "=", " ", ":", "."] as [Unicode.Scalar])
    func cuts(_ text: String, _ separator: Unicode.Scalar) {
        let (bytes, byte) = (Array(text.utf8), UInt8(ascii: separator))
        let parts = bytes.split(separator: byte, omittingEmptySubsequences: false).map(Array.init)
        #expect(text.utf8.split(at: separator).map { Array($0.utf8) } == parts)
        #expect(
            text.utf8.split(at: separator, maxSplits: 1).map { Array($0.utf8) }
                == bytes.split(separator: byte, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init))
        #expect(text.utf8.words(separatedBy: separator).map { Array($0.utf8) } == parts.filter { !$0.isEmpty })
        #expect(
            Array(text.utf8.prefix(before: separator, "?").utf8) == Array(bytes.prefix { $0 != byte && $0 != 0x3F }))
        let first = text.utf8.cut(at: separator)
        let last = text.utf8.cut(atLast: separator)
        #expect(
            first.map { [Array($0.before.utf8), Array($0.after.utf8)] }
                == bytes.firstIndex(of: byte).map { [Array(bytes[..<$0]), Array(bytes[($0 + 1)...])] })
        #expect(
            last.map { [Array($0.before.utf8), Array($0.after.utf8)] }
                == bytes.lastIndex(of: byte).map { [Array(bytes[..<$0]), Array(bytes[($0 + 1)...])] })
    }

    @Test(
        "has the letters A to Z in lower case, and nothing else changed",
        arguments: texts + ["CHUN\u{212A}ED", "ÀÉİ", "Az-09"])
    func lowercase(_ text: String) {
        let expected = text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        #expect(Array(text.asciiLowercased.utf8) == expected)
    }

    @Test(
        "has each character replaced, whatever follows it", arguments: texts + ["\"\u{301}", "\\\u{FE0F}\"", "a\"b\\c"])
    func replaced(_ text: String) {
        let expected = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
            default: [byte]
            }
        }
        #expect(Array(text.replacing(["\"": "\\\"", "\\": "\\\\"]).utf8) == expected)
    }
}
