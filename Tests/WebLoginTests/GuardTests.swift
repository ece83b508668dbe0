import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("Guards")
struct GuardTests {
    private func signedIn(_ world: GuardWorld, user: Int = 0, _ path: String = "/login") async throws -> PlayedBrowser {
        let browser = PlayedBrowser(world.world)
        browser.user = user
        _ = try await browser.logIn(path)
        return browser
    }

    @Test("lead who is not signed in to the login, and back", arguments: ["/in?a=b", "/admin", "/ada", "/fresh"])
    func login(path: String) async throws {
        let browser = PlayedBrowser(try GuardWorld().world)
        let sent = try await browser.send(path)
        #expect(sent.status == 303)
        #expect(sent.fields[.cacheControl] == "no-store")
        let back = try await browser.logIn(try #require(sent.fields[.location]))
        #expect(back.fields[.location] == path)
        let page = try await browser.send(path)
        #expect(page.status == 200)
        #expect(page.fields[.cacheControl] == "no-store")
        #expect(String(decoding: page.body, as: UTF8.self) == "seen by Ada Admin")
    }

    @Test("ask the first login already for what they demand")
    func demandsAtOnce() async throws {
        let browser = PlayedBrowser(try GuardWorld().world)
        #expect(try await browser.send("/fresh").fields[.location] == "/login?next=%2Ffresh&max_age=300")
        #expect(try await browser.send("/gold").fields[.location] == "/login?next=%2Fgold&acr_values=gold+silver")
        #expect(
            try await browser.send("/both").fields[.location] == "/login?next=%2Fboth&max_age=60&acr_values=gold")
    }

    @Test("tell a script with 401 that a login is wanted", arguments: ["/in", "/admin", "/fresh", "/gold", "/never"])
    func scripts(path: String) async throws {
        let browser = PlayedBrowser(try GuardWorld().world)
        browser.headers = [(.accept, "application/json"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        let answer = try await browser.send(path)
        #expect(answer.status == 401)
        #expect(answer.fields[.location] == nil)
        #expect(answer.fields[.wwwAuthenticate] == "OpenID realm=\"http://127.0.0.1:8000\"")
    }

    @Test("refuse a wrong role or claim with a page, and with no login", arguments: ["/admin", "/ada", "/both"])
    func wrongRole(path: String) async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world, user: 1)
        let answer = try await browser.send(path)
        #expect(answer.status == 403)
        #expect(answer.fields[.location] == nil)
        #expect(answer.fields[.cacheControl] == "no-store")
        let page = String(decoding: answer.body, as: UTF8.self)
        #expect(page.contains("Ben Builder"))
        #expect(page.contains(path == "/ada" ? "the claim preferred_username with the value ada" : "the role admin"))
        #expect(world.world.refusals.map(\.subject.string) == ["c2905b3e-ben"])
        browser.headers = [(.accept, "application/json"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        let script = try await browser.send(path)
        #expect(script.status == 403)
        #expect(script.fields[.contentType]?.hasPrefix("text/plain") ?? false)
    }

    @Test("compare roles by code points: a Kelvin sign is no K")
    func kelvin() async throws {
        let world = try GuardWorld(routes: { login, router in
            router.add(.get, "/k", login.requireRole("K") { _, _ in .text("seen") })
        })
        world.world.alter("/userinfo") { $0["roles"] = ["\u{212A}"] }
        let browser = try await signedIn(world)
        #expect(try await browser.send("/k").status == 403)
    }

    @Test("take an array with the value among its elements, and nothing that merely looks like it")
    func claims() async throws {
        for (claim, status) in [
            (["mfa", "pwd"], 200), ("mfa", 200), ("mfa pwd", 403), (["mfa": true], 403), ([["mfa"]], 403), (true, 403),
        ] as [(JSONValue, Int)] {
            let world = try GuardWorld(routes: { login, router in
                router.add(.get, "/c", login.requireClaim("methods", equals: "mfa") { _, _ in .text("seen") })
            })
            world.world.alter("/userinfo") { $0["methods"] = claim }
            let browser = try await signedIn(world)
            #expect(try await browser.send("/c").status == status, "\(claim)")
        }
    }

    @Test("see the roles that the provider's mapping finds, and a changed mapping at once")
    func mapping() async throws {
        let world = try GuardWorld(
            configure: { $0.roles = RoleMapping([.init("preferred_username", prefix: "user:")]) },
            routes: { login, router in
                router.add(.get, "/roles") { request in
                    .text((try? await login.session(of: request))?.roles.sorted().joined(separator: " ") ?? "")
                }
            })
        let browser = try await signedIn(world)
        #expect(try await browser.text("/roles") == "user:ada")
        #expect(try await browser.send("/admin").status == 403)
    }

    @Test("lead a page of one provider's users there, and refuse another's with the way there")
    func provider() async throws {
        let world = try GuardWorld(providers: ["one", "two"])
        let browser = PlayedBrowser(world.world)
        #expect(try await browser.send("/two").fields[.location] == "/login?provider=two&next=%2Ftwo")
        _ = try await browser.logIn("/login?provider=one")
        let answer = try await browser.send("/two")
        #expect(answer.status == 403)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("href=\"/login?provider=two\""))
        _ = try await browser.logIn("/login?provider=two")
        #expect(try await browser.send("/two").status == 200)
    }

    @Test("answer a form, which cannot be sent again by itself, with 401 and a page")
    func forms() async throws {
        let world = try GuardWorld()
        let browser = PlayedBrowser(world.world)
        let answer = try await browser.send(.post, "/admin", form: "a=b")
        #expect(answer.status == 401)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("Nothing has been done"))
        #expect(world.world.failures.map(\.code) == [.loginRequired])
        _ = try await browser.logIn()
        #expect(try await browser.send(.post, "/admin", form: "a=b").status == 200)
        world.world.clock.value += 1000
        let late = try await browser.send(.post, "/fresh", form: "a=b")
        #expect(late.status == 401)
        #expect(
            String(decoding: late.body, as: UTF8.self).contains("href=\"/login?provider=oidc_entry&amp;max_age=300\""))
    }

    @Test("say that the sessions are not to be had where the store does not work")
    func brokenStore() async throws {
        let world = try World(
            store: BrokenSessionStore(),
            routes: { login, router in
                router.add(.get, "/in", login.requireLogin { _, _ in .text("seen") })
            })
        let browser = PlayedBrowser(world)
        browser.applicationCookies["oidc-session"] = String(repeating: "A", count: 43)
        #expect(try await browser.send("/in").status == 503)
    }
}
