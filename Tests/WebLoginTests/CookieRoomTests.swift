import FoundationEssentials
import HTTPMessages
import JOSE
import Sessions
import TestSupport
import Testing

@testable import WebLogin

@Suite("The cookies of the application")
struct CookieRoomTests {
    private static let origin = "https://app.example"
    /// The longest path that a login may lead back to.
    private static let longest =
        origin + "/login?acr_values=a+b+c&max_age=60&next=/" + String(repeating: "a", count: 511)

    /// A browser at an application over https, where names are longest, whose sessions are in cookies.
    private func browser(biography count: Int) throws -> PlayedBrowser {
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let shared = MemorySharedValues(now: { clock.value })
        let store = CookieSessionStore(keys: keys, shared: shared, now: { clock.value })
        let world = try World(store: store, clock: clock, tracing: .everyone, publicURL: Self.origin)
        world.alter("/userinfo") { $0["biography"] = .string(String(repeating: "x", count: count)) }
        return PlayedBrowser(world)
    }

    private func cookies(_ browser: PlayedBrowser, _ isIncluded: (String) -> Bool = { _ in true }) -> [String: String] {
        (browser.cookies[Self.origin] ?? [:]).filter { isIncluded($0.key) }
    }

    private func byteCount(_ cookies: [String: String]) -> Int {
        cookies.reduce(0) { $0 + $1.key.utf8.count + "=".utf8.count + $1.value.utf8.count + "; ".utf8.count }
    }

    private func text(_ browser: PlayedBrowser) async throws -> String { try await browser.text(Self.origin + "/") }

    @Test(
        "stay within what is read of a request's head, names and separators counted, whatever logins others begin here",
        arguments: [0, 3000, 7600])
    func cookieBomb(_ biography: Int) async throws {
        let browser = try browser(biography: biography)
        _ = try await browser.logIn(Self.origin + "/login")
        for _ in 0..<20 { #expect(try await browser.send(Self.longest).status == 303) }
        let session = cookies(browser) { $0.hasPrefix("__Host-oidc-session") }
        let logins = cookies(browser) { $0.hasPrefix("__Host-oidc-login-") }
        #expect(session.count == (biography == 0 ? 1 : biography == 3000 ? 2 : 4))
        if biography == 7600 { #expect((11_500...12_288).contains(byteCount(session))) }
        #expect(byteCount(cookies(browser)) <= CookieNames.maximumByteCount)
        #expect(byteCount(logins) <= LoginTransaction.maximumByteCount)
        #expect(logins.count >= 1)
        #expect(try await text(browser) != "nobody")
        #expect(try await browser.logIn(Self.origin + "/login?next=/again").status == 303)
        #expect(try await text(browser) != "nobody")
    }

    @Test("of logins under way take 8 KiB at most, names and separators counted, however long their paths are")
    func names() async throws {
        for length in stride(from: 100, through: 511, by: 10) {
            let browser = try browser(biography: 0)
            let path = Self.origin + "/login?next=/" + String(repeating: "a", count: length)
            for _ in 0..<9 { _ = try await browser.send(path) }
            #expect(byteCount(cookies(browser)) <= LoginTransaction.maximumByteCount, "\(length)")
        }
    }

    @Test("are cleared a few at a time, however many of logins come: the head of a response has a limit too")
    func many() async throws {
        let world = try World()
        var fields = HTTPFields()
        fields.append(.cookie, (0..<700).map { "oidc-login-\($0)=b" }.joined(separator: "; "))
        let request = try #require(HTTPRequest(method: .get, target: "/login", fields: fields))
        let response = await world.answer(request, at: World.applicationOrigin, machine: 0)
        #expect(response.status == 303)
        // The login's own beside those that are cleared.
        #expect(response.fields.values(.setCookie).count == 33)
    }

    @Test("leave room for a session that is larger than the one before")
    func growingSession() async throws {
        let browser = try browser(biography: 7600)
        for _ in 0..<7 { _ = try await browser.send(Self.longest) }
        #expect(byteCount(cookies(browser)) > 7 << 10)
        _ = try await browser.logIn(Self.origin + "/login")
        #expect(byteCount(cookies(browser)) <= CookieNames.maximumByteCount)
        #expect(try await text(browser) != "nobody")
    }

    @Test("are found, and the session ended at a logout, among any number of other applications' cookies")
    func foreignCookies() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let foreign = (0..<500).map { "foreign\($0)=1; " }.joined()
        var fields = HTTPFields()
        for (name, value) in browser.headers { fields.append(name, value) }
        fields.append(.cookie, foreign + "oidc-session=\(browser.applicationCookies["oidc-session"] ?? "")")
        let request = try #require(HTTPRequest(method: .get, target: "/logout", fields: fields))
        let answer = await world.answer(request, at: World.applicationOrigin, machine: 0)
        #expect(answer.fields[.location]?.contains("id_token_hint=") == true)
        #expect(try await browser.text("/") == "nobody")
    }
}

@Suite("A logout whose cookies cannot be told apart")
struct UnreadableSessionLogoutTests {
    private func logOut(_ world: World, _ line: String, _ target: String = "/logout") async throws -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.cookie, line)
        fields.append(.secFetchSite, "same-origin")
        fields.append(.secFetchMode, "navigate")
        fields.append(.secFetchDest, target == "/logout" ? "document" : "iframe")
        let request = try #require(
            HTTPRequest(method: target == "/sessions/end-all" ? .post : .get, target: target, fields: fields))
        return await world.answer(request, at: World.applicationOrigin, machine: 0)
    }

    @Test(
        "ends every session that they may stand for", arguments: ["/logout", "/external-logout", "/sessions/end-all"])
    func twice(_ target: String) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let own = browser.applicationCookies
        let planted = SessionToken(SessionID.generate()).string
        let line = "oidc-session=\(planted); oidc-session=\(own["oidc-session"] ?? ""); oidc-session=?"
        #expect([200, 303].contains(try await logOut(world, line, target).status))
        browser.applicationCookies = own
        #expect(try await browser.text("/") == "nobody")
    }

    @Test(
        "does not say that the user is logged out where one cannot be put together",
        arguments: [
            "oidc-session=2~a", "oidc-session-1=a", "oidc-session=2~a; oidc-session-1=b; oidc-session-1=c",
            (0..<9).map { _ in "oidc-session=" + String(repeating: "A", count: 43) }.joined(separator: "; "),
        ])
    func incomplete(_ line: String) async throws {
        for target in ["/logout", "/external-logout"] {
            let world = try World()
            let answer = try await logOut(world, line, target)
            #expect(answer.status == 400)
            #expect(world.failures.map(\.code) == [.unreadableSession])
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("You are logged out"))
            let cleared = answer.fields.values(.setCookie).contains { $0.hasPrefix("oidc-session") }
            #expect(cleared == (target == "/logout"))
        }
    }

    @Test("of a cookie that is no session's, or of none, is no error", arguments: ["oidc-session=?", "a=b"])
    func noSession(_ line: String) async throws {
        #expect(try await logOut(try World(), line).status == 200)
    }
}
