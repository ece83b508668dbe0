import HTTPMessages
import JOSE
import Testing

@testable import DevelopmentProvider

@Suite("What a development provider can be made of")
struct RegistrationTests {
    @Test(
        "an issuer on the loopback is taken as it is",
        arguments: [
            "http://localhost:8001", "http://localhost", "http://127.0.0.1:1", "http://127.9.8.7:65535",
            "https://[::1]:8443", "http://op.localhost:8001/", "http://localhost:8001/tenant/a",
        ])
    func loopback(issuer: String) throws {
        #expect(try Fixture(issuer: issuer).provider.issuer == issuer)
    }

    @Test(
        "an issuer that others could reach, or that is no plain URL, is refused",
        arguments: [
            "", "localhost:8001", "ftp://localhost", "HTTP://localhost", "http://example.com", "http://192.168.0.1:80",
            "http://0.0.0.0:8001", "http://127.0.0.1.example.com", "http://localhost.example.com",
            "http://127.0.0", "http://127.0.0.256", "http://127.0.0.+1", "http://127..0.1", "http://.localhost",
            "http://local host", "http://[::2]", "http://[::1", "http://localhost:", "http://localhost:0",
            "http://localhost:65536", "http://localhost:+80", "http://localhost:80x", "http://user@localhost",
            "http://localhost@example.com", "http://localhost:8001?x", "http://localhost:8001#x",
            "http://localhost/a?b", "http://localhost/a#b", "http://localhost/a//b", "http://localhost/../b",
            "http://localhost/a;b", "http://localhost/%2e", "http://localhost\\@example.com", "http://a?b.localhost",
        ])
    func notLoopback(issuer: String) {
        let error = #expect(throws: DevelopmentProviderError.self) { try Fixture(issuer: issuer) }
        #expect(error?.code == .issuer)
    }

    @Test("the provider answers below the issuer's path")
    func issuerWithPath() async throws {
        let browser = Browser(try Fixture(issuer: "http://localhost:8001/tenant/a/"))
        let metadata = try await browser.get("/tenant/a/.well-known/openid-configuration").json
        #expect(metadata["issuer"]?.string == "http://localhost:8001/tenant/a/")
        #expect(metadata["token_endpoint"]?.string == "http://localhost:8001/tenant/a/token")
        #expect(try await browser.get("/.well-known/openid-configuration").status == 404)
        let page = try await browser.get("/tenant/a/authorize", Fixture.request())
        let form: FormParameters = ["request": try page.hiddenRequest, "user": Fixture.ada]
        let response = try await browser.post("/tenant/a/login", form)
        #expect(response.fields[.setCookie]?.contains("; Path=/tenant/a;") == true)
    }

    @Test(
        "a client that cannot be registered is refused",
        arguments: [
            DevelopmentClient(id: "", secret: nil, redirectURIs: [Fixture.callback]),
            DevelopmentClient(id: "ä", secret: nil, redirectURIs: [Fixture.callback]),
            DevelopmentClient(id: "a\n", secret: nil, redirectURIs: [Fixture.callback]),
            DevelopmentClient(id: "a", secret: "", redirectURIs: [Fixture.callback]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: []),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: ["/callback"]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: [":x"]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: ["a b:x"]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: ["http://localhost/a#b"]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: ["http://localhost/a b"]),
            DevelopmentClient(id: "a", secret: nil, redirectURIs: ["http://localhost/ä"]),
            DevelopmentClient(
                id: "a", secret: nil, redirectURIs: [Fixture.callback], postLogoutRedirectURIs: ["localhost"]),
            DevelopmentClient(
                id: "a", secret: "b", redirectURIs: [Fixture.callback], idTokenAlgorithm: .hs256),
        ])
    func badClient(client: DevelopmentClient) {
        let error = #expect(throws: DevelopmentProviderError.self) { try Fixture(clients: [client]) }
        #expect(error?.code == .client)
    }

    @Test("two clients of one identifier are refused")
    func doubleClient() {
        let error = #expect(throws: DevelopmentProviderError.self) {
            try Fixture(clients: Fixture.clients + Fixture.clients)
        }
        #expect(error?.code == .client)
    }

    @Test("users without a usable subject of their own are refused")
    func badUsers() {
        func user(_ subject: String) -> DevelopmentUser {
            DevelopmentUser(
                subject: subject, givenName: "A", familyName: "B", preferredUsername: "a", email: "a@b.example")
        }
        for users in [
            [], [user("")], [user("ä")], [user("a\n")], [user(String(repeating: "a", count: 256))],
            [user("a"), user("a")],
        ] {
            let error = #expect(throws: DevelopmentProviderError.self) { try Fixture(users: users) }
            #expect(error?.code == .user)
        }
    }

    @Test("the ready users differ in everything, and one is an administrator")
    func readyUsers() {
        let users: [DevelopmentUser] = .readyUsers
        #expect(users.map(\.name) == ["Ada Admin", "Ben Builder", "Cleo Customer"])
        #expect(Set(users.map(\.subject)).count == 3)
        #expect(Set(users.map(\.email)).count == 3)
        #expect(Set(users.map(\.roles)).count == 3)
        #expect(users.filter { $0.roles.contains("admin") }.count == 1)
        #expect(users.allSatisfy { $0.subject != $0.name && $0.subject != $0.preferredUsername })
    }

    @Test("the error says what is wrong and what to do")
    func errorText() {
        let error = DevelopmentProviderError(.issuer, "reason", remedy: "remedy")
        #expect(error.description == "reason: remedy")
    }
}
