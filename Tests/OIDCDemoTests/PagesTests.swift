import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import Testing
import WebLogin

@testable import OIDCDemo

private let now = Date(timeIntervalSince1970: 1_790_000_000)
private let pages = Pages(
    isDevelopment: false, redirectURI: "http://localhost:8000/login/authorize", now: { now })
private let hostile = "\"><script>alert('x')</script>\u{202E}"

private func choice(_ title: String = "Google") throws -> ProviderChoice {
    ProviderChoice(name: try #require(ProviderName("google")), title: title, loginPath: "/login?provider=google")
}

private func visitor(_ claims: JSONObject, subject: String = "42") -> Visitor {
    Visitor(
        providerTitle: "Google", issuer: "https://op.example", subject: subject, claims: claims,
        loggedInAt: now.addingTimeInterval(-320))
}

private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

private func failure(_ code: LoginFailure.Code = .idTokenRefused, retryPath: String = "/login") throws -> LoginFailure {
    LoginFailure(
        code, status: 400, provider: try choice(hostile), summary: "Summary \(hostile)", rule: "rule \(hostile)",
        expected: "expected \(hostile)", actual: "actual \(hostile)", remedy: "remedy \(hostile)", retryPath: retryPath)
}

private func sessions(_ text: String) throws -> [ActiveSession] {
    try [true, false].map { isCurrent in
        ActiveSession(
            handle: try #require(SessionHandle("a_-9")), provider: try #require(ProviderName("google")),
            loggedInAt: now,
            lastUsedAt: now, address: text, userAgent: text, isCurrent: isCurrent)
    }
}

@Suite("The pages")
struct PagesTests {
    /// Every page there is, with hostile texts wherever a text can come from outside.
    private func all() throws -> [String: HTTPResponse] {
        var claims: JSONObject = ["sub": .string(hostile), "name": .string(hostile)]
        claims[hostile] = .string(hostile)
        claims["list"] = .array([.string(hostile)])
        claims["object"] = .object([hostile: .string(hostile)])
        claims["deep"] = .array([.array([.string(hostile)])])
        return [
            "home": pages.home(visitor(claims, subject: hostile)),
            "welcome": pages.welcome([try choice(hostile)]),
            "development": Pages(isDevelopment: true, redirectURI: "http://localhost:8000/login/authorize").welcome([
                try choice(hostile)
            ]),
            "back": pages.welcome([try choice()], after: .confirmed(try choice(hostile))),
            "back, not confirmed": pages.welcome([try choice()], after: .unconfirmed(try choice(hostile))),
            "sessions": pages.sessions(ActiveSessions(try sessions(hostile), count: 500), titles: [:]),
            "chooser": pages.chooser([try choice(hostile), try choice()]),
            "failure": pages.failure(try failure(retryPath: "javascript:" + hostile)),
            "confirm": pages.confirmLogout(LogoutConfirmation(action: "/logout", cancel: "javascript:x")),
            "logged out": pages.loggedOut(
                LogoutOutcome(
                    providerTitle: hostile, providerSessionGoesOn: true, providerAddress: "javascript:" + hostile,
                    unusableEndpoint: hostile)),
            "forbidden": pages.forbidden(
                AccessRefusal(
                    issuer: try #require(Issuer("https://op.example")), subject: try #require(Subject("42")),
                    claims: claims, roles: [hostile], provider: try choice(hostile),
                    missing: [.role(hostile), .claim(ClaimPath(hostile), equals: .string(hostile))],
                    otherProvider: try choice(hostile))),
            "404": pages.notFound(), "405": pages.methodNotAllowed(allow: "GET"), "500": pages.broken(),
        ]
    }

    @Test("nothing from outside is more than text in any page")
    func escaped() throws {
        for (name, page) in try all() {
            let html = text(page)
            #expect(!html.contains("<script"), "\(name)")
            #expect(!html.contains("javascript:"), "\(name)")
            #expect(!html.unicodeScalars.contains("\u{202E}"), "\(name)")
        }
    }

    @Test("every page forbids scripts, frames, sniffing, caching and leaks of its address")
    func headers() throws {
        for (name, page) in try all() {
            let policy = page.fields[.contentSecurityPolicy] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; img-src 'self'; form-action "), "\(name)")
            #expect(policy.hasSuffix("base-uri 'none'; frame-ancestors 'none'"), "\(name)")
            #expect(!policy.contains("unsafe"), "\(name)")
            #expect(page.fields[.cacheControl] == "no-store", "\(name)")
            #expect(page.fields[.xContentTypeOptions] == "nosniff", "\(name)")
            #expect(page.fields[.contentType] == "text/html; charset=utf-8", "\(name)")
            let hasForm = text(page).contains("<form")
            #expect(policy.contains("form-action 'none'") == !hasForm, "\(name)")
            #expect(page.fields[.referrerPolicy] == (hasForm ? "same-origin" : "no-referrer"), "\(name)")
        }
    }

    @Test("every page has a language, a title, one heading of the first rank, and landmarks")
    func structure() throws {
        for (name, page) in try all() {
            let html = text(page)
            #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"), "\(name)")
            for part in ["<title>", "<h1>", "<header>", "<main>", "<footer>", "name=\"viewport\""] {
                #expect(html.components(separatedBy: part).count == 2, "\(name): \(part)")
            }
            #expect(!html.contains("style=\""), "\(name)")
        }
    }

    @Test("the start page greets by name, and says with which provider and since when")
    func home() {
        let html = text(pages.home(visitor(["name": "Ada Lovelace", "email": "ada@example.org"])))
        #expect(html.contains("<h1>Hello, <bdi>Ada Lovelace</bdi></h1>"))
        #expect(html.contains("<strong><bdi>Google</bdi></strong>, 5 minutes ago"))
        #expect(html.contains("<time datetime=\"2026-09-21T14:08:00Z\">2026-09-21 14:08 UTC</time>"))
        #expect(html.contains("<form method=\"post\" action=\"/logout\">"))
        #expect(html.contains(">AL</div>"))
        #expect(!html.contains("<img"))
    }

    @Test("the user is called by the best name there is")
    func names() {
        #expect(visitor(["email": "e", "nickname": "n", "given_name": "g"]).name == "g")
        #expect(visitor(["name": "  ", "email": "e"]).name == "e")
        #expect(visitor(["name": 7, "preferred_username": "p"]).name == "p")
        #expect(visitor([:]).name == "42")
    }

    @Test("the start page for others links to each provider, and speaks of the development provider only if it runs")
    func welcome() throws {
        let html = text(pages.welcome([try choice(), try choice("Keycloak")]))
        #expect(html.components(separatedBy: "href=\"/login?provider=google\"").count == 3)
        #expect(!html.contains("development provider"))
        let development = text(
            Pages(isDevelopment: true, redirectURI: "http://localhost:8000/login/authorize").welcome([try choice()]))
        #expect(development.contains("development provider"))
        #expect(development.contains("one of three ready users"))
        #expect(development.contains("<code>http://localhost:8000/login/authorize</code>"))
    }

    @Test("a failure's page has its status, says what happened and what to do, and keeps the rest for the operator")
    func failurePage() throws {
        for code in LoginFailure.Code.allCases {
            let page = pages.failure(try failure(code))
            #expect(page.status == 400)
            let parts = text(page).components(separatedBy: "<details>")
            #expect(parts.count == 2)
            #expect(parts[0].contains("Summary") && parts[0].contains("remedy"))
            #expect(parts[0].contains("href=\"/login\">Try again</a>"))
            #expect(parts[1].contains("rule") && parts[1].contains("expected") && parts[1].contains("actual"))
            #expect(parts[1].contains(code.rawValue))
        }
        #expect(!text(pages.failure(try failure(retryPath: "/"))).contains("Try again"))
    }

    @Test("the logged-out page says whether the provider's session goes on")
    func loggedOut() {
        let nobody = LogoutOutcome(providerTitle: nil, providerSessionGoesOn: false, providerAddress: nil)
        #expect(text(pages.loggedOut(nobody)).contains("nobody to log out"))
        let both = LogoutOutcome(providerTitle: "Google", providerSessionGoesOn: false, providerAddress: nil)
        #expect(!text(pages.loggedOut(both)).contains("still logged in"))
        let here = LogoutOutcome(
            providerTitle: "Google", providerSessionGoesOn: true, providerAddress: "https://accounts.google.com")
        #expect(text(pages.loggedOut(here)).contains("You are still logged in at <bdi>Google</bdi>"))
        #expect(text(pages.loggedOut(here)).contains("href=\"https://accounts.google.com\""))
        #expect(text(pages.loggedOut(here)).contains("no way to log you out"))
        let unusable = LogoutOutcome(
            providerTitle: "Google", providerSessionGoesOn: true, providerAddress: nil, unusableEndpoint: "ftp://x")
        #expect(text(pages.loggedOut(unusable)).contains("ftp://x"))
        #expect(text(pages.loggedOut(unusable)).contains("END_SESSION_ENDPOINT"))
    }

    @Test("the page for who may not see one says who they are, what they lack, and which roles they have")
    func forbidden() throws {
        let page = pages.forbidden(
            AccessRefusal(
                issuer: try #require(Issuer("https://op.example")), subject: try #require(Subject("42")),
                claims: ["preferred_username": "ben"], roles: Set((0..<30).map { "role-\($0)" }),
                provider: try choice(), missing: [.role("admin")]))
        #expect(page.status == 403)
        let html = text(page)
        for part in ["<bdi>ben</bdi>", "<bdi>the role admin</bdi>", "<bdi>Google</bdi>", "role-0", "And 10 more"] {
            #expect(html.contains(part), "\(part)")
        }
    }

    @Test("a refused method's page names those that are known")
    func allow() {
        #expect(pages.methodNotAllowed(allow: "GET, HEAD").fields[.allow] == "GET, HEAD")
        #expect(pages.methodNotAllowed(allow: "GET, HEAD").status == 405)
        #expect(pages.notFound().status == 404)
    }
}
