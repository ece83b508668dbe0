import HTTPMessages
import Testing

@Suite("A bearer token (RFC 6750)")
struct BearerTokenTests {
    private func request(_ values: [String], target: String = "/") throws -> HTTPRequest {
        var fields = HTTPFields()
        for value in values { fields.append(.authorization, value) }
        return try #require(HTTPRequest(method: .get, target: target, fields: fields))
    }

    @Test(
        "is what follows the scheme, whose case does not matter",
        arguments: ["Bearer abc", "bearer abc", "BEARER abc", "Bearer  abc"])
    func read(_ value: String) throws {
        #expect(try request([value]).bearerToken == "abc")
    }

    @Test("has the alphabet of the specification")
    func alphabet() throws {
        let token = "AZaz09-._~+/=="
        #expect(try request(["Bearer " + token]).bearerToken == token)
    }

    @Test("is not there without the field, or with another scheme", arguments: [[], ["Basic YTpi"], ["Bearerabc"]])
    func absent(_ values: [String]) throws {
        #expect(try request(values).bearerToken == nil)
    }

    @Test(
        "that is malformed, or comes twice, is refused",
        arguments: [
            ["Bearer"], ["Bearer "], ["Bearer a b"], ["Bearer a,b"], ["Bearer =a"], ["Bearer a=b"], ["Bearer ä"],
            ["Bearer a\"b"], ["Bearer a\tb"], ["Bearer abc", "Bearer abc"], ["Bearer abc", "Basic YTpi"],
            ["Basic YTpi", "Bearer abc"],
        ])
    func malformed(_ values: [String]) throws {
        let request = try request(values)
        #expect(throws: BearerChallenge(.invalidRequest)) { try request.bearerToken }
    }

    @Test("is not taken from the query")
    func query() throws {
        #expect(try request([], target: "/?access_token=abc").bearerToken == nil)
    }

    @Test("that is missing or not good is asked for with the status and the words of the specification")
    func challenge() {
        func answer(_ challenge: BearerChallenge) -> [String?] {
            let response = challenge.response
            #expect(response.fields[.cacheControl] == "no-store")
            return ["\(response.status)", response.fields[.wwwAuthenticate]]
        }
        #expect(answer(BearerChallenge(nil)) == ["401", "Bearer"])
        #expect(answer(BearerChallenge(.invalidRequest)) == ["400", #"Bearer error="invalid_request""#])
        #expect(
            answer(BearerChallenge(.invalidToken, description: "a \"b\\\r\nc: ä"))
                == ["401", #"Bearer error="invalid_token", error_description="a bc: ""#])
        #expect(
            answer(BearerChallenge(.insufficientScope, scope: "a b"))
                == ["403", #"Bearer error="insufficient_scope", scope="a b""#])
    }
}
