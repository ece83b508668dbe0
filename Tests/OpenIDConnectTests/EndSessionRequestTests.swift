import OpenIDConnect
import TestSupport
import Testing

@Suite("A logout request")
struct EndSessionRequestTests {
    private func request(endpoint: String = "https://op.example/logout") throws -> EndSessionRequest {
        var generator = SeededGenerator(seed: 1)
        return EndSessionRequest(
            endpoint: try #require(EndpointURL(endpoint)), clientID: try #require(ClientID("client 1")),
            idTokenHint: "a.canary.c", logoutHint: "ada@example.test",
            postLogoutRedirectURI: EndpointURL("https://rp.example/"), state: State(using: &generator),
            uiLocales: ["de", "en"])
    }

    @Test("has every parameter that was given, in order, for a query or a form")
    func parameters() throws {
        let request = try request()
        #expect(request.endpoint.string == "https://op.example/logout")
        #expect(
            request.parameters.map(\.name) == [
                "id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales",
            ])
        let state = try #require(request.parameters.first { $0.name == "state" }?.value)
        #expect(State(state) != nil)
        #expect(
            request.url == "https://op.example/logout?id_token_hint=a.canary.c&logout_hint=ada%40example.test"
                + "&client_id=client+1&post_logout_redirect_uri=https%3A%2F%2Frp.example%2F&state=\(state)"
                + "&ui_locales=de+en")
    }

    @Test("has the client's identifier alone where nothing else was given")
    func least() throws {
        let request = EndSessionRequest(
            endpoint: try #require(EndpointURL("https://op.example/logout")),
            clientID: try #require(ClientID("client-1")), idTokenHint: nil, postLogoutRedirectURI: nil)
        #expect(request.url == "https://op.example/logout?client_id=client-1")
    }

    @Test(
        "keeps a query that the endpoint has",
        arguments: [
            ("https://op.example/logout?tenant=a", "https://op.example/logout?tenant=a&id_token_hint="),
            ("https://op.example/logout?", "https://op.example/logout?id_token_hint="),
        ])
    func query(_ endpoint: String, _ start: String) throws {
        #expect(try request(endpoint: endpoint).url.hasPrefix(start))
    }

    @Test("does not print what it carries")
    func redaction() throws {
        let request = try request()
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped, "\([request])"] {
            #expect(!text.contains("canary"))
            #expect(!text.contains("ada"))
        }
    }
}
