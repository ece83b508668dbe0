import HTTPMessages
import Testing

@Suite("The router and strange paths")
struct RouterByteTests {
    @Test(
        "A route with /* stands for every longer path that begins so, whatever follows the slash",
        arguments: ["/admin/x", "/admin/%EF%B8%8Fx", "/admin/%CC%81x", "/admin/%E2%80%8D", "/admin/a/%F3%A0%84%80"])
    func everyLongerPath(_ target: String) async throws {
        var router = Router()
        router.add(.get, "/admin/*") { _ in .text("guarded", status: 403) }
        router.add(.get, "/*") { _ in .text("open") }
        #expect(await router.respond(to: try #require(HTTPRequest(method: .get, target: target))).status == 403)
    }

    @Test("A path that only reads alike is another path")
    func canonicallyEquivalent() async throws {
        var router = Router()
        router.add(.get, "/caf\u{E9}") { _ in .text("composed") }
        router.add(.get, "/K/*") { _ in .text("kelvin") }
        let status = { (target: String) async throws in
            await router.respond(to: try #require(HTTPRequest(method: .get, target: target))).status
        }
        #expect(try await status("/caf%C3%A9") == 200)
        #expect(try await status("/cafe%CC%81") == 404)
        #expect(try await status("/%E2%84%AA/x") == 404)
    }

    @Test("Of several beginnings the longest goes first, in whichever order they were added")
    func longest() throws {
        for paths in [["/*", "/a/*", "/a/b/*"], ["/a/b/*", "/a/*", "/*"], ["/a/*", "/a/b/*", "/*"]] {
            var router = Router()
            for path in paths { router.add(.get, path) { _ in .text("") } }
            #expect(router.route(for: "/a/b/c") == "/a/b/*")
            #expect(router.route(for: "/a/b/") == "/a/*")
            #expect(router.route(for: "/a/c") == "/a/*")
            #expect(router.route(for: "/c") == "/*")
            #expect(router.route(for: "/") == nil)
        }
    }
}
