import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("Step-up")
struct StepUpTests {
    private func signedIn(_ world: GuardWorld, user: Int = 0) async throws -> PlayedBrowser {
        let browser = PlayedBrowser(world.world)
        browser.user = user
        _ = try await browser.logIn()
        return browser
    }

    /// Where a guard sends the browser, and where that login sends it at the provider.
    private func stepUp(_ browser: PlayedBrowser, _ path: String) async throws -> (login: String, provider: String) {
        let sent = try await browser.send(path)
        #expect(sent.status == 303)
        let login = try #require(sent.fields[.location])
        let begun = try await browser.send(login)
        return (login, try #require(begun.fields[.location]))
    }

    @Test("is demanded when the login is too old, and only then")
    func age() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value += 360
        #expect(try await browser.send("/fresh").status == 200)
        world.world.clock.value += 1
        let (login, provider) = try await stepUp(browser, "/fresh")
        #expect(login == "/login?provider=oidc_entry&next=%2Ffresh&max_age=300")
        #expect(provider.contains("max_age=300"))
        #expect(try await browser.send("/in").status == 200)
        #expect(try await browser.logIn(login).fields[.location] == "/fresh")
        #expect(try await browser.send("/fresh").status == 200)
    }

    @Test("tells a script with 401 that another login is wanted")
    func script() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value += 1000
        browser.headers = [(.accept, "application/json"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        let answer = try await browser.send("/fresh")
        #expect(answer.status == 401)
        #expect(answer.fields[.wwwAuthenticate]?.hasSuffix("error=\"insufficient_user_authentication\"") ?? false)
    }

    @Test("at a provider that ignores max_age fails, and does not turn round and round")
    func ignoredAge() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value += 1000
        let old = world.world.clock.value.timeIntervalSince1970 - 1000
        world.claims.value = { $0["auth_time"] = .number(JSONNumber(Int64(old))) }
        let login = try #require(try await browser.send("/fresh").fields[.location])
        let answer = try await browser.logIn(login)
        #expect(answer.status == 400)
        #expect(world.world.failures.map(\.rule) == ["idToken.authenticationTime"])
        #expect(try await browser.send("/in").status == 200)
        #expect(try await browser.send("/fresh").status == 303)
    }

