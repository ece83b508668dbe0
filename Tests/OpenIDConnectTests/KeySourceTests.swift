import FoundationEssentials
import JOSE
import OpenIDConnect
import TestSupport
import Testing

@Suite("The provider's keys")
struct KeySourceTests {
    private func finish(_ client: OpenIDClient, _ provider: PlayedProvider) async throws {
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        _ = try await client.finishLogin(with: "?code=c&state=\(pending.state.string)", pending: pending)
    }

    @Test("are fetched once for many logins")
    func cached() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        for _ in 0..<3 { try await finish(client, provider) }
        #expect(transport.paths.filter { $0 == "/keys" }.count == 1)
    }

    @Test("are fetched anew at once for a key that is not known, twice in a row too")
    func rotation() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        try await finish(client, provider)
        for id in ["k2", "k3"] {
            let key = try SigningKey.generate(.es256, keyID: id)
            provider.change {
                $0.signingKey = key
                $0.published = [key.publicJWK]
            }
            try await finish(client, provider)
        }
        #expect(transport.paths.filter { $0 == "/keys" }.count == 3)
    }

    @Test("are fetched anew where the provider changed a key and kept its name")
    func sameName() async throws {
        let provider = try PlayedProvider()
        let client = try await provider.client(provider.transport)
        try await finish(client, provider)
        let key = try SigningKey.generate(.es256, keyID: "k1")
        provider.change {
            $0.signingKey = key
            $0.published = [key.publicJWK]
        }
        try await finish(client, provider)
    }

    @Test("are not fetched without end for tokens that no key fits")
    func budget() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        try await finish(client, provider)
        let foreign = try SigningKey.generate(.es256, keyID: "foreign")
        provider.change { $0.signingKey = foreign }
        for _ in 0..<20 {
            let error = await #expect(throws: OpenIDError.self) { try await finish(client, provider) }
            #expect(error?.code == .idToken(.signature))
        }
        #expect(transport.paths.filter { $0 == "/keys" }.count == 6)
    }

    @Test("that are old are renewed by the next login, and serve on through an outage")
    func outage() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let clock = Mutexed(PlayedProvider.now)
        let client = try await provider.client(transport, now: { clock.value })
        try await finish(client, provider)
        clock.value = PlayedProvider.now.addingTimeInterval(901)
        provider.change {
            $0.claims["iat"] = 1_800_000_901
            $0.claims["exp"] = 1_800_001_201
            $0.answers["/keys"] = TransportResponse(status: 500, fields: [], body: [])
        }
        try await finish(client, provider)
        #expect(transport.paths.filter { $0 == "/keys" }.count == 2)
    }

    @Test("that cannot be fetched are told, where the key of a token may be among them")
    func unknownInAnOutage() async throws {
        let provider = try PlayedProvider()
        let clock = Mutexed(PlayedProvider.now)
        let client = try await provider.client(provider.transport, now: { clock.value })
        try await finish(client, provider)
        clock.value = PlayedProvider.now.addingTimeInterval(901)
        let key = try SigningKey.generate(.es256, keyID: "k2")
        provider.change {
            $0.claims["iat"] = 1_800_000_901
            $0.claims["exp"] = 1_800_001_201
            $0.answers["/keys"] = TransportResponse(status: 500, fields: [], body: [])
            $0.signingKey = key
        }
        // With and without a budget for another try.
        for _ in 0..<8 {
            let error = await #expect(throws: OpenIDError.self) { try await finish(client, provider) }
            #expect(error?.code == .status)
        }
    }

    @Test("that cannot be read are an error of their own")
    func malformed() async throws {
        let provider = try PlayedProvider()
        provider.change { $0.answers["/keys"] = .json("{}") }
        let client = try await provider.client(provider.transport)
        let error = await #expect(throws: OpenIDError.self) { try await finish(client, provider) }
        #expect(error?.code == .keySet)
    }

    @Test("are fetched once for logins that come at a time")
    func singleFlight() async throws {
        let provider = try PlayedProvider()
        let transport = provider.transport
        let client = try await provider.client(transport)
        let (_, pending) = client.beginLogin()
        provider.expect(pending)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    _ = try await client.finishLogin(with: "?code=c&state=\(pending.state.string)", pending: pending)
                }
            }
            try await group.waitForAll()
        }
        #expect(transport.paths.filter { $0 == "/keys" }.count == 1)
    }

    @Test("junk keys beside the good one do no harm, nor does a token without kid")
    func junk() async throws {
        let provider = try PlayedProvider()
        let good = provider.script.published.map { JSONValue.object($0.publicMembers) }
        let junk: [JSONValue] = [["kty": "XX"], ["kty": "RSA", "n": "AQAB", "e": "AQAB"], 7, ["kid": "k1"]]
        provider.change { $0.answers["/keys"] = .json(JSONValue.object(["keys": .array(junk + good)]).text) }
        _ = try await provider.login(provider.transport)
    }
}
