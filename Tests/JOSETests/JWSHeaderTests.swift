import JOSE
import Testing

@Suite("The form and header of a token")
struct JWSHeaderTests {
    private func jws(header: String) throws -> JWS {
        try JWS(compact: Keys.token(header: header, by: Keys.key(.es256)))
    }

    @Test(
        "a token has three parts",
        arguments: [
            "", ".", "a", "e30", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30.", ".e30.e30.e30", "e30.e30.e30.e30.e30",
            "......",
            String(repeating: ".", count: 100_000),
        ])
    func parts(_ token: String) {
        #expect(throws: JOSEError(.form, "")) { try JWS(compact: token) }
    }

    @Test("an encrypted token is named as one")
    func encrypted() {
        do throws(JOSEError) {
            _ = try JWS(compact: "e30.e30.e30.e30.e30")
        } catch {
            #expect(error.detail.contains("encrypted"))
        }
    }

    @Test("each part is strict base64url")
    func base64url() throws {
        let token = try Keys.key(.es256).sign(payload: Array("{}".utf8))
        let parts = token.split(separator: ".").map(String.init)
        for index in 0..<3 {
            for wrong in [
                parts[index] + "=", " " + parts[index], parts[index] + "\n", parts[index] + "+", parts[index] + "*",
            ] {
                var changed = parts
                changed[index] = wrong
                #expect(throws: JOSEError(.base64url, "")) { try JWS(compact: changed.joined(separator: ".")) }
            }
        }
    }

    @Test(
        "the header is strict JSON, an object",
        arguments: [
            "", "[]", "null", #""ES256""#, #"{"alg":"ES256",}"#, #"{"alg":"ES256","alg":"ES256"}"#,
            #"{"alg":"none","alg":"ES256"}"#, #"{"alg":"ES256","x":"\ud800"}"#, "\u{FEFF}{\"alg\":\"ES256\"}",
            #"{"alg":"ES256"}}"#,
        ])
    func json(_ header: String) {
        #expect(throws: JOSEError(.json, "")) { try jws(header: header) }
    }

    @Test(
        "alg is there and a text",
        arguments: [
            "{}", #"{"alg":null}"#, #"{"alg":1}"#, #"{"alg":["ES256"]}"#, #"{"Alg":"ES256"}"#, #"{"alg ":"ES256"}"#,
        ])
    func missingAlgorithm(_ header: String) {
        #expect(throws: JOSEError(.header, "")) { try jws(header: header) }
    }

    @Test("none is never an algorithm", arguments: ["none", "None", "NONE", "nOnE"])
    func none(_ name: String) throws {
        #expect(throws: JOSEError(.algorithmNone, "")) { try jws(header: #"{"alg":"\#(name)"}"#) }
        let header = Base64URL.encode(Array(#"{"alg":"\#(name)"}"#.utf8))
        #expect(throws: JOSEError(.algorithmNone, "")) { try JWS(compact: header + ".e30.") }
    }

    @Test(
        "an algorithm that is not known is refused",
        arguments: [
            "", "es256", "ES256 ", " none", "ES521", "ES256k", "HS1", "RS1", "HS256/64", "Ed448", "RSA-OAEP", "dir",
            "\u{45}S256\u{301}",
        ])
    func unknownAlgorithm(_ name: String) {
        #expect(throws: JOSEError(.algorithmUnknown, "")) { try jws(header: #"{"alg":"\#(name)"}"#) }
    }

    @Test(
        "a header that demands an extension is refused, whatever it demands",
        arguments: [
            #""crit":["exp"],"exp":1"#, #""crit":["x"]"#, #""crit":[]"#, #""crit":["alg"]"#, #""crit":null"#,
            #""crit":"b64""#,
            #""crit":["b64"],"b64":false"#, #""crit":["b64"],"b64":true"#, #""b64":false"#, #""b64":true"#,
            #""crit":{}"#,
        ])
    func critical(_ member: String) {
        #expect(throws: JOSEError(.critical, "")) { try jws(header: #"{"alg":"ES256",\#(member)}"#) }
    }

    @Test("typ is a text where it is there; a kid that is none names no key")
    func texts() throws {
        for value in ["1", "[]", "{}", "true", #"["a"]"#] {
            #expect(throws: JOSEError(.header, "")) { try jws(header: #"{"alg":"ES256","typ":\#(value)}"#) }
            #expect(try jws(header: #"{"alg":"ES256","kid":\#(value)}"#).header.keyID == nil)
        }
        let absent = try jws(header: #"{"alg":"ES256","kid":null,"typ":null}"#).header
        #expect(absent.keyID == nil && absent.type == nil)
        let header = try jws(header: #"{"alg":"ES256","kid":"k","typ":"at+jwt","x":[1]}"#).header
        #expect(header.keyID == "k")
        #expect(header.type == "at+jwt")
        #expect(header.object["x"] == [1])
        #expect(try jws(header: #"{"alg":"ES256"}"#).header.keyID == nil)
        #expect(try jws(header: #"{"alg":"ES256"}"#).header.type == nil)
    }
}
