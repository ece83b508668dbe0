import Foundation
import JOSE
import OpenIDConnect

/// The check of one ID Token as the library does it: the compact form parsed, the provider's key chosen by its `kid`, the
/// signature, strict JSON, every rule.
///
/// The library's door to it is the client, which asks for tokens first: here, for those of a refresh. ``alone`` is the
/// very same with a token answer that has the ID Token's text under another name, so that it is read and not checked:
/// ``run()`` less ``alone()`` is the check.
package struct IDTokenCheck: Sendable {
    package static let issuer = "https://op.example"
    package static let nonce = "n-0S6_WzA2Mj-0123456789abcdefghijklmnopqrst"

    private let checking: OpenIDClient
    private let reading: OpenIDClient
    private let login: OriginalLogin
    private let refreshToken: RefreshToken

    /// `keySet` as it is published; the token is for ``nonce``.
    package init(of token: String, keySet: [UInt8], now: @escaping @Sendable () -> Date) throws {
        let issuer = try known(Issuer(Self.issuer), "issuer")
        let metadata = try ProviderMetadata(
            parsing: InMemoryProvider.metadata(of: Self.issuer).serialized(), issuedBy: [issuer])
        let registration = ClientRegistration(
            clientID: try known(ClientID(InMemoryProvider.clientID), "client_id"),
            clientSecret: ClientSecret(InMemoryProvider.clientSecret),
            redirectURI: try known(RedirectURI("https://rp.example/login/authorize"), "redirect_uri"))
        func client(_ member: String) throws -> OpenIDClient {
            let tokens = InMemoryProvider.tokens([member: .string(token)]).serialized()
            let answers = FixedAnswers(keySet: .json(keySet), tokens: .json(tokens))
            return try OpenIDClient(registration: registration, metadata: metadata, transport: answers, now: now)
        }
        checking = try client("id_token")
        reading = try client("no_token")
        let claims: JSONObject = [
            "iss": .string(Self.issuer), "sub": .string(InMemoryProvider.subject),
            "aud": [.string(InMemoryProvider.clientID)], "nonce": .string(Self.nonce),
        ]
        login = try known(OriginalLogin(json: claims), "login")
        refreshToken = try known(RefreshToken("bench-refresh-token"), "refresh token")
    }

    /// Asks for tokens, and checks the ID Token among them.
    package func run() async throws {
        guard try await checking.refresh(refreshToken, of: login).idToken != nil else {
            throw BenchmarkError("the ID Token was not checked")
        }
    }

    /// Asks for tokens alone.
    package func alone() async throws { _ = try await reading.refresh(refreshToken, of: login) }

    /// The processor time, in seconds, of so many checks.
    package func time(_ count: Int) async throws -> Double {
        let whole = try await processorTime { for _ in 0..<count { try await run() } }
        return whole - (try await processorTime { for _ in 0..<count { try await alone() } })
    }
}

/// What the token endpoint and `jwks_uri` answer.
private struct FixedAnswers: HTTPTransport {
    let keySet: TransportResponse
    let tokens: TransportResponse

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        request.method == .post ? tokens : keySet
    }
}
