import HTTPMessages
import Testing

@Suite("The router")
struct RouterTests {
    private let router: Router

    init() {
        var router = Router()
        router.add(.get, "/") { _ in .text("home") }
        router.add(.get, "/login") { .text("login \($0.query ?? "")") }
        router.add(.post, "/login") { _ in .text("posted") }
        router.add(.post, "/only") { _ in .text("only") }
        router.add(.head, "/only") { _ in .text("head") }
        router.add(.get, "/login/authorize/*") { .text("tail \($0.path)") }
        router.add(.get, "/login/*") { .text("wider \($0.path)") }
        router.add(.get, "/login/authorize/exact") { _ in .text("exact") }
        self.router = router
    }

    private func answer(_ method: HTTPMethod, _ target: String) async throws -> HTTPResponse {
        await router.respond(to: try #require(HTTPRequest(method: method, target: target)))
    }

    private func body(_ method: HTTPMethod, _ target: String) async throws -> String {
        String(decoding: try await answer(method, target).body, as: UTF8.self)
    }

    @Test(
        "Path and method choose the handler",
        arguments: [
            (HTTPMethod.get, "/", "home"), (.get, "/login?a=b", "login a=b"), (.get, "/%6cogin", "login "),
            (.post, "/login", "posted"),
            (.head, "/login", "login "), (.head, "/only", "head"), (.get, "/login/authorize/exact", "exact"),
            (.get, "/login/authorize/google", "tail /login/authorize/google"),
            (.get, "/login/authorize/a/b", "tail /login/authorize/a/b"), (.get, "/login/other", "wider /login/other"),
            (.get, "/login/authorize/", "wider /login/authorize/"),
        ])
    func found(_ method: HTTPMethod, _ target: String, _ expected: String) async throws {
        let response = try await answer(method, target)
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == expected)
    }

    @Test(
        "A path leads to a route that has a name",
        arguments: [
            ("/login", "/login"), ("/login/authorize/exact", "/login/authorize/exact"),
            ("/login/authorize/a/b", "/login/authorize/*"), ("/login/authorize/", "/login/*"), ("/only", "/only"),
            ("/none", nil), ("/login/", nil),
        ])
    func route(_ path: String, _ route: String?) {
        #expect(router.route(for: path) == route)
    }

    @Test("A path that no route has is not found", arguments: ["/none", "/login/", "/LOGIN", "//", "/only/x"])
    func notFound(_ target: String) async throws {
        #expect(try await answer(.get, target).status == 404)
    }

    @Test("A method that the path does not have is answered with those that it has")
    func notAllowed() async throws {
        let login = try await answer(.delete, "/login")
        #expect(login.status == 405)
        #expect(login.fields[.allow] == "GET, HEAD, POST")
        let only = try await answer(.get, "/only")
        #expect(only.status == 405)
        #expect(only.fields[.allow] == "HEAD, POST")
        #expect(try await answer(.head, "/login/authorize/x").status == 200)
    }

    @Test("A later route takes the place of an earlier one")
    func replaced() async throws {
        var router = router
        router.add(.get, "/") { _ in .text("new") }
        let response = await router.respond(to: try #require(HTTPRequest(method: .get, target: "/")))
        #expect(response.body == Array("new".utf8))
    }

    @Test("What surrounds a router sees every request and every answer, the later around the earlier")
    func surroundings() async throws {
        var router = Router()
        router.add(.get, "/a") { request in .text(request.fields[.origin] ?? "none") }
        for name in ["inner", "outer"] {
            router.surround { request, handler in
                var request = request
                request.fields[.origin] = (request.fields[.origin] ?? "") + name + " "
                var response = await handler(request)
                response.fields[.vary] = (response.fields[.vary] ?? "") + name + " "
                return response
            }
        }
        let answer = await router.respond(to: try #require(HTTPRequest(method: .get, target: "/a")))
        #expect(String(decoding: answer.body, as: UTF8.self) == "outer inner ")
        #expect(answer.fields[.vary] == "inner outer ")
        let missing = await router.respond(to: try #require(HTTPRequest(method: .get, target: "/b")))
        #expect(missing.status == 404)
        #expect(missing.fields[.vary] == "inner outer ")
    }
}
