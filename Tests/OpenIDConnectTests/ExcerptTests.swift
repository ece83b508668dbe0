import Testing

@testable import OpenIDConnect

@Suite("What came from outside, fit for an error")
struct ExcerptTests {
    @Test(
        "visible ASCII and letters of any language stay",
        arguments: ["", "the same", "https://op.example/~a?b=%20", "Zoë 張", String(repeating: "a", count: 200)])
    func stays(_ text: String) { #expect(excerpt(text) == text) }

    @Test("a secret is found wherever it stands, byte by byte")
    func secrets() {
        func hidden(_ text: String, _ secret: String) -> String { redacted(text, [Array(secret.utf8)]) }
        let secret = "aba0123456"
        #expect(hidden("ab\(secret) and \(secret)", secret) == "ab<redacted> and <redacted>")
        #expect(hidden(secret, secret) == "<redacted>")
        for text in ["", "ab", "aba012345", "ABA0123456"] { #expect(hidden(text, secret) == text) }
        #expect(hidden("abc", "") == "abc")
        let long = String(repeating: "x", count: 2000)
        #expect(hidden(long + secret + long, secret) == long + "<redacted>" + long)
        #expect(hidden(long, secret) == long)
        #expect(hidden("a caf\u{65}\u{301}", "cafe") == "a <redacted>\u{301}")
    }

    @Test("a text with a very short secret is not shown at all, so that it does not grow")
    func shortSecrets() {
        #expect(redacted(String(repeating: "x", count: 1000), [Array("x".utf8), Array("e".utf8)]) == "<redacted>")
        #expect(redacted("without", [Array("x".utf8)]) == "without")
    }

    /// Compared at each place anew, it would be four thousand million bytes.
    @Test("a secret and a text that a provider chose to be alike for long take no time", .timeLimit(.minutes(1)))
    func longSecrets() {
        let text = String(repeating: "a", count: 1 << 17)
        #expect(redacted(text, [Array((text.prefix(1 << 16) + "b").utf8)]) == text)
    }

    /// Compared at each place anew, it would be two and a half thousand million bytes.
    @Test("nor do many texts of a kilobyte that are alike", .timeLimit(.minutes(1)))
    func manyAlike() {
        let text = String(repeating: "a", count: 1 << 10)
        let secret = Array((text.prefix(1 << 9) + "b").utf8)
        #expect((0..<10_000).allSatisfy { _ in redacted(text, [secret]) == text })
    }

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
