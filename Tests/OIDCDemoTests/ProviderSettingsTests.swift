import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Testing
import WebLogin

@testable import OIDCDemo

@Suite("Settings of a provider's own")
struct ProviderSettingsTests {
    private static let google = "https://accounts.google.com"
    private static let entra = "https://login.microsoftonline.com/organizations/v2.0"
    private static let tenant = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"

    private static func environment(_ issuer: String, _ more: [String: String]) -> [String: String] {
        [
            "HOME": "/home/somebody", "CLIENT_ID": "app", "CLIENT_SECRET": "s3cret",
            "SERVER_METADATA_URL": issuer + "/.well-known/openid-configuration",
        ].merging(more) { $1 }
    }

    private func settings(_ issuer: String, _ more: [String: String] = [:]) throws -> ProviderSettings {
        try #require(try Configuration(environment: Self.environment(issuer, more)).providers.first)
    }

    /// The settings that have a problem.
    private func problems(_ issuer: String, _ more: [String: String] = [:]) -> [String] {
        do {
            _ = try Configuration(environment: Self.environment(issuer, more))
            return []
        } catch {
            return error.problems.map { "\($0.code) \($0.setting)" }
        }
    }

    @Test("the kind is the address's, or the one that is set")
    func kind() throws {
        #expect(try settings(Self.google).specifics.kind == .google)
        #expect(try settings("https://sso.example.org", ["PROVIDER_KIND": "Keycloak"]).specifics.kind == .keycloak)
        #expect(problems(Self.google, ["PROVIDER_KIND": "gogle"]) == ["malformed PROVIDER_KIND"])
    }

    @Test("a hosted domain is Google's, and one domain")
    func hostedDomain() throws {
        #expect(try settings(Self.google, ["HOSTED_DOMAIN": "Example.org"]).specifics.hostedDomain == "example.org")
        #expect(problems(Self.google, ["HOSTED_DOMAIN": "*"]) == ["malformed HOSTED_DOMAIN"])
        #expect(problems("https://op.example", ["HOSTED_DOMAIN": "example.org"]) == ["conflicting HOSTED_DOMAIN"])
    }

    @Test("trusted audiences stand with spaces or commas between them")
    func trustedAudiences() throws {
        let issuer = "https://op.example"
        #expect(try settings(issuer).specifics.trustedAudiences.isEmpty)
        let set = try settings(issuer, ["TRUSTED_AUDIENCES": "318532@project, sister https://api.example"])
        #expect(set.specifics.trustedAudiences == ["318532@project", "sister", "https://api.example"])
        for text in [",", "é", "a\tb"] {
            #expect(problems(issuer, ["TRUSTED_AUDIENCES": text]) == ["malformed TRUSTED_AUDIENCES"])
        }
    }

