import CurlTransport
import JOSE
import MisbehavingProvider
import Testing

@testable import OpenIDConnect

/// The app keeps no refresh tokens, so the library itself plays here, over the network that ships.
@Suite("A refresh, over the wire, at a provider that misbehaves", WritesTable())
struct RefreshTests {
    @Test("a refresh is held against the login that it continues", arguments: Refresh.all)
    func refresh(_ refresh: Refresh) async throws {
        let client = Client(id: "client", secret: "canary-secret", redirectURI: "http://127.0.0.1:9/callback")
        let provider = try await onThread { Result { try MisbehavingProvider(refresh.misbehaviour, client: client) } }
            .get()
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let party = try await OpenIDClient(
            discovering: provider.issuer, clientID: client.id, clientSecret: client.secret,
            redirectURI: client.redirectURI, transport: transport)
        let (address, pending) = party.beginLogin()
        let url = try #require(EndpointURL(address))
        let response = try await transport.send(TransportRequest(method: .get, url: url))
        let login = try await party.finishLogin(
            with: try #require(response.values("location").first), pending: pending)
        let token = try #require(login.tokens.refreshToken)

        let clock = ContinuousClock()
        let begin = clock.now
        let seen: Outcome
        do throws(OpenIDError) {
            let refreshed = try await party.refresh(token, of: login.idToken.original)
            // The provider takes the new access token only.
            _ = try await party.userInfo(with: refreshed.tokens.accessToken, about: login.idToken)
            seen = .accepted
        } catch {
            seen = .refused(rule: error.code.name, status: 0)
            for (what, secret) in provider.record.secrets + [("client secret", client.secret)] {
                #expect(!"\(error)".contains(secret), "the \(what) is in the error")
            }
        }
        let line = ResultTable.Line(
            name: refresh.name, expected: refresh.expected, seen: "\(seen)", isAsExpected: seen == refresh.expected,
            statuses: [], longestAnswer: clock.now - begin, refusal: nil)
        ResultTable.shared.add(line)
        #expect(seen == refresh.expected)
        let end: [Endpoint] = refresh.expected == .accepted ? [.token, .userInfo] : [.token]
        #expect(provider.record.requests == Row.way + end)
        #expect(provider.record.violations.isEmpty)
        #expect(provider.record.elsewhere.isEmpty)
    }
}

/// A way to answer a refresh request, and what has to come of it.
struct Refresh: Sendable, CustomTestStringConvertible {
    let name: String
    let misbehaviour: Misbehaviour
    let expected: Outcome

    var testDescription: String { name }

    static let all =
        modules + [
            accept(
                "a refresh without an ID Token",
                .tokens { tokens, situation in if situation.isRefresh { tokens["id_token"] = nil } }),
            accept(
                "a refresh without a new refresh token",
                .tokens { tokens, situation in if situation.isRefresh { tokens["refresh_token"] = nil } }),
            accept("a refresh with an ID Token without nonce", .refreshed("nonce", nil)),
            refuse("a refresh with another nonce", .refreshed("nonce", "n-0S6_WzA2Mj"), "idToken.nonce"),
            refuse("a refresh with another audience", .refreshed("aud", "another-client"), "idToken.audience"),
            refuse("a refresh with a new authorized party", .refreshed("azp", "client"), "idToken.continuity"),
            refuse("a refresh with an ID Token that is over", .refreshed("exp", 1), "idToken.expiry"),
            refuse("a refresh with an ID Token without iat", .refreshed("iat", nil), "idToken.issuedAt"),
            refuse(
                "a refresh that is refused",
                .reply(.token) { reply, situation in
                    guard situation.tokenRequests > 1 else { return }
                    reply = Reply(status: 400, type: "application/json", "{\"error\":\"invalid_grant\"}")
                }, "tokenResponse.error.invalid_grant"),
        ]

    /// The conformance suite's modules, by their official names.
    private static let modules = [
        accept("oidcc-client-test-refresh-token", .none),
        refuse(
            "oidcc-client-test-refresh-token-invalid-issuer", .refreshed("iss", "https://provider.example"),
            "idToken.issuer"),
        refuse(
            "oidcc-client-test-refresh-token-invalid-sub", .refreshed("sub", "another-subject"), "idToken.continuity"),
    ]

    private static func accept(_ name: String, _ misbehaviour: Misbehaviour) -> Refresh {
        Refresh(name: name, misbehaviour: misbehaviour, expected: .accepted)
    }

    private static func refuse(_ name: String, _ misbehaviour: Misbehaviour, _ rule: String) -> Refresh {
        Refresh(name: name, misbehaviour: misbehaviour, expected: .refused(rule: rule, status: 0))
    }
}

extension Misbehaviour {
    /// A claim of the ID Token that comes with a refresh.
    fileprivate static func refreshed(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        .claims { claims, situation in if situation.isRefresh { claims[name] = value } }
    }
}
