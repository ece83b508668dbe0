import JOSE
import OpenIDConnect
import ProgramSupport
import Sessions
import TestSupport
import Testing
import WebLogin

@testable import ProtectedPage
@testable import TwoProviders

@Suite("The example of protected pages")
struct ProtectedPageTests {
    private func with(_ play: (PlayedSite) async throws -> Void) async throws {
        let site = try PlayedSite(clients: [("app", "secret-of-the-app", "/login/authorize")]) { login, metadata in
            try login.register(
                "idp", clientID: "app", clientSecret: "secret-of-the-app", serverMetadataURL: metadata[0])
            return ProtectedPage.pages(login)
        }
        let outcome: (any Error)?
        do {
            try await play(site)
            outcome = nil
        } catch {
            outcome = error
        }
        await site.close()
        if let outcome { throw outcome }
    }

    @Test("shows the first page to everybody, and leads who wants more to the login and back")
    func login() async throws {
        try await with { site in
            #expect(try await site.browser.send(site.origin + "/").text.hasPrefix("For everybody."))
            let asked = try await site.browser.send(site.origin + "/me")
            #expect(asked.status == 303)
            let way = try #require(asked.location)
            #expect(try await site.browser.logIn(at: site.origin, way).hasPrefix("You are "))
        }
    }

    @Test("lets an admin in and tells others that they lack the role")
    func role() async throws {
        try await with { site in
            _ = try await site.browser.logIn(at: site.origin, user: 0)
            #expect(try await site.browser.send(site.origin + "/admin").text == "For admins.\n")
        }
        try await with { site in
            _ = try await site.browser.logIn(at: site.origin, user: 1)
            let answer = try await site.browser.send(site.origin + "/admin")
            #expect(answer.status == 403)
            #expect(!answer.text.contains("For admins."))
            #expect(try await site.browser.send(site.origin + "/me").status == 200)
        }
    }
}

@Suite("The example of two providers")
struct TwoProvidersTests {
    @Test("asks where to log in, keeps the same name at two providers apart, and has a page for one of them")
    func both() async throws {
        let site = try PlayedSite(
            clients: [
                ("YOUR_CLIENT_ID", "YOUR_CLIENT_SECRET", "/login/authorize"),
                ("YOUR_OTHER_CLIENT_ID", "YOUR_OTHER_CLIENT_SECRET", "/login/authorize/staff"),
            ]
        ) { login, metadata in
            try TwoProviders.register(at: login, customers: metadata[0], staff: metadata[1])
            return TwoProviders.pages(login)
        }
        do {
            let chooser = try await site.browser.send(site.origin + "/login")
            #expect(chooser.status == 200 && chooser.text.contains("Google") && chooser.text.contains("Our staff"))
            let customer = try await site.browser.logIn(at: site.origin, "/login?provider=google")
            let staff = try await site.browser.send(site.origin + "/staff")
            #expect(staff.status == 403)
            let other = try SmallBrowser()
            let member = try await other.logIn(at: site.origin, "/login?provider=staff")
            #expect(customer.contains(", by google.") && member.contains(", by staff."))
            let subject = { (text: String) in text.prefix { $0 != "," }.split(separator: " ").dropFirst(2).first }
            #expect(subject(customer) == subject(member) && customer != member)
            #expect(try await other.send(site.origin + "/staff").text == "For staff.\n")
            other.close()
        } catch {
            await site.close()
            throw error
        }
        await site.close()
    }
}

@Suite("The example of eight providers")
struct ProvidersTests {
    @Test("registers each, and knows each by its address")
    func all() async throws {
        let login = try WebLogin(
            publicURL: "http://localhost:8000", secretKeys: .generated(), sessions: MemorySessionStore(),
            transport: ScriptedTransport { _ in throw TransportError(.unreachable, origin: "", detail: "") })
        let scratch = try Scratch()
        let key = try ClientKeyFile(
            path: try scratch.write(Self.key, to: "key.json"), algorithm: .es256, keyID: "KEY1234567")
        for register in [
            Providers.google, Providers.keycloak, Providers.entra, { try Providers.apple(at: $0, key: key) },
            Providers.okta, Providers.auth0, Providers.lsLogin, Providers.gitLab,
        ] { try register(login) }
        #expect(
            login.choices.map(\.kind) == [.google, .keycloak, .entra, .apple, .okta, .auth0, .lsLogin, .gitLab])
    }

    /// A key of RFC 7515's appendix A.3.
    private static let key = """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}
        """
}
