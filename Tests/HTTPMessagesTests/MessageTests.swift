import HTTPMessages
import Testing

@Suite("Header fields")
struct HTTPFieldsTests {
    @Test("A name that is no token cannot be made", arguments: ["", "a b", "a:", "ä", "a\r", "(a)", "a/b"])
    func names(_ name: String) {
        #expect(HTTPFields.Name(name) == nil)
    }

    @Test("Names are the same in any case")
    func nameCase() {
        #expect(HTTPFields.Name("Content-TYPE") == .contentType)
        #expect(HTTPFields.Name("!#$%&'*+-.^_`|~09azAZ")?.canonical == "!#$%&'*+-.^_`|~09azaz")
    }

    @Test("A value keeps no control character other than tab")
    func values() {
        let fields: HTTPFields = [.location: "a\r\nb\u{0}\u{7f}\tc"]
        #expect(fields[.location] == "a  b  \tc")
    }

    @Test("A name that stands there twice has no single value; setting it replaces both")
    func twice() {
        var fields: HTTPFields = [.accept: "a", .host: "h", .accept: "b"]
        #expect(fields[.accept] == nil)
        #expect(fields.values(.accept) == ["a", "b"])
        #expect(fields.lines.map(\.name) == [.accept, .host, .accept])
        fields[.accept] = "c"
        #expect(fields.values(.accept) == ["c"])
        fields[.accept] = nil
        #expect(fields.values(.accept).isEmpty)
    }
}

@Suite("Requests")
struct HTTPRequestTests {
    @Test(
        "The target is split at the first question mark, and the path is decoded",
        arguments: [
            ("/", "/", nil), ("/a%20b/%C3%BC", "/a b/ü", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"),
            ("/a+b?x=%20", "/a+b", "x=%20"), ("//a", "//a", nil),
        ] as [(String, String, String?)])
    func target(_ target: String, _ path: String, _ query: String?) throws {
        let request = try #require(HTTPRequest(method: .get, target: target))
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test(
        "A target that is no path is refused",
        arguments: [
            "", "a", "?a", "*", "http://a/", "/a#b", "/a b", "/a\tb", "/ä", "/%", "/%zz", "/%00", "/%0a", "/%7f",
            "/%ff", "/a?b c", "/a?\u{1}",
        ])
    func refused(_ target: String) {
        #expect(HTTPRequest(method: .get, target: target) == nil)
    }
}

@Suite("Responses and escaping")
struct HTTPResponseTests {
    @Test("A text, a page and a redirect have what they need")
    func made() {
        let text = HTTPResponse.text("ü", status: 404)
        #expect(text.status == 404)
        #expect(text.body == [0xC3, 0xBC])
        #expect(text.fields[.contentType] == "text/plain; charset=utf-8")
        #expect(HTTPResponse.html("<p>").fields[.contentType] == "text/html; charset=utf-8")
        let redirect = HTTPResponse.seeOther("/a")
        #expect(redirect.status == 303)
        #expect(redirect.fields[.location] == "/a")
    }

    @Test("What could end a text or an attribute of a page is escaped, and nothing else")
    func escaping() {
        #expect(htmlEscaped("<a href=\"x\">'&amp;ü") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;ü")
        #expect(htmlEscaped("<\u{301}>\u{301}") == "&lt;\u{301}&gt;\u{301}")
        #expect(htmlEscaped("plain text") == "plain text")
    }
}
