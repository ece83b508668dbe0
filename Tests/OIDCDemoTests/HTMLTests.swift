import Testing

@testable import OIDCDemo

@Suite("HTML")
struct HTMLTests {
    private func foreign(_ text: String, limit: Int = 201) -> HTML { "\(.foreign(text, limit: limit))" }

    @Test("interpolated text is escaped, interpolated HTML is not")
    func escaping() {
        let text = "<b>\"O'Hara\" & co</b>"
        let inner: HTML = "<i>\(text)</i>"
        let html: HTML = "<p title=\"\(text)\">\(inner)\(7)\([inner, inner])\(nil as HTML?)</p>"
        let escaped = "&lt;b&gt;&quot;O&#39;Hara&quot; &amp; co&lt;/b&gt;"
        #expect(
            html.markup == "<p title=\"\(escaped)\"><i>\(escaped)</i>7<i>\(escaped)</i><i>\(escaped)</i></p>")
    }

    @Test("a link leads to a path of the app, or to an absolute address")
    func links() {
        for address in ["/", "/login?provider=a&next=%2F", "https://op.example/x", "HTTP://localhost:1/"] {
            let html: HTML = "\(link: address)"
            #expect(html.markup == address.replacing("&", with: "&amp;"))
        }
    }

    @Test(
        "an address that runs a script or leads elsewhere unawares leads to the start page",
        arguments: [
            "javascript:alert(1)", "JAVASCRIPT:x", " javascript:x", "java\tscript:x", "data:text/html,x",
            "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "", "evil", "\u{1}https://x",
            "vbscript:x",
        ])
    func refusedLinks(_ address: String) {
        let html: HTML = "\(link: address)"
        #expect(html.markup == "/")
    }

    @Test("text from outside is escaped and set apart from the direction of the text around it")
    func setApart() {
        #expect(foreign("<script>").markup == "<bdi>&lt;script&gt;</bdi>")
        #expect(foreign("مرحبا").markup == "<bdi>مرحبا</bdi>")
        #expect(foreign("a\n\tb").markup == "<bdi>a\n\tb</bdi>")
    }

    @Test(
        "a character that acts unseen is shown by its number",
        arguments: [
            0, 7, 0x0D, 0x1B, 0x7F, 0x85, 0x200B, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069, 0x2028, 0xFEFF,
            0xFFFF,
            0x1FFFE,
        ] as [UInt32])
    func unseen(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        let html = foreign("a\(Character(scalar))b").markup
        #expect(!html.unicodeScalars.contains(scalar))
        let name = String(value, radix: 16, uppercase: true)
        #expect(html.contains("U+" + String(repeating: "0", count: max(0, 4 - name.count)) + name + "</span>b"))
    }

    @Test("letters that join stay as they are")
    func joiners() {
        let family = "👩\u{200D}👩\u{200D}👧 نامه\u{200C}ای"
        #expect(foreign(family).markup == "<bdi>\(family)</bdi>")
    }

    @Test("a text that is too long is cut, and says by how much")
    func cut() {
        let html = foreign(String(repeating: "x", count: 100_000), limit: 10).markup
        #expect(html == "<bdi>xxxxxxxxxx</bdi><span class=\"cut\">… and 99990 more characters</span>")
        #expect(foreign("xxxxxxxxxx", limit: 10).markup == "<bdi>xxxxxxxxxx</bdi>")
        let lines = foreign(String(repeating: "x\n", count: 1000), limit: 500).markup.split(separator: "\n")
        #expect(lines.count == 12)
    }

    @Test("marks that pile up on a letter are cut to what scripts need")
    func marks() {
        let html = foreign("e" + String(repeating: "\u{301}", count: 150) + "f").markup
        #expect(html.unicodeScalars.count { $0 == "\u{301}" } == 5)
        #expect(html.contains("more marks</span>f</bdi>"))
        #expect(foreign("o\u{302}\u{323}").markup == "<bdi>o\u{302}\u{323}</bdi>")
    }

    @Test("initials are at most two characters, whatever the name")
    func initials() {
        #expect(Initials.of("Ada Lovelace") == "AL")
        #expect(Initials.of("ada") == "A")
        #expect(Initials.of("Ada King Countess of Lovelace") == "AL")
        #expect(Initials.of("<b>ada") == "B")
        #expect(Initials.of("e" + String(repeating: "\u{301}", count: 150)) == "E")
        #expect(Initials.of("ßen ŉ")?.count ?? 0 <= 2)
        #expect(Initials.of("\u{202E}…!") == nil)
        #expect(Initials.of("") == nil)
    }
}
