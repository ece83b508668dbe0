import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("A provider of a kind")
struct ProviderPresetTests {
    /// The parameters of an authorization request.
    private func request(_ world: World, _ path: String = "/login") async throws -> FormParameters {
        let begun = try await PlayedBrowser(world).send(path)
        let url = try #require(begun.fields[.location])
        return try FormParameters(parsing: url[url.index(after: try #require(url.firstIndex(of: "?")))...])
    }

    @Test(
        "is asked for scopes that it knows",
        arguments: [
            (ProviderKind.google, "openid profile email"), (.apple, "openid email name"),
            (.keycloak, "openid profile email roles"), (.other, "openid profile email roles"),
            (.okta, "openid profile email"), (.gitLab, "openid profile email"),
        ])
    func scopes(_ kind: ProviderKind, _ scope: String) async throws {
        let world = try World(kind: kind)
        world.alter("/.well-known/openid-configuration") { $0["scopes_supported"] = ["openid", "roles", "x"] }
        #expect(try await request(world)["scope"] == scope)
    }

    @Test("is asked for the scopes that were set, whatever is usual")
    func ownScopes() async throws {
        let world = try World(kind: .apple) {
            $0.scopes = [.openid]
            $0.options.responseMode = .query
        }
        let sent = try await request(world)
        #expect(sent["scope"] == "openid")
        #expect(sent["response_mode"] == nil)
    }

    @Test("is known by its address where none was said")
    func known() throws {
        let world = try World()
        try world.login.register(
            "google", clientID: "app", clientSecret: "canary",
            serverMetadataURL: "https://accounts.google.com/.well-known/openid-configuration")
        #expect(world.login.choices.map(\.kind) == [.other, .google])
    }

    @Test("at Google, an organisation is asked for and then demanded")
    func hostedDomain() async throws {
        let world = try World(kind: .google) { $0.restrict(toHostedDomain: "example.org") }
        #expect(try await request(world)["hd"] == "example.org")
        let browser = PlayedBrowser(world)
        #expect(try await browser.logIn().status == 400)
        #expect(world.failures.map(\.rule) == ["idToken.requiredClaims"])
        #expect(world.failures.first?.cause == .idToken(.requiredClaims))
        #expect(try await browser.text("/") == "nobody")
    }

    @Test(
        "gives refresh tokens in its own way",
        arguments: [(ProviderKind.google, "offline"), (.okta, nil), (.apple, nil)] as [(ProviderKind, String?)])
    func refreshTokens(_ kind: ProviderKind, _ accessType: String?) async throws {
        let world = try World(kind: kind) { $0.requestRefreshTokens() }
        let sent = try await request(world)
        #expect(sent["access_type"] == accessType)
        #expect(sent["prompt"] == (kind == .google ? "consent" : nil))
        #expect(sent["scope"]?.contains("offline_access") == (kind == .okta))
    }

    @Test("has its roles where it puts them")
    func roles() throws {
        let client = try #require(ClientID("app"))
        let keycloak: JSONObject = [
            "realm_access": ["roles": ["admin"]],
            "resource_access": ["app": ["roles": ["editor"]], "other": ["roles": ["root"]]],
        ]
        #expect(ProviderKind.keycloak.usualRoles(of: client).roles(in: keycloak) == ["admin", "app:editor"])
        // Whoever has an account at GitLab can make a group that is called like somebody's role.
        let gitLab: JSONObject = [
            "groups": ["a", "admin"], "groups_direct": ["a", "staff"], "https://gitlab.org/claims/groups/owner": ["b"],
        ]
        #expect(
            ProviderKind.gitLab.usualRoles(of: client).roles(in: gitLab) == [
                "group:a", "group:admin", "group:staff", "owner:b",
            ])
        #expect(ProviderKind.google.usualRoles(of: client).roles(in: keycloak).isEmpty)
    }
}

@Suite("The name beside a login at Apple")
struct AppleUserTests {
    private static let ada = #"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"evil@example.com"}"#

    /// Logs in with this `user` field, through the POST of another site: gives the session.
    private func session(
        _ user: [String], kind: ProviderKind = .apple, mode: ResponseMode = .formPost, named: Bool = false
    ) async throws -> LoginSession {
        let found = Mutexed<LoginSession?>(nil)
        let world = try World(
            kind: kind,
            configure: {
                $0.options.responseMode = mode
                $0.scopes = named ? [.openid, .profile] : [.openid]
            },
            routes: { login, router in
                router.add(.get, "/who") { request in
                    found.value = try? await login.session(of: request)
                    return .text("")
                }
            })
        let browser = PlayedBrowser(world)
        if mode == .query {
            var address = try await browser.callback()
            for user in user { address += "&user=" + FormEncoding.encode(user) }
            #expect(try await browser.send(address).status == 303)
        } else {
            var form = try await browser.formPost()
            for user in user { form.append("user", user) }
            let cookies = browser.applicationCookies
            browser.applicationCookies = [:]
            let answer = try await browser.send(.post, "/login/authorize", form: form.encoded)
            browser.applicationCookies = cookies
            #expect(try await browser.send(try #require(answer.fields[.location])).status == 303)
        }
        _ = try await browser.send("/who")
        return try #require(found.value)
    }

    @Test("is kept as a name to call somebody by, and makes no claim")
    func kept() async throws {
        let session = try await session([Self.ada])
        #expect(session.unverifiedName == "Ada Lovelace")
        #expect(session.name == "Ada Lovelace")
        #expect(session.claims["name"] == nil)
        #expect(session.email == nil)
    }

    @Test("never goes before a name that is signed")
    func signedName() async throws {
        let session = try await session([Self.ada], named: true)
        #expect(session.claims["name"] != nil)
        #expect(session.name == session.claims["name"]?.string)
        #expect(session.name != "Ada Lovelace")
    }

    @Test(
        "is left out where it is anything else, and the login goes on",
        arguments: [
            "", "{", "[]", "null", #""Ada""#, #"{"name":"Ada"}"#, #"{"name":{}}"#, #"{"name":{"firstName":7}}"#,
            #"{"name":{"firstName":""}}"#, #"{"name":{"firstName":"<script>alert(1)</script>"}}"#,
            #"{"name":{"firstName":"a\u202Eb"}}"#, #"{"name":{"firstName":"a\u0000b"}}"#,
            #"{"name":{"firstName":"a\nb"}}"#, #"{"name":{"firstName":"a"},"name":{"firstName":"b"}}"#,
            #"{"name":{"firstName":"\#(String(repeating: "a", count: 65))"}}"#,
            #"{"name":{"firstName":"a"},"more":"\#(String(repeating: "a", count: 2000))"}"#,
        ])
    func refused(_ user: String) async throws { #expect(try await session([user]).unverifiedName == nil) }

    @Test("is left out where it comes twice, from another kind of provider, or in an address")
    func elsewhere() async throws {
        #expect(try await session([Self.ada, Self.ada]).unverifiedName == nil)
        #expect(try await session([Self.ada], kind: .other).unverifiedName == nil)
        #expect(try await session([Self.ada], mode: .query).unverifiedName == nil)
    }

    @Test("of a megabyte is no answer at all")
    func megabyte() async throws {
        let world = try World(kind: .apple)
        let browser = PlayedBrowser(world)
        var form = try await browser.formPost()
        form.append("user", String(repeating: "a", count: 1 << 20))
        #expect(try await browser.send(.post, "/login/authorize", form: form.encoded).status == 400)
        #expect(world.failures.map(\.code) == [.malformedCallback])
    }
}

@Suite("A login by e-mail domain")
struct EmailDomainTests {
    private static func world(kind: ProviderKind? = nil) throws -> World {
        try World(providers: ["first", "second"], kind: kind) { registration in
            if registration.name.string == "second" {
                registration.emailDomains = Set(["example.org", "example.net"].compactMap { EmailDomain($0) })
            }
        }
    }

    @Test("goes to the provider that has the domain, in any case, with the hint")
    func found() async throws {
        let browser = PlayedBrowser(try Self.world())
        let answer = try await browser.send("/login?login_hint=Ada%40Example.ORG")
        let location = try #require(answer.fields[.location])
        #expect(location.contains("login%2Fauthorize%2Fsecond"))
        #expect(location.contains("login_hint=Ada%40Example.ORG"))
        #expect(!location.contains("domain_hint"))
    }

    @Test("tells Entra the domain, of addresses that are known only")
    func domainHint() async throws {
        let browser = PlayedBrowser(try Self.world(kind: .entra))
        let known = try await browser.send("/login?login_hint=ada%40example.org").fields[.location]
        #expect(known?.contains("domain_hint=example.org") == true)
        let other = try await browser.send("/login?provider=second&login_hint=ada%40elsewhere.org").fields[.location]
        #expect(other?.contains("domain_hint") == false)
    }

    @Test(
        "leaves the choice to the user where no provider has the domain",
        arguments: [
            "ada@elsewhere.org", "example.org", "@example.org", "ada@", "ada@sub.example.org", "ada@example.org.",
        ])
    func unknown(_ address: String) async throws {
        let browser = PlayedBrowser(try Self.world())
        let path = "/login?max_age=60&next=%2Fprivate&login_hint=" + FormEncoding.encode(address)
        let page = try await browser.send(path)
        #expect(page.status == 200)
        let html = String(decoding: page.body, as: UTF8.self)
        #expect(html.contains("name=\"login_hint\""))
        #expect(html.contains("name=\"next\" value=\"/private\""))
        #expect(html.contains("name=\"max_age\" value=\"60\""))
        #expect(html.contains("provider=first&amp;next=%2Fprivate"))
        #expect(html.contains("No provider here has that address"))
        #expect(html.contains("login_hint=" + htmlEscaped(FormEncoding.encode(address))))
    }

    @Test("is not offered where no provider has domains")
    func notOffered() async throws {
        let html = try await PlayedBrowser(try World(providers: ["a", "b"])).text("/login")
        #expect(!html.contains("login_hint"))
    }

    @Test("a named provider goes before the domain")
    func named() async throws {
        let answer = try await PlayedBrowser(try Self.world()).send(
            "/login?provider=first&login_hint=ada%40example.org")
        #expect(answer.fields[.location]?.contains("authorize%2Fsecond") == false)
    }
}
