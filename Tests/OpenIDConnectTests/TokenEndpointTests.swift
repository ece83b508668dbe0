import FoundationEssentials
import JOSE
import TestSupport
import Testing

@testable import OpenIDConnect

@Suite("The token endpoint")
struct TokenEndpointTests {
    private func sent(
        _ change: (inout ClientRegistration) -> Void = { _ in }, offered: JSONValue? = nil
    ) async throws -> (fields: [String: String], body: String) {
        let provider = try PlayedProvider()
        provider.change { $0.metadata["token_endpoint_auth_methods_supported"] = offered }
        let transport = provider.transport
        _ = try await provider.login(transport, change: change)
        let request = try #require(transport.requests.first { $0.url.path == "/token" })
        #expect(request.method == .post)
        let fields = Dictionary(uniqueKeysWithValues: request.fields.map { ($0.name, $0.value) })
        return (fields, String(decoding: request.body, as: UTF8.self))
    }

    @Test("gets code, redirect URI and verifier, and the client by client_secret_basic, form-urlencoded first")
    func basic() async throws {
        let (fields, body) = try await sent { $0.clientSecret = ClientSecret("a b:c+d%") }
        // base64 of "client-1:a+b%3Ac%2Bd%25"
        #expect(fields["Authorization"] == "Basic Y2xpZW50LTE6YStiJTNBYyUyQmQlMjU=")
        #expect(fields["Content-Type"] == "application/x-www-form-urlencoded")
        #expect(
            body.hasPrefix("grant_type=authorization_code&code=code-1&redirect_uri=https%3A%2F%2Frp.example%2Flogin"))
        #expect(body.contains("&code_verifier="))
        #expect(!body.contains("client_secret"))
        #expect(!body.contains("client_id"))
    }

    @Test("gets the secret in the body where the provider takes it only there, and then nowhere else")
    func post() async throws {
        let (fields, body) = try await sent(offered: ["client_secret_post"])
        #expect(fields["Authorization"] == nil)
        #expect(body.contains("&client_id=client-1&client_secret=secret-1"))
    }

    @Test("gets the method that was configured, whatever the provider offers")
    func configured() async throws {
        let (fields, _) = try await sent(
            { $0.tokenEndpointAuthMethod = .clientSecretPost }, offered: ["client_secret_basic"])
        #expect(fields["Authorization"] == nil)
    }

    @Test("gets the identifier alone from a public client")
    func publicClient() async throws {
        let (fields, body) = try await sent { $0.clientSecret = nil }
        #expect(fields["Authorization"] == nil)
        #expect(body.contains("&client_id=client-1"))
        #expect(!body.contains("client_secret"))
    }

    @Test("a method that wants a secret and has none is refused before anything is sent")
    func missingSecret() async throws {
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) {
            try await provider.client(provider.transport) {
                $0.clientSecret = nil
                $0.tokenEndpointAuthMethod = .clientSecretBasic
            }
        }
        #expect(error?.code == .registration)
    }

    @Test(
        "an answer that is malformed is refused",
        arguments: [
            ["access_token": nil], ["access_token": ""], ["access_token": 1], ["access_token": "a\nb"],
            ["access_token": .null], ["token_type": "mac"], ["token_type": "DPoP"], ["id_token": 5], ["id_token": [:]],
        ] as [[String: JSONValue?]])
    func malformed(_ change: [String: JSONValue?]) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = change }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(transport) }
        #expect(error?.code == .tokenResponse)
        #expect(!transport.paths.contains("/userinfo"))
    }

    @Test(
        "an answer that is unusual and right is accepted",
        arguments: [
            ["token_type": "bEARER"], ["expires_in": nil], ["expires_in": .null], ["expires_in": "3600"],
            ["refresh_token": nil], ["refresh_token": .null], ["token_type": nil], ["token_type": .null],
            ["scope": nil], ["scope": .null], ["unknown": ["a": 1]], ["expires_in": .number(JSONNumber(Int64.max))],
        ] as [[String: JSONValue?]])
    func unusual(_ change: [String: JSONValue?]) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = change }
        _ = try await provider.login(provider.transport)
    }

    @Test(
        "a member that no login hangs on is left out where it is malformed, and that is told",
        arguments: [
            ["expires_in": "soon"], ["expires_in": -1], ["expires_in": ""], ["expires_in": "0x10"], ["expires_in": [:]],
            ["refresh_token": ""], ["refresh_token": 5], ["refresh_token": "a\nb"], ["scope": 5], ["scope": "a \"b\""],
            ["scope": ["openid", 5]], ["token_type": ""], ["token_type": 1], ["token_type": ["Bearer"]],
        ] as [[String: JSONValue?]])
    func leftOut(_ change: [String: JSONValue?]) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = change }
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        let login = try await LoginRecorder.$current.withValue(recorder) {
            try await provider.login(provider.transport)
        }
        let name = try #require(change.keys.first)
        #expect(recorder.record.steps.flatMap(\.parts).filter { $0.role == .leftOut }.map(\.name) == [name])
        if name == "expires_in" { #expect(login.tokens.accessTokenExpiresAt == nil) }
        if name == "refresh_token" { #expect(login.tokens.refreshToken == nil) }
        if name == "scope" { #expect(login.tokens.scopes == nil) }
    }

    @Test(
        "a time to live is a number, or one in a string, with or without a fraction",
        arguments: [
            (3599, 3599), ("3599", 3599), ("3599.873", 3599), (0, 0), ("0", 0),
            (.number(JSONNumber(Int64.max)), 315_360_000),
        ] as [(JSONValue, TimeInterval)])
    func lifetimes(_ value: JSONValue, _ seconds: TimeInterval) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = ["expires_in": value] }
        let login = try await provider.login(provider.transport)
        #expect(login.tokens.accessTokenExpiresAt == PlayedProvider.now.addingTimeInterval(seconds))
    }

    @Test("a time to live with a fraction is rounded down")
    func fraction() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = ["expires_in": JSONNumber(3599.873).map { .number($0) }] }
        let login = try await provider.login(provider.transport)
        #expect(login.tokens.accessTokenExpiresAt == PlayedProvider.now.addingTimeInterval(3599))
    }

    @Test("the scopes granted are a text, or a list, which Twitch sends")
    func scopes() async throws {
        let provider = try PlayedProvider()
        for value: JSONValue in ["openid user:read", ["openid", "user:read"]] {
            provider.change { $0.token = ["scope": value] }
            let login = try await provider.login(provider.transport)
            #expect(login.tokens.scopes?.map(\.string) == ["openid", "user:read"])
        }
    }

    @Test("an empty ID Token is none")
    func emptyIDToken() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.token = ["id_token": ""] }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code == .idToken(.present) && error?.remedy.contains("SCOPE") == true)
    }

    @Test("tokens may come with another status of success", arguments: [201, 203])
    func success(_ status: Int) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.tokenStatus = status }
        _ = try await provider.login(provider.transport)
    }

    @Test("an error with status 200, as GitHub and Slack send it, is told like any other")
    func errorWithSuccess() async throws {
        let provider = try PlayedProvider()
        for (body, code, remedy) in [
            (#"{"error":"bad_verification_code","error_description":"why"}"#, "bad_verification_code", "Log in again"),
            (#"{"ok":false,"error":"bad_client_secret"}"#, "bad_client_secret", "CLIENT_SECRET"),
            (#"{"error":"volcano","access_token":null}"#, "volcano", "what the provider says"),
        ] {
            provider.change { $0.answers["/token"] = .json(body) }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.code == ErrorResponse(code).map { .tokenRequestRefused($0) })
            #expect(error?.actual.contains("status 200, \(code)") == true)
            #expect(error?.remedy.contains(remedy) == true)
        }
        // Keycloak means the secret.
        for (status, remedy) in [(401, "CLIENT_SECRET"), (400, "authorization code grant")] {
            provider.change { $0.answers["/token"] = .json(#"{"error":"unauthorized_client"}"#, status: status) }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            #expect(error?.remedy.contains(remedy) == true)
        }
        // Beside tokens it decides nothing.
        provider.change {
            $0.answers = [:]
            $0.token = ["error": "none"]
        }
        _ = try await provider.login(provider.transport)
    }

    @Test("when the access token ends is reckoned from its arrival")
    func expiry() async throws {
        let provider = try PlayedProvider()
        let login = try await provider.login(provider.transport)
        #expect(login.tokens.accessTokenExpiresAt == PlayedProvider.now.addingTimeInterval(3600))
    }

    @Test(
        "an error answer is told by its name, with a remedy",
        arguments: [("invalid_client", 401), ("invalid_grant", 400), ("custom_error", 400)])
    func refused(_ name: String, _ status: Int) async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.answers["/token"] = .json(#"{"error":"\#(name)","error_description":"why"}"#, status: status)
        }
        let transport = provider.transport
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(transport) }
        #expect(error?.code == ErrorResponse(name).map { .tokenRequestRefused($0) })
        #expect(error?.actual == "status \(status), \(name): why")
        #expect(transport.paths.filter { $0 == "/token" }.count == 1)
    }

    @Test("another status than 200 without an error is refused", arguments: [204, 301, 307, 500])
    func status(_ status: Int) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.tokenStatus = status }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code == .status)
    }

    @Test("a complaint that repeats what was sent is shown without it")
    func echoed() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.answers["/token"] = .json(
                #"{"error":"invalid_grant","error_description":"code-1 of secret-1"}"#, status: 400)
        }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.actual == "status 400, invalid_grant: <redacted> of <redacted>")
    }

    @Test("a complaint that repeats the credentials of the header is shown without them")
    func echoedHeader() async throws {
        let provider = try PlayedProvider()
        // base64 of "client-1:secret-1"
        let answer = #"{"error":"invalid_client","error_description":"not Basic Y2xpZW50LTE6c2VjcmV0LTE="}"#
        provider.change { $0.answers["/token"] = .json(answer, status: 401) }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.actual == "status 401, invalid_client: not Basic <redacted>")
    }

    @Test("nor does it hide there as the error's name, or behind a combining mark")
    func echoedElsewhere() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.answers["/token"] = .json(
                #"{"error":"no secret-1","error_description":"code-1\u0301"}"#, status: 400)
        }
        let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
        #expect(error?.code.name == "tokenResponse.error.no <redacted>")
        #expect(error?.actual == "status 400, no <redacted>: <redacted>\u{301}")
    }

    @Test("limits without end are no trap")
    func endless() async throws {
        let provider = try PlayedProvider()
        _ = try await provider.login(provider.transport) {
            $0.maximumIDTokenAge = .infinity
            $0.clockSkew = .infinity
        }
    }

    @Test("errors carry no code, no token and no secret")
    func canaries() async throws {
        let provider = try PlayedProvider()
        for change: [String: JSONValue?] in [["access_token": "a\ncanary"], ["id_token": "canary.canary.canary"]] {
            provider.change { $0.token = change }
            let error = await #expect(throws: OpenIDError.self) { try await provider.login(provider.transport) }
            let text = error.map { "\($0) \($0.expected) \($0.actual) \($0.remedy) \($0.outcomes)" } ?? "canary"
            #expect(!text.contains("canary"))
            #expect(!text.contains("secret-1"))
            #expect(!text.contains("code-1"))
        }
    }
}
