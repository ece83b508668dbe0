import OpenIDConnect
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "that are safe are taken apart",
        arguments: [
            ("https://op.example", "op.example", 443, "https://op.example"),
            ("HTTPS://OP.example:8443/a?b=c", "op.example", 8443, "https://op.example:8443"),
            ("http://127.0.0.1:8001/x", "127.0.0.1", 8001, "http://127.0.0.1:8001"),
            ("http://localhost", "localhost", 80, "http://localhost"),
            ("http://[::1]:9000/", "[::1]", 9000, "http://[::1]:9000"),
        ])
    func good(_ text: String, _ host: String, _ port: Int, _ origin: String) throws {
        let url = try #require(EndpointURL(text))
        #expect(url.host == host)
        #expect(Int(url.port) == port)
        #expect(url.origin == origin)
        #expect(url.string == text)
    }

    @Test(
        "that are not safe are refused",
        arguments: [
            "", "op.example", "ftp://op.example", "https://", "https:///x", "https://a@b", "https://a:b@c",
            "https://h#f",
            "https://h /", "https://h\n", "https://h\u{0}", "https://h:0", "https://h:99999", "https://h:",
            "https://h:+1",
            "https://h\\x", "https://hé", "http://op.example", "http://127.0.0.1.evil.example",
            "http://localhost.evil.example", "https://[::1", "https://[zz]",
        ])
    func bad(_ text: String) { #expect(EndpointURL(text) == nil) }

    @Test("with plain http are let through everywhere only where that was said")
    func plain() { #expect(EndpointURL("http://op.example", plainHTTP: .everywhere) != nil) }

    @Test("issuers have no query, and are compared byte for byte")
    func issuers() throws {
        #expect(Issuer("https://op.example?x=1") == nil)
        #expect(Issuer("https://op.example") != Issuer("https://op.example/"))
    }

    @Test("client identifiers, secrets and scopes keep to their characters")
    func values() {
        #expect(ClientID("") == nil)
        #expect(ClientID("a\u{7F}") == nil)
        #expect(ClientID("s6 BhdRkqt3:%&+") != nil)
        #expect(ClientSecret("") == nil)
        #expect(ClientSecret("a\nb") == nil)
        #expect(Scope("a b") == nil)
        #expect(Scope("a\"b") == nil)
        #expect(Scope.list("openid  profile openid")?.map(\.string) == ["openid", "profile"])
        #expect(Scope.list("openid é") == nil)
    }

    @Test("secrets never print")
    func redaction() throws {
        let secret = try #require(ClientSecret("canary-7f3a"))
        let token = try #require(AccessToken("canary-7f3a"))
        let refresh = try #require(RefreshToken("canary-7f3a"))
        let code = try #require(AuthorizationCode("canary-7f3a"))
        for text in [
            "\(secret)", String(reflecting: secret), "\(token)", "\(refresh)", "\(code)", dumped(secret), dumped(token),
            dumped(refresh), dumped(code), "\([secret])", "\([token])",
        ] {
            #expect(!text.contains("canary"))
        }
    }

    private func dumped(_ value: some Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }
}