    @Test("is not to be skipped: a login without the demand leaves the page closed")
    func skipped() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value += 1000
        let old = world.world.clock.value.timeIntervalSince1970 - 1000
        world.claims.value = { $0["auth_time"] = .number(JSONNumber(Int64(old))) }
        for path in ["/login?next=%2Ffresh", "/login?next=%2Ffresh&max_age=999999"] {
            #expect(try await browser.logIn(path).fields[.location] == "/fresh")
            let again = try await browser.send("/fresh")
            #expect(again.status == 303)
            #expect(again.fields[.location] == "/login?provider=oidc_entry&next=%2Ffresh&max_age=300")
        }
    }

    @Test("is demanded of a session whose provider told no time")
    func noTime() async throws {
        let world = try GuardWorld()
        world.claims.value = { $0["auth_time"] = nil }
        let browser = try await signedIn(world)
        let login = try #require(try await browser.send("/fresh").fields[.location])
        world.claims.value = nil
        #expect(try await browser.logIn(login).fields[.location] == "/fresh")
        #expect(try await browser.send("/fresh").status == 200)
    }

    @Test("is demanded where the login's time is one to come")
    func timeToCome() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value -= 1000
        #expect(try await browser.send("/fresh").status == 303)
    }

    @Test("to another kind of login asks for it and holds the answer to it")
    func acr() async throws {
        let world = try GuardWorld()
        world.claims.value = { $0["acr"] = "bronze" }
        let browser = try await signedIn(world)
        let (login, provider) = try await stepUp(browser, "/gold")
        #expect(login == "/login?provider=oidc_entry&next=%2Fgold&acr_values=gold+silver")
        #expect(provider.contains("acr_values=gold+silver") || provider.contains("acr_values=gold%20silver"))
        let refused = try await browser.logIn(login)
        #expect(refused.status == 400)
        #expect(world.world.failures.map(\.rule) == ["idToken.authenticationContext"])
        world.claims.value = { $0["acr"] = "silver" }
        #expect(try await browser.logIn(login).fields[.location] == "/gold")
        #expect(try await browser.send("/gold").status == 200)
    }

    @Test(
        "takes no other kind for the one demanded",
        arguments: [nil, "", "Gold", "gold silver", ["gold"], 1] as [JSONValue?])
    func hostileACR(acr: JSONValue?) async throws {
        let world = try GuardWorld()
        world.claims.value = { $0["acr"] = acr }
        let browser = try await signedIn(world)
        #expect(try await browser.send("/gold").status == 303)
    }

    @Test("that comes back and still does not suffice ends at a page")
    func insufficient() async throws {
        let world = try GuardWorld(
            configure: { $0.client.clockSkew = 0 },
            routes: { login, router in
                router.add(.get, "/now", login.requireLogin(within: 0) { _, _ in .text("seen") })
            })
        let browser = PlayedBrowser(world.world)
        _ = try await browser.logIn("/login?max_age=0")
        world.world.clock.value += 1
        let answer = try await browser.send("/now")
        #expect(answer.status == 403)
        #expect(world.world.failures.map(\.code) == [.stepUpInsufficient])
        browser.headers = [(.accept, "application/json"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        #expect(try await browser.send("/now").status == 403)
        browser.headers = []
        world.world.clock.value += 60
        #expect(try await browser.send("/now").status == 303)
    }

    @Test("that no login can pass is a refusal and no login")
    func contradiction() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        #expect(try await browser.send("/never").status == 403)
    }

    @Test("is not begun for a page that is closed to the user all the same")
    func roleFirst() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world, user: 1)
        #expect(try await browser.send("/both").status == 403)
        world.claims.value = { $0["acr"] = "gold" }
        let admin = try await signedIn(world)
        #expect(try await admin.send("/both").status == 200)
    }

    @Test("as another user judges the other user")
    func otherUser() async throws {
        let world = try GuardWorld()
        world.claims.value = { $0["acr"] = "gold" }
        let browser = try await signedIn(world)
        #expect(try await browser.send("/both").status == 200)
        world.world.clock.value += 1000
        let login = try #require(try await browser.send("/both").fields[.location])
        browser.user = 1
        #expect(try await browser.logIn(login).fields[.location] == "/both")
        #expect(try await browser.text("/in") == "seen by Ben Builder")
        #expect(try await browser.send("/both").status == 403)
    }

    @Test("asks for no less than each login does")
    func registration() async throws {
        let world = try GuardWorld(configure: { registration in
            registration.options.maxAge = 100
            registration.options.acrValues = ["gold", "platinum"]
            registration.options.requiresACR = true
        })
        let browser = PlayedBrowser(world.world)
        let begun = try await browser.send("/login?max_age=300&acr_values=gold+silver")
        let location = try #require(begun.fields[.location])
        #expect(
            location.contains("max_age=100") && location.contains("acr_values=gold") && !location.contains("silver"))
        #expect(try await browser.send("/login?acr_values=silver").status == 400)
    }

    @Test(
        "that cannot be read is refused",
        arguments: [
            "max_age=", "max_age=-1", "max_age=1.5", "max_age=%2B1", "max_age=1234567890", "max_age=1&max_age=2",
            "acr_values=", "acr_values=+", "acr_values=a%0Ab", "acr_values=a%C2%A0b", "acr_values=1+2+3+4+5+6+7+8+9",
            "acr_values=" + String(repeating: "a", count: 129),
        ])
    func malformed(query: String) async throws {
        let world = try World()
        #expect(try await PlayedBrowser(world).send("/login?" + query).status == 400)
        #expect(world.failures.map(\.rule) == ["login.parameters"])
    }

    @Test("survives the choice among providers")
    func chooser() async throws {
        let browser = PlayedBrowser(try GuardWorld(providers: ["one", "two"]).world)
        let login = try #require(try await browser.send("/fresh").fields[.location])
        let page = try await browser.text(login)
        #expect(page.contains("href=\"/login?provider=two&amp;next=%2Ffresh&amp;max_age=300\""))
    }

    @Test("is not undone by a refresh")
    func refresh() async throws {
        let world = try GuardWorld()
        let browser = try await signedIn(world)
        world.world.clock.value += 590
        #expect(try await browser.send("/token").status == 200)
        #expect(world.world.events.value.contains { if case .refreshed = $0 { true } else { false } })
        #expect(try await browser.send("/fresh").status == 303)
        #expect(try await browser.send("/admin").status == 200)
    }
}
