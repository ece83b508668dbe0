import JOSE
import Testing

@Suite("Reading JSON")
struct JSONParsingTests {
    private func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

    @Test("every kind of value is read")
    func kinds() throws {
        #expect(try parse("null") == .null)
        #expect(try parse("true") == true)
        #expect(try parse("false") == false)
        #expect(try parse(#""text""#) == "text")
        #expect(try parse("12") == 12)
        #expect(try parse("[]") == [])
        #expect(try parse("{}") == [:])
        #expect(
            try parse(" {\"a\" : [ 1 ,\t\"b\",null ] ,\r\n\"c\":{\"d\":false}} ") == [
                "a": [1, "b", nil], "c": ["d": false],
            ])
    }

    @Test("members keep their order")
    func order() throws {
        let object = try JSONObject(parsing: Array(#"{"z":1,"a":2,"m":3}"#.utf8))
        #expect(object.members.map(\.name) == ["z", "a", "m"])
    }

    @Test(
        "what is not RFC 8259 is refused",
        arguments: [
            "[1,]", #"{"a":1,}"#, "[,1]", "[1 2]", #"{"a" 1}"#, #"{"a"=1}"#, #"{"a",1}"#, #"{"a":1 "b":2}"#, #"{a:1}"#,
            #"{'a':1}"#, #"{1:2}"#,
            "{,}",
            "[1]]", "{}x", "1 2", "nul1", "True", "NaN", "Infinity", "-Infinity", "undefined", "// c\n1", "/**/1",
            "[1}",
            #"{"a":1]"#, "\u{FEFF}{}", "\u{B}1", "\u{C}1", "\u{A0}1", "\u{2028}1", "{\"a\"::1}", "'a'", "]", "}", ",",
            ":",
            "\0", "1\0", #""a"b"#,
        ])
    func syntax(_ text: String) {
        #expect(throws: JSONError(.syntax, at: 0)) { try parse(text) }
    }

    @Test(
        "a text that ends too early is refused",
        arguments: [
            "", " ", "[", "[1", "[1,", "{", #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#, "\"", "\"a", #""\"#,
            #""\u12"#, "t", "tru", "-", "1.", "1e", "1e+",
        ])
    func truncated(_ text: String) {
        #expect(throws: JSONError(.truncated, at: 0)) { try parse(text) }
    }

    @Test("a name that comes twice is refused, however it is written")
    func duplicates() {
        for text in [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"":1,"":2}}]"#,
            #"{"sub":"x","sub":"y"}"#,
        ] {
            #expect(throws: JSONError(.duplicateName, at: 0)) { try parse(text) }
        }
        // In an object so large that its names are indexed, at both ends.
        let names = (0..<100).map { #""n\#($0)":\#($0)"# }
        for name in ["n0", "n50", "n99"] {
            #expect(throws: JSONError(.duplicateName, at: 0)) {
                try parse("{" + (names + [#""\#(name)":0"#]).joined(separator: ",") + "}")
            }
        }
    }

    @Test("names that are the same only to Unicode's normal forms are different names")
    func canonicalEquivalence() throws {
        // The Kelvin sign and K; e with an accent, in one and in two code points.
        let object = try JSONObject(parsing: Array("{\"\u{212A}\":1,\"K\":2,\"\u{E9}\":3,\"e\u{301}\":4}".utf8))
        #expect(object.count == 4)
        #expect(object["K"] == 2)
        #expect(object["\u{212A}"] == 1)
        #expect(JSONValue.string("\u{212A}") != JSONValue.string("K"))
    }

    @Test("strings are UTF-8: nothing overlong, cut off, beyond Unicode or half a pair")
    func encoding() {
        let wrong: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ]
        for sequence in wrong {
            for text in [
                [0x22] + sequence + [0x22], [0x22, 0x5C, 0x6E] + sequence + [0x22],
                [0x22] + sequence + [0x5C, 0x6E, 0x22],
            ] {
                #expect(throws: JSONError(.encoding, at: 0)) { try JSONValue.parse(text) }
            }
            #expect(throws: JSONError(.encoding, at: 0)) {
                try JSONValue.parse([0x7B, 0x22] + sequence + Array(#"":1}"#.utf8))
            }
        }
        // UTF-16 has a NUL where a value should begin, or a byte order mark.
        #expect(throws: JSONError(.syntax, at: 0)) { try JSONValue.parse([0x00, 0x7B, 0x00, 0x7D]) }
        #expect(throws: JSONError(.syntax, at: 0)) { try JSONValue.parse([0x7B, 0x00, 0x7D, 0x00]) }
        #expect(throws: JSONError(.syntax, at: 0)) { try JSONValue.parse([0xFF, 0xFE, 0x7B, 0x00]) }
    }

    @Test("characters of every length are read")
    func unicode() throws {
        #expect(try parse("\"aä€🙂\u{10FFFF}\u{7F}\"") == "aä€🙂\u{10FFFF}\u{7F}")
        #expect(try parse(#""a\u00e4\u20AC\ud83d\uDE42\u0000b""#) == "aä€🙂\0b")
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == "\"\\/\u{8}\u{C}\n\r\t")
        #expect(try parse(#""x\ny\tz""#) == "x\ny\tz")
    }

    @Test(
        "half a surrogate pair is refused",
        arguments: [
            #""\ud800""#, #""\udc00""#, #""\udfff""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#,
            #""\udc00\ud800""#,
            #""\ud83d\u0041""#, #""\uDBFF\uE000""#,
        ])
    func surrogates(_ text: String) {
        #expect(throws: JSONError(.surrogate, at: 0)) { try parse(text) }
    }

    @Test(
        "unknown escapes and raw control characters are refused",
        arguments: [
            #""\x41""#, #""\a""#, #""\'""#, #""\u00g0""#, #""\u+041""#, #""\U0041""#, "\"\n\"", "\"\t\"", "\"\0\"",
            "\"\u{1F}\"",
            "\"\\n\n\"", "\"\\\n\"", #""\u 041""#,
        ])
    func escapes(_ text: String) {
        #expect(throws: JSONError(.syntax, at: 0)) { try parse(text) }
    }

    @Test("arrays and objects go 32 deep and no deeper")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        func nestedObjects(_ depth: Int) -> String {
            String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        }
        _ = try parse(nested(32))
        _ = try parse(nestedObjects(32))
        #expect(throws: JSONError(.depth, at: 0)) { try parse(nested(33)) }
        #expect(throws: JSONError(.depth, at: 0)) { try parse(nestedObjects(33)) }
        #expect(throws: JSONError(.depth, at: 0)) { try parse(String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError(.depth, at: 0)) { try JSONValue.parse(Array("[]".utf8), maximumDepth: 0) }
        #expect(try JSONValue.parse(Array("1".utf8), maximumDepth: 0) == 1)
    }

    @Test("an object is asked for and something else comes", arguments: ["[]", "1", "null", #""{}""#])
    func notAnObject(_ text: String) {
        #expect(throws: JSONError(.kind, at: 0)) { try JSONObject(parsing: Array(text.utf8)) }
    }

    @Test("an error names the byte")
    func offset() {
        #expect(throws: JSONError.self) { try parse(#"{"a":1,"a":2}"#) }
        do throws(JSONError) {
            _ = try parse(#"{"a":1,"a":2}"#)
        } catch {
            #expect(error.offset == 7)
        }
    }
}
