import FoundationEssentials
import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("The authorization request and its answer")
struct AuthorizationTests {
    private func begun(
        _ options: AuthorizationOptions = AuthorizationOptions(), scopes: [Scope] = [.profile],
        endpoint: String = "https://op.example/authorize"
    ) async throws -> (url: String, pending: PendingLogin, client: OpenIDClient) {
        let provider = try PlayedProvider()
        provider.change { $0.metadata["authorization_endpoint"] = .string(endpoint) }
        let client = try await provider.client(provider.transport)
        let (url, pending) = client.beginLogin(scopes: scopes, options: options)
        return (url, pending, client)
    }

    @Test("the request has state, nonce and an S256 challenge of 43 characters each, and openid first")
    func parameters() async throws {
        let (url, pending, _) = try await begun()
        let query = try #require(url.split(separator: "?").last)
        let pairs = query.split(separator: "&").map { $0.split(separator: "=").map(String.init) }
        let parameters = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
        #expect(parameters["response_type"] == "code")
        #expect(parameters["client_id"] == "client-1")
        #expect(parameters["redirect_uri"] == "https%3A%2F%2Frp.example%2Flogin%2Fauthorize")
        #expect(parameters["scope"] == "openid+profile")
        #expect(parameters["state"] == pending.state.string)
        #expect(parameters["nonce"] == pending.nonce.string)
        #expect(parameters["code_challenge_method"] == "S256")
        #expect(parameters["code_challenge"]?.count == 43)
        #expect(pending.state.string.count == 43)
        #expect(pending.nonce.string.count == 43)
        #expect(!url.contains("verifier"))
    }

    @Test("the challenge is the one of RFC 7636 Appendix B for its verifier")
    func challenge() async throws {
        // The appendix's verifier, as the bytes that a generator would have to give.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        var generator = ReplayedGenerator(try Base64URL.decode(verifier))
        let (_, _, client) = try await begun()
        let (url, _) = client.beginLogin(scopes: [], options: AuthorizationOptions(), using: &generator)
        #expect(url.contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"))
    }

    @Test("two logins have nothing in common")
    func fresh() async throws {
        let (_, first, client) = try await begun()
        let (_, second) = client.beginLogin()
        #expect(first.state != second.state)
        #expect(first.nonce != second.nonce)
        #expect(first.codeVerifier != second.codeVerifier)
    }

    @Test("a query that the endpoint has is kept")
    func endpointQuery() async throws {
        let (url, _, _) = try await begun(endpoint: "https://op.example/authorize?tenant=a")
        #expect(url.hasPrefix("https://op.example/authorize?tenant=a&response_type=code&"))
    }

    @Test("options are sent where they are set")
    func options() async throws {
        let (url, _, _) = try await begun(
            AuthorizationOptions(
                prompt: [.login, .selectAccount], maxAge: 60, uiLocales: ["de", "en"], acrValues: ["gold"],
                loginHint: "ada@example.test"))
        for part in [
            "prompt=login+select_account", "max_age=60", "ui_locales=de+en", "acr_values=gold",
            "login_hint=ada%40example.test",
        ] {
            #expect(url.contains(part))
        }
    }

    @Test("a pending login survives being kept, and nothing else is taken for one")
    func kept() async throws {
        let (_, pending, _) = try await begun(
            AuthorizationOptions(maxAge: 5, acrValues: ["gold"], requiresACR: true))
        #expect(PendingLogin(json: pending.json) == pending)
        for name in ["iss", "state", "nonce", "verifier", "redirect", "begun"] {
            var json = pending.json
            json[name] = nil
            #expect(PendingLogin(json: json) == nil)
        }
    }

    @Test("a pending login of a time that no clock shows can still be kept", arguments: [Int64.min, Int64.max])
    func far(begun: Int64) async throws {
        let (_, pending, _) = try await self.begun()
        var json = pending.json
        json["begun"] = .number(JSONNumber(begun))
        let read = try #require(PendingLogin(json: json))
        #expect(PendingLogin(json: read.json) != nil)
    }

    @Test(
        "an answer that is malformed is refused",
        arguments: [
            "?state=S", "?code=a", "?code=a&code=b&state=S", "?code=a&state=S&state=S", "?code=a&error=x&state=S",
            "?error=x&error=y&state=S", "?code=a&state=S&iss=a&iss=b", "?code=&state=S", "?code=%07&state=S",
            "?error=%22&state=S", "",
        ])
    func malformed(_ callback: String) async throws {
        let (_, pending, client) = try await begun()
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(
                with: callback.replacing("S", with: pending.state.string), pending: pending)
        }
        #expect(error?.code == .authorizationResponse)
    }

    @Test("an answer with a state that is not the request's is refused", arguments: [nil, "short"] as [String?])
    func foreignState(_ text: String?) async throws {
        let (_, pending, client) = try await begun()
        let other = client.beginLogin().pending.state.string
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(with: "?code=a&state=\(text ?? other)", pending: pending)
        }
        #expect(error?.code == .state)
    }

    @Test("an answer by another issuer is refused, an error answer too", arguments: ["code=a", "error=access_denied"])
    func mixUp(_ outcome: String) async throws {
        let (_, pending, client) = try await begun()
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(
                with: "?\(outcome)&state=\(pending.state.string)&iss=https%3A%2F%2Fevil.example", pending: pending)
        }
        #expect(error?.code == .responseIssuer)
    }

    @Test("an answer without iss is refused where the provider says that it sends it")
    func missingIssuer() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.metadata["authorization_response_iss_parameter_supported"] = true }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(transport) }
        #expect(error?.code == .responseIssuer)
        #expect(!transport.paths.contains("/token"))
    }

    @Test("a login that was begun at another provider is not finished at this one")
    func otherProvider() async throws {
        let (_, pending, client) = try await begun()
        var json = pending.json
        json["iss"] = "https://other.example"
        let foreign = try #require(PendingLogin(json: json))
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(with: "?code=a&state=\(pending.state.string)", pending: foreign)
        }
        #expect(error?.code == .responseIssuer)
    }

    @Test("a refusal by the provider says why, in its own words, cut and cleaned")
    func refusal() async throws {
        let (_, pending, client) = try await begun()
        let words = "No%0Athanks" + String(repeating: "x", count: 500)
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(
                with: "?error=access_denied&error_description=\(words)&state=\(pending.state.string)", pending: pending)
        }
        #expect(error?.code == .authorizationRefused(.accessDenied))
        #expect(error?.actual.hasPrefix("access_denied: No\u{FFFD}thanksxxx") == true)
        #expect((error?.actual.count ?? 1000) <= 201)
    }

    @Test("a sign is no hexadecimal digit", arguments: ["%-0", "%+0"])
    func sign(text: String) async throws {
        let (_, pending, client) = try await begun()
        let error = await #expect(throws: OpenIDError.self) {
            try await client.finishLogin(
                with: "?error=access_denied&error_description=\(text)&state=\(pending.state.string)", pending: pending)
        }
        #expect(error?.actual == "access_denied: \(text)")
    }
}

/// Gives the bytes it was made with, again and again.
private struct ReplayedGenerator: RandomNumberGenerator {
    private let words: [UInt64]
    private var position = 0

    init(_ bytes: [UInt8]) {
        words = stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }

    mutating func next() -> UInt64 {
        defer { position += 1 }
        return words[position % words.count]
    }
}
