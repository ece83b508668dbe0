import HTTPMessages

@testable import CurlTransport
@testable import OpenIDConnect

/// Requests of browsers, and heads of providers' responses.
enum HTTPCases {
    /// As the server limits them.
    private static let targetLimit = 8 << 10
    private static let headLimit = 24 << 10

    static let all: [WorstCase] = requests + forwarded + responses

    private static let router: Router = {
        var router = Router()
        for path in ["/login", "/login/authorize/*", "/assets/*", "/"] { router.add(.get, path) { _ in .text("") } }
        return router
    }()

    private static func request(_ name: HTTPFields.Name, _ value: String) throws -> HTTPRequest {
        var fields = HTTPFields()
        fields.append(name, value)
        guard
            let request = HTTPRequest(method: .get, target: "/", fields: fields, peerAddress: "127.0.0.1")
        else { throw CancellationError() }
        return request
    }

    private static let requests: [WorstCase] =
        [
            target.worst("slashes behind an accent") { "/e%CC%81" + Inputs.repeated("/", upTo: $0 - 8) },
            target.worst("slashes") { Inputs.repeated("/", upTo: $0) },
            target.worst("marks") { "/e" + Inputs.repeated("%CC%81%CC%A7", upTo: $0 - 2) },
            target.worst("slashes with marks") { Inputs.repeated("/%CC%81", upTo: $0) },
        ]
        + [
            form.worst("ampersands") { Inputs.repeated("&", upTo: $0) },
            form.worst("percent-encoding") { "a=" + Inputs.repeated("%41", upTo: $0 - 2) },
            form.worst("marks in names") { count in
                Inputs.pieces(upTo: count, separator: "&") { number in
                    number < 64 ? Inputs.repeated("%CC%81%CC%A7", upTo: 480) + "=\(number)" : "&&&&"
                }
            },
        ]
        + [
            cookies.worst("semicolons") { try request(.cookie, Inputs.repeated(";", upTo: $0)) },
            cookies.worst("as many as there is room for") { count in
                try request(.cookie, Inputs.pieces(upTo: count, separator: ";") { "c\($0)=x" })
            },
            cookies.worst("spaces") { try request(.cookie, "a=x" + Inputs.repeated(" ", upTo: $0 - 3)) },
        ]
        + [
            authorization.worst("spaces") {
                try request(.authorization, "Bearer" + Inputs.repeated(" ", upTo: $0 - 6))
            },
            authorization.worst("equals signs") {
                try request(.authorization, "Bearer a" + Inputs.repeated("=", upTo: $0 - 8))
            },
            authorization.worst("marks") { try request(.authorization, "Bearer \u{301}" + Inputs.marks(upTo: $0 - 9)) },
        ]
        + [
            headerFields.worst("short names") { Inputs.repeated("a:\n", upTo: $0) },
            headerFields.worst("cookies") { Inputs.repeated("cookie:\n", upTo: $0) },
        ]
        + [
            cookieValue.worst("marks") { Inputs.marks(upTo: $0 - 4) },
            cookieValue.worst("quotation marks") { Inputs.repeated("\"", upTo: $0 - 4) },
        ]
        + [
            challenge.worst("marks") { Inputs.marks(upTo: $0) },
            challenge.worst("quotation marks") { Inputs.repeated("\"", upTo: $0) },
        ]

    private static func client(_ name: HTTPFields.Name) -> @Sendable (HTTPRequest) throws -> Void {
        { _ = $0.clientAddress(trusting: try TrustedProxies("loopback, 10.0.0.0/8")) }
    }

    private static let forwarded: [WorstCase] =
        [
            forwardedFor.worst("commas") { try request(.xForwardedFor, Inputs.repeated(",", upTo: $0)) },
            forwardedFor.worst("spaces") { try request(.xForwardedFor, Inputs.repeated(" ", upTo: $0)) },
            forwardedFor.worst("spaces between commas") {
                try request(.xForwardedFor, Inputs.repeated("10.0.0.1 ,", upTo: $0))
            },
            forwardedFor.worst("colons") { try request(.xForwardedFor, Inputs.repeated(":", upTo: $0)) },
            forwardedFor.worst("digits") { try request(.xForwardedFor, Inputs.repeated("1", upTo: $0)) },
        ]
        + [
            forwardedField.worst("semicolons") { try request(.forwarded, Inputs.repeated("for=10.0.0.1;", upTo: $0)) },
            forwardedField.worst("pairs") { count in
                try request(.forwarded, Inputs.pieces(upTo: count, separator: ";") { "\(String($0, radix: 36))=a" })
            },
            forwardedField.worst("a quoted string") {
                try request(.forwarded, "for=\"" + Inputs.repeated("\\a", upTo: $0 - 6) + "\"")
            },
        ]

