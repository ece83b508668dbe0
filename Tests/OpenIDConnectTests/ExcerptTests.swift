import OpenIDConnect
import Testing

@Suite("What came from outside, fit for an error")
struct ExcerptTests {
    @Test(
        "visible ASCII and letters of any language stay",
        arguments: ["", "the same", "https://op.example/~a?b=%20", "Zoë 張", String(repeating: "a", count: 200)])
    func stays(_ text: String) { #expect(excerpt(text) == text) }

    @Test("what is longer is cut, by characters of Unicode and not by bytes")
    func cut() {
        #expect(excerpt("abcd", limit: 3) == "abc…")
        #expect(excerpt("ëëëë", limit: 3) == "ëëë…")
        #expect(excerpt("ëëë", limit: 3) == "ëëë")
        #expect(excerpt("abc", limit: 3) == "abc")
        #expect(excerpt(String(repeating: "a", count: 201)) == String(repeating: "a", count: 200) + "…")
    }

    @Test(
        "what a terminal or a page would take for more than text is replaced",
        arguments: ["\n", "\u{1B}", "\u{7F}", "\u{202E}", "\u{200B}", "\u{2028}", "\u{E000}"])
    func cleaned(_ text: String) { #expect(excerpt("a\(text)b") == "a\u{FFFD}b") }
}
