import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("Forward authentication")
struct ForwardAuthTests {
    private static let rules =
        "/admin=role:admin; /Reports=role:staff|role:editor; /public=anyone; /public/not=nobody; /two=provider:two+login; /fresh=within:300; /=login"

    /// What asks: as nginx does, or as Traefik and Caddy do.
    enum Proxy: CaseIterable {
        case nginx
        case other

        func fields(_ uri: String, _ method: String) -> [(String, String)] {
            switch self {
            case .nginx: [("X-Original-URI", uri), ("X-Original-Method", method)]
            case .other:
                [
                    ("X-Forwarded-Uri", uri), ("X-Forwarded-Method", method), ("X-Forwarded-Host", "127.0.0.1:8000"),
                    ("X-Forwarded-Proto", "http"),
                ]
            }
        }
    }

    private func world(_ rules: String = rules, providers: [String] = ["oidc_entry"]) throws -> World {
        let rules = try ForwardAuthRules(rules)
        let proxies = try TrustedProxies("127.0.0.1")
        return try World(
            providers: providers,
            routes: { login, router in login.mountForwardAuth(on: &router, rules: rules, trusting: proxies) })
    }

    private func ask(
        _ browser: PlayedBrowser, _ uri: String, by proxy: Proxy = .nginx, method: String = "GET",
        peer: String = "127.0.0.1", more: [(String, String)] = [], only: [(String, String)]? = nil
    ) async throws -> HTTPResponse {
        var fields = HTTPFields()
        for (name, value) in browser.headers { fields.append(name, value) }
        for (name, value) in (only ?? proxy.fields(uri, method)) + more {
            fields.append(try #require(HTTPFields.Name(name)), value)
        }
        fields.append(.cookie, browser.applicationCookies.map { "\($0)=\($1)" }.joined(separator: "; "))
        let request = try #require(HTTPRequest(method: .get, target: "/auth", fields: fields, peerAddress: peer))
        return await browser.world.answer(request, at: World.applicationOrigin, machine: 0)
    }

    private func signedIn(_ world: World, user: Int = 0, _ path: String = "/login") async throws -> PlayedBrowser {
        let browser = PlayedBrowser(world)
        browser.user = user
        _ = try await browser.logIn(path)
        return browser
    }

    private func value(_ response: HTTPResponse, _ name: String) throws -> String? {
        response.fields[try #require(HTTPFields.Name("X-Auth-Request-" + name))]
    }

    @Test("lets pass who meets the rule, and says who they are", arguments: Proxy.allCases)
    func passes(proxy: Proxy) async throws {
        let browser = try await signedIn(try world())
        for path in [
            "/", "/a/b?c=d", "/admin", "/admin/", "/admin/x", "/%61dmin", "/adminx", "/public/x", "/caf%C3%A9",
        ] {
            let answer = try await ask(browser, path, by: proxy)
            #expect(answer.status == 202, "\(path)")
            #expect(answer.fields[.cacheControl] == "no-store")
            #expect(try value(answer, "User") == "7d1f6c0a-ada")
            #expect(try value(answer, "Issuer") == World.providerOrigin)
            #expect(try value(answer, "Provider") == "oidc_entry")
            #expect(try value(answer, "Email") == "ada@example.com")
            #expect(try value(answer, "Preferred-Username") == "ada")
            #expect(try value(answer, "Name") == "Ada%20Admin")
            #expect(try value(answer, "Groups") == "admin,user")
        }
    }

    @Test("refuses who does not", arguments: Proxy.allCases)
    func refuses(proxy: Proxy) async throws {
        let world = try world()
        let browser = try await signedIn(world, user: 1)
        for (path, status) in [
            ("/", 202), ("/Reports/1", 202), ("/admin", 403), ("/admin/x?y", 403), ("/%61dmin", 403),
            ("/public/not", 403),
            ("/two", 403), ("/public", 202),
        ] {
            #expect(try await ask(browser, path, by: proxy).status == status, "\(path)")
        }
        #expect(world.refusals.count == 5)
        let page = String(decoding: try await ask(browser, "/admin", by: proxy).body, as: UTF8.self)
        #expect(page.contains("the role admin") && page.contains("Ben Builder"))
    }

    /// Each is `/admin`, or something else, to some server.
    static let hostilePaths = [
        "//admin", "/admin//x", "/x//admin", "/./admin", "/admin/./", "/x/../admin", "/admin/..", "/public/../admin",
        "/public/%2e%2e/admin", "/public/.%2E/admin", "/public/..%2fadmin", "/admin%2Fx", "/public%2f..%2fadmin",
        "/public/..%5cadmin", "/public\\..\\admin", "/%5cadmin", "/ADMIN", "/Admin/x", "/adm%49n", "/reports",
        "/admin;x", "/admin;x=y/z", "/admin%3bx", "/public/..;/admin", "/%2561dmin", "/%252e%252e/admin", "/admin%00",
        "/admin%00.png", "/admin%0a", "/admin%0d%0aX-Auth-Request-User:%20root", "/admin%09", "/admin%7f",
        "/%c0%ae%c0%ae/admin",
        "/%c1%a1dmin", "/%e0%80%afadmin", "/admin%", "/admin%2", "/admin%zz", "/admin%u0061", "/admin#x", "admin", "",
        "http://127.0.0.1:8000/admin", "*", "/admin x", "/caf\u{E9}", "/\u{212A}",
        "/" + String(repeating: "a", count: 8192),
        // An ending that says the form, a dot or a space that is dropped, a mark that is decoded twice, a long s.
        "/admin.json", "/admin.json?x", "/Admin.JSON", "/admin.", "/admin./x", "/admin%20", "/admin%20/x",
        "/public/..%20/admin",
        "/public/.../admin", "/admin%3Fx", "/admin%3F", "/admin%23x", "/report%C5%BF", "/public.html",
        "/public/not.txt",
    ]

    @Test("keeps closed, even for an admin, what can be read in more than one way", arguments: hostilePaths)
    func hostile(path: String) async throws {
        let world = try world()
        for browser in [PlayedBrowser(world), try await signedIn(world)] {
            for proxy in Proxy.allCases {
                let answer = try await ask(browser, path, by: proxy)
                #expect(answer.status == 403)
                #expect(answer.fields.lines.allSatisfy { !$0.name.canonical.hasPrefix("x-auth-request-") })
            }
        }
    }

    @Test("without a rule for it, a path is nobody's")
    func noRule() async throws {
        let browser = try await signedIn(try world("/a=anyone"))
        #expect(try await ask(browser, "/a/x").status == 202)
        for path in ["/", "/b", "/ab", "/A"] { #expect(try await ask(browser, path).status == 403, "\(path)") }
    }

    @Test("a path with an ending can have a rule of its own beside the one without")
    func ending() async throws {
        for rules in ["/a=nobody; /a.css=anyone; /=login", "/a.css=anyone; /=login; /a=nobody"] {
            let browser = PlayedBrowser(try world(rules))
            #expect(try await ask(browser, "/a.css").status == 202)
            for path in ["/a", "/a.js", "/a.css.map", "/A.css", "/a.css.map/x"] {
                #expect(try await ask(browser, path).status != 202, "\(path)")
            }
            #expect(try await ask(browser, "/ab.css").status == 401)
        }
    }

    @Test("leads to the login and back who is not signed in: nginx is told the way, the others get the redirect")
    func login() async throws {
        let browser = PlayedBrowser(try world())
        let nginx = try await ask(browser, "/reading?a=b&c")
        #expect(nginx.status == 401)
        #expect(nginx.fields[.location] == nil)
        #expect(try value(nginx, "Redirect") == "/login?next=%2Freading%3Fa%3Db%26c")
        let other = try await ask(browser, "/reading?a=b&c", by: .other)
        #expect(other.status == 303)
        #expect(other.fields[.location] == "http://127.0.0.1:8000/login?next=%2Freading%3Fa%3Db%26c")
        let back = try await browser.logIn(try #require(try value(nginx, "Redirect")))
        #expect(back.fields[.location] == "/reading?a=b&c")
        #expect(try await ask(browser, "/reading?a=b&c").status == 202)
    }

    @Test("leads back to the start where the address is too long, or none of ours, to be carried")
    func noReturn() async throws {
        let browser = PlayedBrowser(try world())
        let long = "/reading?" + String(repeating: "a", count: 600)
        #expect(try value(try await ask(browser, long), "Redirect") == "/login")
        #expect(try value(try await ask(browser, "/reading?a=<"), "Redirect") == "/login")
    }

    @Test("tells scripts and forms with 401, and no redirect", arguments: Proxy.allCases)
    func scripts(proxy: Proxy) async throws {
        let browser = PlayedBrowser(try world())
        let form = try await ask(browser, "/", by: proxy, method: "POST")
        browser.headers = [(.accept, "application/json"), (.secFetchMode, "cors"), (.secFetchDest, "empty")]
        for answer in [form, try await ask(browser, "/", by: proxy)] {
            #expect(answer.status == 401)
            #expect(answer.fields[.location] == nil)
            #expect(try value(answer, "Redirect") == nil)
        }
    }

    @Test("demands another provider or a newer login by the rules")
    func stepUp() async throws {
        let world = try world(providers: ["one", "two"])
        let browser = PlayedBrowser(world)
        #expect(try value(try await ask(browser, "/two"), "Redirect") == "/login?provider=two&next=%2Ftwo")
        _ = try await browser.logIn("/login?provider=one")
        #expect(try await ask(browser, "/two").status == 403)
        _ = try await browser.logIn("/login?provider=two")
        #expect(try await ask(browser, "/two").status == 202)
        #expect(try await ask(browser, "/fresh").status == 202)
        world.clock.value += 1000
        #expect(
            try value(try await ask(browser, "/fresh"), "Redirect") == "/login?provider=two&next=%2Ffresh&max_age=300")
    }

    @Test("believes trusted proxies only", arguments: ["10.0.0.1", "", "nonsense", "::1"])
    func peer(_ peer: String) async throws {
        let browser = try await signedIn(try world())
        #expect(try await ask(browser, "/public", peer: peer).status == 403)
    }

    @Test("refuses a question that is not asked once and without contradiction")
    func contradictions() async throws {
        let browser = try await signedIn(try world())
        let uri = [("X-Original-URI", "/public")]
        let method = [("X-Original-Method", "GET")]
        for fields in [
            [], uri, method, uri + method + [("X-Forwarded-Uri", "/admin")], uri + uri + method, uri + method + method,
            [("X-Forwarded-Uri", "/public")] + method, uri + [("X-Forwarded-Method", "GET")],
            uri + method + [("X-Forwarded-Host", "127.0.0.1:8000"), ("X-Forwarded-Host", "127.0.0.1:8000")],
        ] {
            #expect(try await ask(browser, "", only: fields).status == 403, "\(fields)")
        }
        #expect(try await ask(browser, "", only: uri + method).status == 202)
    }

    /// Spellings of fields of ours that are the same fields to CGI, PHP, WSGI, Rack or the like.
    static let aliases: [String] =
        "!#$%&'*+._`|~".map { "X\($0)Auth\($0)Request\($0)User" } + [
            "X*Auth*Request*Groups", "x_auth_request_groups", "X-Auth-Request_Email", "X-Auth.Request-Issuer",
            "X_Auth-Request-Provider", "X-Auth-Request-Preferred_Username", "X-Auth-Request~Name",
            "X--Auth-Request-User",
            "X-_-Auth-Request-User", "X-Auth-Request-User_", "_X-Auth-Request-User", "XAuthRequestUser",
            "X_Auth_Request_Redirect", "X_Original_URI", "X_Original_URL", "X.Rewrite.Url", "X_Real_IP",
            "X_Forwarded_Prefix", "X.Original.Method", "X+Forwarded+Uri", "X_Forwarded_Method",
            "X_Forwarded_Host", "X.Forwarded.Proto", "X_FORWARDED_FOR", "Forwarded_", "X_Request_Id",
        ]

    @Test("refuses a field that the site could take for one of ours, whoever asks and whatever for", arguments: aliases)
    func alias(_ name: String) async throws {
        let world = try world()
        for browser in [PlayedBrowser(world), try await signedIn(world)] {
            for proxy in Proxy.allCases {
                let answer = try await ask(browser, "/public", by: proxy, more: [(name, "root")])
                #expect(answer.status == 403)
                #expect(answer.fields.lines.allSatisfy { !$0.name.canonical.hasPrefix("x-auth-request-") })
                #expect(String(decoding: answer.body, as: UTF8.self).contains("another spelling"))
            }
        }
    }

    @Test(
        "passes a client's field that is spelled exactly so, in any case, since the proxy overwrites it, and others",
        arguments: [
            "X-Auth-Request-User", "x-auth-request-groups", "X-AUTH-REQUEST-EMAIL", "X-Request-Id", "X_Custom",
            "X-Auth-Request-User-Agent", "X-Auth-Requests", "X.Auth.Request",
        ])
    func noAlias(_ name: String) async throws {
        let browser = try await signedIn(try world())
        #expect(try await ask(browser, "/public", more: [(name, "root-1234")]).status == 202)
    }

    @Test(
        "refuses a request whose Connection, or Trailer, names a field of ours: the next hop would take it away",
        arguments: [
            ("Connection", "X-Auth-Request-Groups"), ("Connection", "close, x-auth-request-groups"),
            ("connection", "keep-alive,\tX-AUTH-REQUEST-USER ,upgrade"), ("Connection", "X_Auth_Request_Groups"),
            ("Connection", "X-Forwarded-Uri"), ("Trailer", "X-Auth-Request-User"),
        ])
    func connectionOption(_ name: String, _ value: String) async throws {
        let browser = try await signedIn(try world())
        let answer = try await ask(browser, "/public", more: [("Connection", "close"), (name, value)])
        #expect(answer.status == 403)
        for harmless in ["close", "keep-alive, Upgrade", "", ",", "X-Other"] {
            #expect(try await ask(browser, "/public", more: [(name, harmless)]).status == 202)
        }
    }

    @Test("protects its own host only", arguments: ["evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", ""])
    func host(_ host: String) async throws {
        let browser = try await signedIn(try world())
        #expect(try await ask(browser, "/public", more: [("X-Forwarded-Host", host)]).status == 403)
    }

    @Test("says nothing of nobody")
    func nobody() async throws {
        let answer = try await ask(PlayedBrowser(try world()), "/public")
        #expect(answer.status == 202)
        for name in ["User", "Issuer", "Provider", "Email", "Preferred-Username", "Name", "Groups"] {
            #expect(try value(answer, name) == nil)
        }
    }

    @Test("says what came from a provider in visible ASCII, within bounds, or not at all")
    func values() async throws {
        let world = try world()
        world.alter("/userinfo") { claims in
            claims["name"] = "Zoë\r\nX-Auth-Request-User: root\u{0}\u{202E} 100%"
            claims["email"] = .string(String(repeating: "a", count: 257))
            claims["preferred_username"] = ["root"]
            claims["roles"] = .array(["a,admin", "é"] + (0..<500).map { .string("role-\($0)") })
        }
        let answer = try await ask(try await signedIn(world), "/")
        #expect(answer.status == 202)
        #expect(
            try value(answer, "Name") == "Zo%C3%AB%0D%0AX-Auth-Request-User:%20root%00%E2%80%AE%20100%25")
        #expect(try value(answer, "Email") == nil)
        #expect(try value(answer, "Preferred-Username") == nil)
        let groups = try #require(try value(answer, "Groups"))
        #expect(groups.hasPrefix("a%2Cadmin,role-0,"))
        #expect(groups.utf8.count <= 2000)
        #expect(!groups.split(separator: ",").contains("admin"))
    }

    @Test(
        "hands on no e-mail address of which the provider does not say that it is verified",
        arguments: [false, "false", nil, "yes", 1] as [JSONValue?])
    func unverified(_ isVerified: JSONValue?) async throws {
        let world = try world()
        world.alter("/userinfo") { $0["email_verified"] = isVerified }
        #expect(try value(try await ask(try await signedIn(world), "/"), "Email") == nil)
    }

    @Test(
        "takes no rule that it cannot read",
        arguments: [
            "", ";", "/", "admin=login", "/a=", "/a=logn", "/a=role:", "/a=role", "/a=login|", "/a=+login",
            "/a=anyone|login",
            "/a//b=login", "/a/../b=login", "/a%20=login", "/a=login; /a/=nobody", "/a=login; /A=nobody", "/a=within:x",
            "/a=within:", "/a=within:1234567890", "/a=provider:a b", "/a=claim:x", "/a=claim:=x", "/a=acr:a b",
        ])
    func malformedRules(_ text: String) {
        #expect(throws: ForwardAuthRulesError.self) { try ForwardAuthRules(text) }
    }

    @Test("reads + closer than |, and claims with their types")
    func combined() async throws {
        let world = try world(
            "/a=role:nobody|role:admin+claim:email_verified=true; /b=role:admin+role:nobody|login; /c=claim:email_verified=\"true\"; /d=role:admin+role:nobody|role:nobody"
        )
        let browser = try await signedIn(world)
        #expect(try await ask(browser, "/a").status == 202)
        #expect(try await ask(browser, "/b").status == 202)
        #expect(try await ask(browser, "/c").status == 403)
        #expect(try await ask(browser, "/d").status == 403)
    }
}
