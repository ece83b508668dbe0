import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("Discovery")
struct DiscoveryTests {
    private func code(_ change: (inout JSONObject) -> Void) async throws -> OpenIDError.Code? {
        let provider = try PlayedProvider()
        provider.change { change(&$0.metadata) }
        return await #expect(throws: OpenIDError.self) { try await provider.client(provider.transport) }?.code
    }

    @Test("an issuer that differs by a byte is refused", arguments: ["https://op.example/", "https://OP.example", "x"])
    func issuer(_ text: String) async throws {
        #expect(try await code { $0["issuer"] = .string(text) } == .metadataIssuer)
    }

    @Test(
        "a missing or malformed member is refused",
        arguments: ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"], [nil, 7, .null] as [JSONValue?])
    func members(_ name: String, _ value: JSONValue?) async throws {
        #expect(try await code { $0[name] = value } == .metadata)
    }

    @Test(
        "an endpoint that is no safe address is refused",
        arguments: [
            "http://op.example/token", "http://127.0.0.1:2375/", "https://user@op.example/token",
            "https://op.example/token#x", "token",
            "javascript:alert(1)", "https://op.example/\r\nX: y", "https://op.example\\@evil.example/",
        ])
    func endpoints(_ text: String) async throws {
        #expect(try await code { $0["token_endpoint"] = .string(text) } == .metadata)
        for name in ["userinfo_endpoint", "end_session_endpoint", "check_session_iframe"] {
            let metadata = try await self.metadata { $0[name] = .string(text) }
            #expect(metadata.userInfoEndpoint == nil || name != "userinfo_endpoint")
            #expect(metadata.endSessionEndpoint == nil && metadata.checkSessionIframe == nil)
            #expect(metadata.leftOut.map(\.name) == [name])
        }
    }

    private func metadata(_ change: (inout JSONObject) -> Void) async throws -> ProviderMetadata {
        let provider = try PlayedProvider()
        provider.change { change(&$0.metadata) }
        return try await provider.client(provider.transport).metadata
    }

    @Test(
        "a member that no login hangs on is left out where it is malformed, and that is told",
        arguments: [
            "userinfo_endpoint", "end_session_endpoint", "check_session_iframe", "backchannel_logout_supported",
            "backchannel_logout_session_supported", "frontchannel_logout_supported",
            "frontchannel_logout_session_supported", "scopes_supported", "response_types_supported",
            "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported", "code_challenge_methods_supported",
        ])
    func leftOut(_ name: String) async throws {
        for value: JSONValue in [7, ["a": 1], "code"] {
            let metadata = try await metadata { $0[name] = value }
            #expect(metadata.leftOut.map(\.name) == [name])
            #expect(metadata.leftOut.first?.actual == value.string ?? value.text)
        }
        #expect(try await metadata { $0[name] = .null }.leftOut.isEmpty)
    }

    @Test("an empty list is one that is not there", arguments: [[], [7]] as [JSONValue])
    func emptyList(_ list: JSONValue) async throws {
        let metadata = try await metadata {
            for name in [
                "response_types_supported", "id_token_signing_alg_values_supported",
                "token_endpoint_auth_methods_supported",
            ] { $0[name] = list }
        }
        #expect(metadata.responseTypesSupported == nil && metadata.tokenEndpointAuthMethodsSupported == nil)
        #expect(metadata.idTokenSigningAlgorithmsSupported == nil)
    }

    @Test("whether answers carry iss is read exactly, since it keeps providers apart")
    func promise() async throws {
        let name = "authorization_response_iss_parameter_supported"
        for (value, promised) in [(true, true), ("true", true), ("True", true), ("false", false), (.null, false)]
            as [(JSONValue, Bool)]
        {
            let metadata = try await metadata { $0[name] = value }
            #expect(metadata.authorizationResponseIssSupported == promised && metadata.leftOut.isEmpty)
        }
        for value: JSONValue in [1, "yes", [], [:]] { #expect(try await code { $0[name] = value } == .metadata) }
    }

    private static let flags: [(String, @Sendable (ProviderMetadata) -> Bool)] = [
        ("backchannel_logout_supported", { $0.backchannelLogoutSupported }),
        ("backchannel_logout_session_supported", { $0.backchannelLogoutSessionSupported }),
        ("frontchannel_logout_supported", { $0.frontchannelLogoutSupported }),
        ("frontchannel_logout_session_supported", { $0.frontchannelLogoutSessionSupported }),
    ]

    @Test("what a provider says of logout is read, each by its own name; what it does not say it does not do")
    func logout() async throws {
        for (name, _) in Self.flags {
            let provider = try PlayedProvider()
            provider.change { $0.metadata[name] = true }
            let metadata = try await provider.client(provider.transport).metadata
            for flag in Self.flags { #expect(flag.1(metadata) == (flag.0 == name)) }
            #expect(metadata.checkSessionIframe == nil)
        }
        let provider = try PlayedProvider()
        provider.change { $0.metadata["check_session_iframe"] = "https://op.example/check-session" }
        let metadata = try await provider.client(provider.transport).metadata
        #expect(metadata.checkSessionIframe?.string == "https://op.example/check-session")
        #expect(Self.flags.allSatisfy { !$0.1(metadata) })
    }

    @Test("a provider without the code flow is refused")
    func codeFlow() async throws {
        #expect(try await code { $0["response_types_supported"] = ["id_token"] } == .unsupported)
    }

    @Test("a provider with no algorithm in common is refused")
    func algorithms() async throws {
        #expect(try await code { $0["id_token_signing_alg_values_supported"] = ["none", "HS256"] } == .unsupported)
    }

    @Test("a provider with no authentication method in common is refused")
    func methods() async throws {
        #expect(try await code { $0["token_endpoint_auth_methods_supported"] = ["tls_client_auth"] } == .unsupported)
    }

    @Test("an answer that is no metadata is refused", arguments: ["", "<html>", "[]", #"{"issuer":1,"issuer":2}"#])
    func document(_ text: String) async throws {
        let provider = try PlayedProvider()
        provider.change { $0.answers["/.well-known/openid-configuration"] = .json(text) }
        let error = await #expect(throws: OpenIDError.self) { try await provider.client(provider.transport) }
        #expect(error?.code == .metadata)
    }

    @Test("any status but 200 is refused, a redirect too", arguments: [302, 404, 500])
    func status(_ status: Int) async throws {
        let provider = try PlayedProvider()
        let text = JSONValue.object(provider.script.metadata).text
        provider.change { $0.answers["/.well-known/openid-configuration"] = .json(text, status: status) }
        let error = await #expect(throws: OpenIDError.self) { try await provider.client(provider.transport) }
        #expect(error?.code == .status)
    }

    @Test("a provider that cannot be reached is named")
    func unreachable() async throws {
        let transport = ScriptedTransport { request in
            throw TransportError(.unreachable, origin: request.url.origin, detail: "connection refused")
        }
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) { try await provider.client(transport) }
        #expect(error?.code == .transport(.unreachable))
        #expect(error?.expected.contains("https://op.example") == true)
    }

    @Test(
        "why there is no answer has a remedy of its own, which names what to set",
        arguments: [
            (TransportError.Code.certificateExpired, "clock"), (.certificateUnknownIssuer, "CA_FILE"),
            (.certificateNameMismatch, "SERVER_METADATA_URL"), (.tls, "TLS 1.2"), (.tooManyOpenFiles, "LimitNOFILE"),
        ])
    func remedies(_ code: TransportError.Code, _ word: String) async throws {
        let transport = ScriptedTransport { request in
            throw TransportError(code, origin: request.url.origin, detail: "played")
        }
        let provider = try PlayedProvider()
        let error = await #expect(throws: OpenIDError.self) { try await provider.client(transport) }
        #expect(error?.code == .transport(code))
        #expect(error?.remedy.contains(word) == true)
    }

    @Test("unknown members are ignored and null is absence")
    func unknown() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.metadata["surprise"] = ["deep": [1, 2]]
            $0.metadata["userinfo_endpoint"] = .null
        }
        let client = try await provider.client(provider.transport)
        #expect(client.metadata.userInfoEndpoint == nil)
    }

    @Test("an issuer's slash at the end is taken off before the suffix is added, and kept in the issuer")
    func location() throws {
        let issuer = try #require(Issuer("https://op.example/test/"))
        let location = try #require(MetadataLocation(of: issuer))
        #expect(location.url.string == "https://op.example/test/.well-known/openid-configuration")
        #expect(location.issuers.map(\.string) == ["https://op.example/test/"])
    }

    @Test("a metadata URL stands for its issuer with and without a slash, and for no other")
    func metadataURL() throws {
        let url = "https://op.example/realms/a/.well-known/openid-configuration"
        let location = try #require(MetadataLocation(metadataURL: url))
        #expect(location.issuers.map(\.string) == ["https://op.example/realms/a", "https://op.example/realms/a/"])
        #expect(MetadataLocation(metadataURL: "https://op.example/realms/a") == nil)
        #expect(MetadataLocation(metadataURL: "http://op.example/.well-known/openid-configuration") == nil)
    }
}
