import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

@Suite("Authorization requests")
struct AuthorizationRequestTests {
    @Test("a good request gets the login page, by GET and by POST")
    func good() async throws {
        let browser = Browser(try Fixture())
        for response in [
            try await browser.get("/authorize", Fixture.request()),
            try await browser.post("/authorize", Fixture.request()),
        ] {
            #expect(response.status == 200)
            #expect(response.fields[.contentType] == "text/html; charset=utf-8")
            #expect(response.fields[.cacheControl] == "no-store")
            #expect(try response.hiddenRequest == Fixture.request().encoded)
        }
    }

    @Test("without a registered client there is an error page and no redirect")
    func unknownClient() async throws {
        let browser = Browser(try Fixture())
        for query in [Fixture.request(["client_id": nil]), Fixture.request(["client_id": "<b>nobody"])] {
            try refusedOnPage(await browser.get("/authorize", query), saying: "Unknown application")
        }
        var twice = Fixture.request()
        twice.append("client_id", "app")
        try refusedOnPage(await browser.get("/authorize", twice), saying: "more than one client_id")
    }

    @Test(
        "without exactly a registered redirect_uri there is an error page and no redirect",
        arguments: [
            nil, "", "http://localhost:8000/login/authorize/", "http://localhost:8000/login", "https://evil.example/",
            "http://localhost:8000/login/authorize?x=1", "http://LOCALHOST:8000/login/authorize",
            "http://127.0.0.1:8000/login/authorize", "com.example.app:/cb?from=op",
        ])
    func foreignRedirectURI(uri: String?) async throws {
        let browser = Browser(try Fixture())
        // All else is wrong too: that must not lead to a redirect either.
        for query in [
            Fixture.request(["redirect_uri": uri]),
            Fixture.request(["redirect_uri": uri, "response_type": "token", "scope": nil, "code_challenge": nil]),
        ] {
            try refusedOnPage(await browser.get("/authorize", query), saying: "Wrong redirect URI")
        }
    }

    @Test("two redirect_uris get an error page")
    func twoRedirectURIs() async throws {
        var twice = Fixture.request()
        twice.append("redirect_uri", Fixture.callback)
        try refusedOnPage(
            await Browser(try Fixture()).get("/authorize", twice), saying: "more than one redirect_uri")
    }

    @Test("parameters that cannot be read get an error page")
    func unreadable() async throws {
        let browser = Browser(try Fixture())
        try refusedOnPage(await browser.get("/authorize?client_id=%zz"), saying: "Unreadable request")
        try refusedOnPage(await browser.post("/login", ["request": "client_id=%zz"]), saying: "Unreadable request")
        let request = try #require(HTTPRequest(method: .post, target: "/authorize"))
        try refusedOnPage(await browser.provider.respond(to: request), saying: "Unreadable request")
    }

    @Test("what is wrong with a request is told to the application, with state and issuer", arguments: refusals)
    func refused(refusal: Refusal) async throws {
        let answer = try Answer(await Browser(try Fixture()).get("/authorize", refusal.request))
        #expect(answer.target == Fixture.callback)
        #expect(answer.error == refusal.error)
        #expect(answer.parameters["error_description"]?.contains(refusal.word) == true)
        #expect(answer.parameters["state"] == "st&te 1")
        #expect(answer.parameters["iss"] == Fixture.issuer)
        #expect(answer.parameters["code"] == nil)
    }

    @Test("the login form's copy of the request is checked again", arguments: refusals)
    func refusedAgain(refusal: Refusal) async throws {
        let form: FormParameters = ["request": refusal.request.encoded, "user": Fixture.ada]
        let answer = try Answer(await Browser(try Fixture()).post("/login", form))
        #expect(answer.error == refusal.error)
        #expect(answer.parameters["code"] == nil)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let error: String
        let word: String
        let request: FormParameters

        init(_ error: String, _ word: String, _ changes: KeyValuePairs<String, String?>) {
            self.error = error
            self.word = word
            request = Fixture.request(changes)
        }

        var testDescription: String { "\(error): \(request.encoded)" }
    }

    static let refusals: [Refusal] = [
        Refusal("invalid_request", "response_type", ["response_type": nil]),
        Refusal("unsupported_response_type", "response_type", ["response_type": "token"]),
        Refusal("unsupported_response_type", "response_type", ["response_type": "code id_token"]),
        Refusal("invalid_request", "response_mode", ["response_mode": "fragment"]),
        Refusal("request_not_supported", "request", ["request": "x"]),
        Refusal("request_uri_not_supported", "request_uri", ["request_uri": "x"]),
        Refusal("registration_not_supported", "registration", ["registration": "x"]),
        Refusal("invalid_scope", "scope", ["scope": nil]),
        Refusal("invalid_scope", "scope", ["scope": "profile"]),
        Refusal("invalid_scope", "scope", ["scope": "openid  profile"]),
        Refusal("invalid_scope", "scope", ["scope": "openid \"x\""]),
        Refusal("invalid_request", "nonce", ["nonce": String(repeating: "n", count: 1025)]),
        Refusal("invalid_request", "code_challenge", ["code_challenge": nil]),
        Refusal("invalid_request", "code_challenge", ["code_challenge": nil, "code_challenge_method": nil]),
        Refusal("invalid_request", "code_challenge_method", ["code_challenge_method": nil]),
        Refusal("invalid_request", "code_challenge_method", ["code_challenge_method": "plain"]),
        Refusal("invalid_request", "code_challenge", ["code_challenge": "short"]),
        Refusal("invalid_request", "code_challenge", ["code_challenge": String(repeating: "~", count: 43)]),
        Refusal("invalid_request", "prompt", ["prompt": "none login"]),
        Refusal("invalid_request", "prompt", ["prompt": "dance"]),
        Refusal("invalid_request", "max_age", ["max_age": "-1"]),
        Refusal("invalid_request", "max_age", ["max_age": "+1"]),
        Refusal("invalid_request", "max_age", ["max_age": ""]),
        Refusal("invalid_request", "max_age", ["max_age": "99999999999999999999"]),
        Refusal("invalid_request", "id_token_hint", ["id_token_hint": "x.y.z"]),
    ]

    @Test("a parameter sent twice is refused, but resource may stand there twice")
    func duplicates() async throws {
        let browser = Browser(try Fixture())
        var request = Fixture.request()
        request.append("resource", "https://a.example")
        request.append("resource", "https://b.example")
        #expect(try await browser.get("/authorize", request).status == 200)
        request.append("nonce", "n-2")
        #expect(try Answer(await browser.get("/authorize", request)).error == "invalid_request")
    }

    @Test("an error description holds only the characters that it may hold")
    func descriptions() async throws {
        let browser = Browser(try Fixture())
        for refusal in Self.refusals {
            let answer = try Answer(await browser.get("/authorize", refusal.request))
            let text = try #require(answer.parameters["error_description"])
            #expect(text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
        }
    }

    @Test("scope values that nobody knows are ignored")
    func unknownScope() async throws {
        let fixture = try Fixture()
        let tokens = try await Browser(fixture).tokens(as: Fixture.ada, ["scope": "openid phone email"])
        #expect(tokens["scope"]?.string == "openid email")
    }

    private func refusedOnPage(_ response: HTTPResponse, saying words: String) throws {
        #expect(response.status == 400)
        #expect(response.fields[.location] == nil)
        #expect(response.text.contains(words))
        #expect(!response.text.contains("<b>nobody"))
    }
}
