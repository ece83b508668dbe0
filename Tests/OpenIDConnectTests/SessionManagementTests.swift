import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("What session management needs of a login")
struct SessionManagementTests {
    private func login(_ parameters: String) async throws -> Login {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        return try await client.finishLogin(
            with: "?code=c&state=\(pending.state.string)\(parameters)", pending: pending)
    }

    @Test("is the session_state of the answer")
    func sessionState() async throws {
        #expect(try await login("&session_state=h%2FSh%3D.salt").sessionState == "h/Sh=.salt")
        let longest = String(repeating: "s", count: 1024)
        #expect(try await login("&session_state=\(longest)").sessionState == longest)
        #expect(try await login("").sessionState == nil)
    }

    @Test(
        "is no session_state that is malformed, and the login goes on",
        arguments: ["", "a+b", "a%20b", "a%0Ab", "%C3%BC", "a&session_state=a", String(repeating: "s", count: 1025)])
    func malformed(_ text: String) async throws {
        #expect(try await login("&session_state=\(text)").sessionState == nil)
    }

    @Test("may come with a refusal")
    func refusal() throws {
        var generator = SeededGenerator(seed: 1)
        let response = try AuthorizationResponse(parameters: [
            ("error", "login_required"), ("state", State(using: &generator).string), ("session_state", "x.y"),
        ])
        #expect(response.sessionState == "x.y")
    }

    @Test("is a request that names the user by an earlier ID Token, and does not print it")
    func idTokenHint() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        let options = AuthorizationOptions(prompt: [.none], idTokenHint: "a.canary.c", loginHint: "canary@example.test")
        let url = client.beginLogin(options: options).url
        #expect(url.contains("&prompt=none&"))
        #expect(url.contains("&id_token_hint=a.canary.c&"))
        #expect(!client.beginLogin().url.contains("id_token_hint"))
        var dumped = ""
        dump(options, to: &dumped)
        for text in ["\(options)", String(reflecting: options), dumped] { #expect(!text.contains("canary")) }
    }
}
