import HTTPMessages
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("A login that another site initiates (OIDC Core §4)")
struct InitiatedLoginTests {
    private static let issuer = "http%3A%2F%2F127.0.0.1%3A9001"

    private func parameters(_ location: String?) throws -> FormParameters {
        let location = try #require(location)
        let mark = try #require(location.firstIndex(of: "?"))
        return try FormParameters(parsing: location[location.index(after: mark)...])
    }

    @Test("goes to the provider of that issuer, with the hint", arguments: [HTTPMethod.get, .post])
    func provider(method: HTTPMethod) async throws {
        let browser = PlayedBrowser(try World(providers: ["one", "two"]))
        let query = "iss=\(Self.issuer)&login_hint=ada%40example.org"
        let answer =
            method == .get
            ? try await browser.send("/login?" + query) : try await browser.send(.post, "/login", form: query)
        #expect(answer.status == 303)
        #expect(try parameters(answer.fields[.location])["login_hint"] == "ada@example.org")
    }

    @Test("ends at the target, which is this application's")
    func target() async throws {
        let browser = PlayedBrowser(try World())
        let answer = try await browser.logIn(
            "/login?iss=\(Self.issuer)&target_link_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fprivate%3Fa%3D1")
        #expect(answer.fields[.location] == "/private?a=1")
    }

    @Test(
        "is refused where the target is another site's",
        arguments: [
            "https://evil.example/", "http://127.0.0.1:8000.evil.example/", "http://127.0.0.1:8000@evil.example/",
            "http://127.0.0.1:80001/", "https://127.0.0.1:8000/", "//evil.example",
            "http://127.0.0.1:8000//evil.example",
            "http://127.0.0.1:8000/\\evil.example", "/private",
        ])
    func foreignTarget(target: String) async throws {
        let world = try World()
        let query = "iss=\(Self.issuer)&target_link_uri=" + FormEncoding.encode(target)
        #expect(try await PlayedBrowser(world).send("/login?" + query).status == 400)
        #expect(world.failures.map(\.rule) == ["login.next"])
    }

    @Test(
        "by an issuer that is not registered is refused",
        arguments: [
            "iss=https%3A%2F%2Fevil.example", "iss=", "iss=\(issuer)%2Fx", "iss=\(issuer)&provider=one",
        ])
    func unknownIssuer(query: String) async throws {
        let world = try World(providers: ["one", "two"])
        #expect(try await PlayedBrowser(world).send("/login?" + query).status == 404)
        #expect(world.failures.map(\.rule) == ["login.provider"])
        #expect(world.transport.paths.isEmpty)
    }

    @Test("with a hint that is too long, or a parameter twice, is refused")
    func malformed() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let long = String(repeating: "a", count: 2049)
        #expect(try await browser.send("/login?iss=\(Self.issuer)&login_hint=\(long)").status == 400)
        #expect(try await browser.send("/login?iss=\(Self.issuer)&iss=\(Self.issuer)").status == 400)
        #expect(world.failures.map(\.rule) == ["login.parameters", "login.parameters"])
    }

    @Test("does not begin in a frame")
    func frame() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        browser.headers = [(.secFetchMode, "navigate"), (.secFetchDest, "iframe"), (.secFetchSite, "cross-site")]
        #expect(try await browser.send("/login?iss=\(Self.issuer)").status == 401)
        #expect(world.transport.paths.isEmpty)
    }
}