    private static let responses: [WorstCase] =
        [
            responseHead.worst("one field of spaces") { "X:" + Inputs.repeated(" ", upTo: $0 - 40) + "\r\n" },
            responseHead.worst("short fields") { Inputs.repeated("a:\r\n", upTo: $0 - 40) },
            responseHead.worst("a Content-Type of many marks") {
                "Content-Type:" + Inputs.marks(upTo: $0 - 40) + "\r\n"
            },
            responseHead.worst("a Date of spaces") { "Date:a" + Inputs.repeated(" ", upTo: $0 - 40) + "a\r\n" },
            responseHead.worst("a Date of many marks") { "Date:" + Inputs.marks(upTo: $0 - 40) + "\r\n" },
            responseHead.worst("a name of many characters") { Inputs.repeated("~", upTo: $0 - 40) + ":\r\n" },
        ]

    private static let target = ForeignInput<String>("the router", limit: targetLimit) {
        "/" + Inputs.repeated("a", upTo: $0 - 1)
    } reader: { target in
        guard let request = HTTPRequest(method: .get, target: target) else { return }
        _ = router.route(for: request.path)
    }

    private static let form = ForeignInput<String>("a form", limit: FormParameters.maximumByteCount) {
        "a=" + Inputs.repeated("x", upTo: $0 - 2)
    } reader: { text in
        let form = try FormParameters(parsing: text)
        _ = (form.duplicates, form["code"], form.encoded)
    }

    private static let cookies = ForeignInput<HTTPRequest>("cookies", limit: headLimit) {
        try request(.cookie, "a=" + Inputs.repeated("x", upTo: $0 - 2))
    } reader: { request in
        let cookies = request.cookies
        _ = (cookies.names, cookies["session"], cookies.values(named: "login"))
    }

    private static let authorization = ForeignInput<HTTPRequest>("an Authorization field", limit: headLimit) {
        try request(.authorization, "Bearer " + Inputs.repeated("x", upTo: $0 - 7))
    } reader: {
        _ = try $0.bearerToken
    }

    private static let headerFields = ForeignInput<String>("header fields", limit: headLimit) { count in
        Inputs.pieces(upTo: count, separator: "\n") { "x-field-\($0): a value of some length" }
    } reader: { text in
        var fields = HTTPFields()
        for line in text.utf8.split(separator: 0x0A) {
            let name = String(Substring(line.prefix { $0 != 0x3A }))
            if let name = HTTPFields.Name(name) { fields.append(name, String(Substring(line))) }
        }
        for name in [HTTPFields.Name.cookie, .host, .origin, .authorization] { _ = fields.values(name) }
    }

    private static let cookieValue = ForeignInput<String>("a Set-Cookie field", limit: Cookie.maximumByteCount) {
        Inputs.repeated("x", upTo: $0 - 4)
    } reader: { value in
        var response = HTTPResponse.text("")
        for number in 0..<8 {
            response.setCookie(try Cookie(name: "c\(number)", value: value, isSecure: true))
        }
    }

    private static let challenge = ForeignInput<String>("a WWW-Authenticate field", limit: headLimit) {
        Inputs.repeated("x", upTo: $0)
    } reader: {
        _ = BearerChallenge(.invalidToken, description: $0, scope: $0).response
    }

    private static let forwardedFor = ForeignInput<HTTPRequest>(
        "X-Forwarded-For", limit: headLimit,
        harmless: { try request(.xForwardedFor, Inputs.repeated("203.0.113.7, ", upTo: $0 - 11) + "203.0.113.7") },
        reader: client(.xForwardedFor))

    private static let forwardedField = ForeignInput<HTTPRequest>(
        "Forwarded", limit: headLimit,
        harmless: {
            try request(.forwarded, Inputs.repeated("for=203.0.113.7, ", upTo: $0 - 15) + "for=203.0.113.7")
        }, reader: client(.forwarded))

    private static let responseHead = ForeignInput<String>(
        "the head of a provider's response", limit: TransportRequest.Limits().headerBytes
    ) { count in
        Inputs.pieces(upTo: count - 40) { "X-Field-\($0): a value of some length\r\n" }
    } reader: { text in
        var head = ReceivedHead()
        let lines = Array("HTTP/1.1 200 OK\r\n\(text)\r\n".utf8).split(
            separator: 0x0A, omittingEmptySubsequences: true)
        for line in lines { try head.append(line: Array(line) + [0x0A]) }
        let response = TransportResponse(status: head.status, fields: head.fields, body: [])
        _ = (response.date, response.values("Content-Type").map(UserInfoRequest.isJWT(contentType:)))
    }
}
