import HTTPMessages
import Testing

@Suite("Form and percent encoding")
struct EncodingTests {
    @Test(
        "Form encoding keeps letters, digits and *-._, and makes a space a plus (URL Standard §5)",
        arguments: [
            ("azAZ09*-._", "azAZ09*-._"), ("a b", "a+b"), ("a+b~%&=", "a%2Bb%7E%25%26%3D"), ("ü", "%C3%BC"), ("", ""),
            ("\r\n", "%0D%0A"), ("a:b/c@", "a%3Ab%2Fc%40"),
        ])
    func form(_ plain: String, _ encoded: String) {
        #expect(FormEncoding.encode(plain) == encoded)
        #expect(FormEncoding.decode(encoded) == plain)
    }

    @Test(
        "Percent-encoding keeps unreserved characters only (RFC 3986 §2.3)",
        arguments: [
            ("azAZ09-._~", "azAZ09-._~"), ("a b", "a%20b"), ("*+/?#", "%2A%2B%2F%3F%23"), ("ü", "%C3%BC"),
        ])
    func percent(_ plain: String, _ encoded: String) {
        #expect(percentEncoded(plain) == encoded)
    }

    @Test("Digits of either case are decoded") func cases() {
        #expect(FormEncoding.decode("%c3%Bc") == "ü")
    }

    @Test("What is broken is not decoded", arguments: ["%", "%4", "%4g", "%g4", "a%", "%ff", "%c3", "%+1"])
    func broken(_ text: String) {
        #expect(FormEncoding.decode(text) == nil)
    }
}

@Suite("Form parameters")
struct FormParametersTests {
    @Test("Pairs are read in order, and written as they were")
    func pairs() throws {
        let form = try FormParameters(parsing: "code=a%2Fb&state=x+y&empty=&bare&c=1=2")
        #expect(form.parameters.map(\.name) == ["code", "state", "empty", "bare", "c"])
        #expect(form["code"] == "a/b")
        #expect(form["state"] == "x y")
        #expect(form["empty"] == "")
        #expect(form["bare"] == "")
        #expect(form["c"] == "1=2")
        #expect(form["none"] == nil)
        #expect(form.encoded == "code=a%2Fb&state=x+y&empty=&bare=&c=1%3D2")
        #expect(try FormParameters(parsing: form.encoded) == form)
        #expect(FormParameters().encoded.isEmpty)
        #expect((["a": "1", "b": "&"] as FormParameters).encoded == "a=1&b=%26")
    }

    @Test("Empty parts are passed over")
    func emptyParts() throws {
        #expect(try FormParameters(parsing: "").parameters.isEmpty)
        #expect(try FormParameters(parsing: "&&a=1&").parameters.count == 1)
    }

    @Test("A name that came twice has no value and is told of; names are compared decoded")
    func duplicates() throws {
        let form = try FormParameters(parsing: "a=1&b=2&%61=3&a=4&c=5&c=5")
        #expect(form["a"] == nil)
        #expect(form.values(named: "a") == ["1", "3", "4"])
        #expect(form["b"] == "2")
        #expect(form.duplicates == ["a", "c"])
    }

    @Test("An ampersand before a combining mark still ends a parameter")
    func combining() throws {
        #expect(try FormParameters(parsing: "a=1&\u{301}b=2")["a"] == "1")
        #expect(try FormParameters(parsing: "a=\u{301}1").parameters.first?.name == "a")
    }

    @Test("More parameters or bytes than the limit are refused")
    func limits() throws {
        let many = Array(repeating: "a=1", count: 65)
        #expect(try FormParameters(parsing: many.prefix(64).joined(separator: "&")).parameters.count == 64)
        #expect(throws: FormError(.tooMany)) { try FormParameters(parsing: many.joined(separator: "&")) }
        let long = "a=" + String(repeating: "b", count: (32 << 10) - 2)
        #expect(try FormParameters(parsing: long)["a"]?.count == (32 << 10) - 2)
        #expect(throws: FormError(.tooLong)) { try FormParameters(parsing: long + "b") }
    }

    @Test("What cannot be decoded is refused")
    func broken() {
        #expect(throws: FormError(.encoding)) { try FormParameters(parsing: "a=%zz") }
        #expect(throws: FormError(.encoding)) { try FormParameters(parsing: "%ff=a") }
        #expect(throws: FormError(.encoding)) { try FormParameters(parsing: [0x61, 0x3d, 0xff]) }
    }

    @Test("A request's query and body are read; a body of another type is refused")
    func request() throws {
        var request = try #require(HTTPRequest(method: .post, target: "/?a=1", body: Array("b=2".utf8)))
        #expect(try request.queryParameters["a"] == "1")
        #expect(throws: FormError(.mediaType)) { try request.formParameters }
        for type in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
            request.fields[.contentType] = type
            #expect(try request.formParameters["b"] == "2")
        }
        for type in ["application/json", "application/x-www-form-urlencodedx", "text/plain"] {
            request.fields[.contentType] = type
            #expect(throws: FormError(.mediaType)) { try request.formParameters }
        }
        let bare = try #require(HTTPRequest(method: .get, target: "/"))
        #expect(try bare.queryParameters.parameters.isEmpty)
    }
}