    @Test("an address for every organisation needs a word on whose users may come")
    func tenants() throws {
        #expect(problems(Self.entra) == ["missing ALLOWED_TENANTS"])
        #expect(try settings(Self.entra, ["ALLOWED_TENANTS": "*"]).specifics.tenants == .every)
        let one = try #require(TenantID(Self.tenant))
        #expect(
            try settings(Self.entra, ["ALLOWED_TENANTS": Self.tenant.uppercased()]).specifics.tenants == .only([one]))
        for text in ["contoso.com", "\(Self.tenant),", "*,\(Self.tenant)"] {
            #expect(problems(Self.entra, ["ALLOWED_TENANTS": text]) == ["malformed ALLOWED_TENANTS"])
        }
        #expect(problems(Self.google, ["ALLOWED_TENANTS": "*"]) == ["conflicting ALLOWED_TENANTS"])
        let other = ["ALLOWED_TENANTS": "*", "PROVIDER_KIND": "other"]
        #expect(problems(Self.entra, other) == ["conflicting ALLOWED_TENANTS"])
    }

    @Test("Apple's secret is made of a team, a key's identifier and its file, or is given")
    func apple() throws {
        let apple = "https://appleid.apple.com"
        #expect(try settings(apple).options.responseMode == .formPost)
        #expect(try settings(apple).specifics.appleTeamID == nil)
        #expect(
            problems(apple, ["CLIENT_SECRET": ""]).filter { $0 != "missing CLIENT_SECRET" }
                == ["missing APPLE_TEAM_ID", "missing APPLE_KEY_ID", "missing CLIENT_KEY_FILE"])
        #expect(problems("https://op.example", ["APPLE_TEAM_ID": "ABCDE12345"]) == ["conflicting APPLE_TEAM_ID"])
        let both = ["APPLE_TEAM_ID": "ABCDE12345", "APPLE_KEY_ID": "KEY1234567"]
        #expect(problems(apple, both) == ["missing CLIENT_KEY_FILE", "conflicting CLIENT_SECRET"])
    }

    @Test("addresses may be plain http on a closed network only where that is said")
    func endpoints() throws {
        let inside = "http://keycloak:8080/token"
        #expect(problems("https://op.example", ["TOKEN_ENDPOINT": inside]) == ["malformed TOKEN_ENDPOINT"])
        let settings = try settings(
            "http://keycloak:8080/realms/a",
            ["TOKEN_ENDPOINT": inside, "ISSUER": "http://localhost:8080/realms/a", "PLAIN_HTTP": "on"])
        #expect(settings.specifics.endpoints.tokenEndpoint?.string == inside)
        #expect(settings.serverMetadata.issuers.map(\.string) == ["http://localhost:8080/realms/a"])
        #expect(settings.serverMetadata.url.host == "keycloak")
        #expect(problems("http://keycloak:8080/realms/a") == ["malformed SERVER_METADATA_URL"])
    }

    @Test("domains of e-mail addresses are domains", arguments: ["a@b", "example.org,", "exämple.org", "a b"])
    func emailDomains(_ text: String) {
        #expect(problems(Self.google, ["EMAIL_DOMAINS": text]) == ["malformed EMAIL_DOMAINS"])
    }

    @Test("a logo is a small picture, and an SVG runs nothing where it is opened by itself")
    func logo() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "logo-\(UInt64.random(in: 0 ... .max))"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        try write("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")
        let logo = try #require(try settings(Self.google, ["LOGO": path]).specifics.logo)
        let file = logo.file(of: try #require(ProviderName("google")))
        let request = try #require(HTTPRequest(method: .get, target: file.versionedPath))
        let answer = file.response(to: request)
        #expect(file.path == "/logos/google")
        #expect(answer.fields[.contentType] == "image/svg+xml")
        let policy = try #require(answer.fields[.contentSecurityPolicy])
        #expect(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script"))
        for text in ["", "<html></html>", "<svg/>" + String(repeating: " ", count: 65_531)] {
            try write(text)
            #expect(problems(Self.google, ["LOGO": path]) == ["unusable LOGO"])
        }
        #expect(problems(Self.google, ["LOGO": path + "-none"]) == ["unusable LOGO"])
    }

    @Test("the chooser shows pictures and asks for an address, and its form may lead on")
    func chooser() throws {
        let pages = Pages(isDevelopment: false, redirectURI: "https://app.example/login/authorize")
        let name = try #require(ProviderName("a"))
        let choice = ProviderChoice(
            name: name, title: "A & B", loginPath: "/login?provider=a", logoPath: "/logos/a?v=1")
        let page = pages.chooser(
            [choice], email: EmailField(action: "/login", hidden: ["next": "/\"><x"], isUnknown: true))
        let html = String(decoding: page.body, as: UTF8.self)
        #expect(html.contains("<img class=\"logo\" src=\"/logos/a?v=1\" alt=\"\""))
        #expect(html.contains("A &amp; B"))
        #expect(html.contains("<label for=\"email\">"))
        #expect(!html.contains("<x"))
        #expect(html.contains("No provider here has that address"))
        #expect(page.fields[.contentSecurityPolicy]?.contains("form-action 'self' https:") == true)
        let plain = String(decoding: pages.chooser([choice]).body, as: UTF8.self)
        #expect(!plain.contains("<form"))
    }
}
