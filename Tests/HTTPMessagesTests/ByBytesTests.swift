import HTTPMessages
import TestSupport
import Testing

/// A text with something behind a character that `String` takes for a part of it is read as if a letter stood there.
@Suite("What stands behind a character changes nothing about it")
struct ByBytesTests {
    private struct Refused: Error {}

    private func request(_ target: String = "/", _ fields: HTTPFields = HTTPFields()) throws -> HTTPRequest {
        guard let request = HTTPRequest(method: .get, target: target, fields: fields, peerAddress: "127.0.0.1") else {
            throw Refused()
        }
        return request
    }

    @Test("in a request's target, its path and its query")
    func target() {
        let texts = ["/a/b?c=d", "/admin/x", "/%61?x", "/a?b=c#d"]
        #expect(
            firstDifference(of: texts) {
                let request = try request($0)
                return [request.path, request.query]
            } == nil)
        let encoded = { (text: String) in Extended.percentEncoded(text) }
        #expect(firstDifference(of: texts) { [try request(encoded($0)).path] } == nil)
        #expect(
            firstDifference(of: ["a=b&c=d", "=&="]) { text in
                try request("/?" + encoded(text)).queryParameters.parameters.flatMap { [$0.name, $0.value] }
            } == nil)
    }

    @Test("in the path that a route is found for")
    func routes() throws {
        var router = Router()
        for path in ["/", "/admin", "/admin/*", "/login/authorize/*", "/*"] {
            router.add(.get, path) { _ in .text("") }
        }
        let found = router
        #expect(
            firstDifference(of: ["/admin/x", "/admin", "/login/authorize/google", "/x"]) { [found.route(for: $0)] }
                == nil)
    }

    @Test("in forms, queries and percent-encoding")
    func forms() {
        let texts = ["a=b&c=d%20e", "a=1&a=2", "&&=x", "%3D=%26+"]
        #expect(
            firstDifference(of: texts) { try FormParameters(parsing: $0).parameters.flatMap { [$0.name, $0.value] } }
                == nil)
        #expect(firstDifference(of: texts) { try FormParameters(parsing: $0).duplicates } == nil)
        #expect(firstDifference(of: texts) { try FormParameters(parsing: Array($0.utf8)).values(named: "a") } == nil)
        #expect(firstDifference(of: texts) { [FormEncoding.decode($0)] } == nil)
        #expect(firstDifference(of: texts) { [FormEncoding.decode(FormEncoding.encode($0))] } == nil)
        #expect(firstDifference(of: texts) { [HTTPMessages.percentEncoded($0)].map { FormEncoding.decode($0) } } == nil)
        #expect(
            firstDifference(of: ["application/x-www-form-urlencoded; charset=utf-8"]) { type in
                var request = try request("/", [.contentType: type])
                request.body = Array("a=b".utf8)
                return [try request.formParameters["a"]]
            } == nil)
    }

    @Test("in cookies, those that come and those that are set")
    func cookies() {
        #expect(
            firstDifference(of: ["a=b; c=d", "session=x~y;session-1=z"]) { text in
                let cookies = Cookies([text])
                return cookies.names + cookies.names.flatMap { cookies.values(named: $0) }
            } == nil)
        #expect(
            firstDifference(of: ["__Host-a", "a"]) { [try Cookie(name: $0, value: "v", isSecure: true).fieldValue] }
                == nil)
        #expect(firstDifference(of: ["v=w"]) { [try Cookie(name: "a", value: $0, isSecure: true).fieldValue] } == nil)
        #expect(
            firstDifference(of: ["/a;b"]) { [try Cookie(name: "a", value: "", path: $0, isSecure: true).fieldValue] }
                == nil)
        #expect(
            firstDifference(of: ["a=b; Path=/", "ab=c"]) { line in
                var response = HTTPResponse(status: 200)
                response.fields.append(.setCookie, line)
                response.setCookie(try Cookie(name: "a", value: "new", isSecure: true))
                return response.fields.values(.setCookie)
            } == nil)
    }

    @Test("in fields: their names, their values, a bearer token")
    func fields() {
        #expect(firstDifference(of: ["X-Forwarded-For", "host"]) { [HTTPFields.Name($0)?.canonical] } == nil)
        #expect(
            firstDifference(of: ["a\r\nb: c", "\u{7F}x"]) { text in
                var fields = HTTPFields()
                fields.append(.location, text)
                return fields.values(.location)
            } == nil)
        #expect(
            firstDifference(of: ["Bearer abc", "bearer  abc==", "Basic abc"]) { value in
                [try request("/", [.authorization: value]).bearerToken]
            } == nil)
        #expect(
            firstDifference(of: ["scope \"a\" \\"]) { text in
                BearerChallenge(.invalidToken, description: text).response.fields.values(.wwwAuthenticate)
            } == nil)
    }

    @Test("in addresses, and what proxies say of them")
    func addresses() throws {
        #expect(
            firstDifference(of: ["127.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"]) { [IPAddress($0)?.description] } == nil
        )
        let proxies = try TrustedProxies("loopback")
        for (name, texts) in [
            (HTTPFields.Name.xForwardedFor, ["192.0.2.1, 198.51.100.2", "[2001:db8::1]:80"]),
            (.forwarded, ["for=192.0.2.1;by=10.0.0.1, for=\"[2001:db8::1]:80\"", "for=_x"]),
        ] {
            #expect(
                firstDifference(of: texts) { [try request("/", [name: $0]).clientAddress(trusting: proxies)] } == nil)
        }
        #expect(
            firstDifference(of: ["loopback, 10.0.0.0/8", "fd00::/8"]) { text in
                let proxies = try TrustedProxies(text)
                return ["127.0.0.1", "10.1.2.3", "fd00::1"].map { IPAddress($0).map { "\(proxies.contains($0))" } }
            } == nil)
    }

    @Test("in what a page escapes")
    func html() {
        let texts = ["<b>\"x\" & 'y'</b>"]
        #expect(firstDifference(of: texts) { [htmlEscaped($0)] } == nil)
    }
}
