import HTTPMessages
import Testing

@Suite("Cookies to set")
struct CookieTests {
    @Test("A cookie is out of reach of scripts and of other sites unless told otherwise")
    func defaults() throws {
        let cookie = try Cookie(name: "a", value: "b", isSecure: false)
        #expect(cookie.fieldValue == "a=b; Path=/; HttpOnly; SameSite=Lax")
    }

    @Test("Every attribute stands where it was asked for")
    func attributes() throws {
        let cookie = try Cookie(
            name: "__Host-a", value: "b", isSecure: true, sameSite: .strict, maxAge: 600)
        #expect(cookie.fieldValue == "__Host-a=b; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Strict")
        let open = try Cookie(
            name: "a", value: "", path: "/x", isHTTPOnly: false, isSecure: true, sameSite: .none)
        #expect(open.fieldValue == "a=; Path=/x; Secure; SameSite=None")
    }

    @Test("A cookie that is to be forgotten has no value and no time left")
    func expired() throws {
        let cookie = try Cookie.expired(name: "__Host-a", isSecure: true)
        #expect(cookie.fieldValue == "__Host-a=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
    }

    @Test("A name that is no token is refused", arguments: ["", "a b", "a=b", "a;b", "ä", "a\r\n"])
    func name(_ name: String) {
        #expect(throws: CookieError.self) { try Cookie(name: name, value: "b", isSecure: false) }
    }

    @Test(
        "A value that no cookie may hold is refused",
        arguments: ["a b", "a;b", "a,b", "a\"b", "a\\b", "ä", "a\r\nb", "\u{7f}"])
    func value(_ value: String) {
        let error = #expect(throws: CookieError.self) { try Cookie(name: "a", value: value, isSecure: false) }
        #expect(error?.code == .value)
        #expect(error?.description.contains(value) == false)
    }

    @Test("A path that would end the attribute is refused", arguments: ["", "a", "/;Domain=x", "/\r\n", "/ä"])
    func path(_ path: String) {
        let error = #expect(throws: CookieError.self) { try Cookie(name: "a", value: "b", path: path, isSecure: false) }
        #expect(error?.code == .path)
    }

    @Test("A cookie that browsers would drop for its size is refused")
    func size() throws {
        _ = try Cookie(name: "a", value: String(repeating: "b", count: 4095), isSecure: false)
        let error = #expect(throws: CookieError.self) {
            try Cookie(name: "a", value: String(repeating: "b", count: 4096), isSecure: false)
        }
        #expect(error?.code == .size)
    }

    @Test(
        "A prefix or SameSite=None without what it demands is refused",
        arguments: [
            ("__Host-a", "/", false, Cookie.SameSite.lax), ("__Host-a", "/x", true, .lax),
            ("__Secure-a", "/", false, .lax),
            ("__host-a", "/", false, .lax), ("a", "/", false, .none),
        ])
    func prefix(_ name: String, _ path: String, _ isSecure: Bool, _ sameSite: Cookie.SameSite) {
        let error = #expect(throws: CookieError.self) {
            try Cookie(name: name, value: "b", path: path, isSecure: isSecure, sameSite: sameSite)
        }
        #expect(error?.code == .prefix)
    }

    @Test("A response sets each name once, the last one")
    func setTwice() throws {
        var response = HTTPResponse.text("ok")
        response.setCookie(try Cookie(name: "a", value: "1", isSecure: false))
        response.setCookie(try Cookie(name: "ab", value: "2", isSecure: false))
        response.setCookie(try Cookie(name: "a", value: "3", isSecure: false))
        #expect(response.fields.values(.setCookie).map { $0.prefix(4) } == ["ab=2", "a=3;"])
    }
}

@Suite("Cookies that come")
struct CookiesTests {
    private func cookies(_ lines: String...) throws -> Cookies {
        var fields = HTTPFields()
        for line in lines { fields.append(.cookie, line) }
        return try #require(HTTPRequest(method: .get, target: "/", fields: fields)).cookies
    }

    @Test("Pairs are found, in one line or in several")
    func pairs() throws {
        let cookies = try cookies("a=1; b=2;c=", "d=x=y ; \te=z\t")
        #expect(cookies.names == ["a", "b", "c", "d", "e"])
        #expect(cookies["a"] == "1")
        #expect(cookies["b"] == "2")
        #expect(cookies["c"] == "")
        #expect(cookies["d"] == "x=y")
        #expect(cookies["e"] == "z")
        #expect(cookies["none"] == nil)
        #expect(cookies["A"] == nil)
    }

    @Test("A name that came twice has no value, but its values can be seen")
    func duplicates() throws {
        let cookies = try cookies("a=1; b=2; a=3")
        #expect(cookies["a"] == nil)
        #expect(cookies.values(named: "a") == ["1", "3"])
        #expect(cookies["b"] == "2")
        #expect(cookies.names == ["a", "b"])
    }

    @Test(
        "What is no pair is passed over, and the others stay",
        arguments: ["x", "=1", "a b=1", "x=a b", "x=\"1\"", "x=a,b", "ä=1", "x=ä", ""])
    func malformed(_ part: String) throws {
        let cookies = try cookies("a=1; \(part); b=2")
        #expect(cookies.names == ["a", "b"])
    }

    @Test("One's own are found among any number of others, on however many lines")
    func foreign() throws {
        let foreign = (0..<5000).map { "c\($0)=1" }.joined(separator: "; ")
        #expect(try cookies("own=1; " + foreign)["own"] == "1")
        #expect(try cookies(foreign + "; own=1")["own"] == "1")
        #expect(try cookies(foreign, String(repeating: ";", count: 20_000), foreign + "; own=1; x")["own"] == "1")
        #expect(try cookies("own=" + String(repeating: "b", count: 100_000))["own"]?.utf8.count == 100_000)
    }
}
