import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

@Suite("An answer by form post")
struct FormPostTests {
    private static let callback = "/login/authorize"

    private static func world() throws -> World { try World { $0.options.responseMode = .formPost } }

    /// A POST that another site caused: the browser leaves `SameSite=Lax` cookies out.
    private func crossSitePost(_ form: FormParameters, from browser: PlayedBrowser) async throws -> HTTPResponse {
        let cookies = browser.applicationCookies
        browser.applicationCookies = [:]
        let answer = try await browser.send(.post, Self.callback, form: form.encoded)
        browser.applicationCookies = cookies.merging(browser.applicationCookies) { $1 }
        return answer
    }

    @Test("of another site goes once more through the browser, without the code in the address")
    func crossSite() async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let form = try await browser.formPost()
        let answer = try await crossSitePost(form, from: browser)
        #expect(answer.status == 303)
        let location = try #require(answer.fields[.location])
        #expect(location.hasPrefix("/login/authorize?posted="))
        #expect(!location.contains(try #require(form["code"])))
        #expect(!location.contains(try #require(form["state"])))
        #expect(answer.fields[.cacheControl] == "no-store")
        #expect(world.transport.paths.allSatisfy { !$0.contains("token") })
        #expect(try await browser.send(location).status == 303)
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("of a site of the same host is taken at once")
    func sameSite() async throws {
        let browser = PlayedBrowser(try Self.world())
        let form = try await browser.formPost()
        #expect(try await browser.send(.post, Self.callback, form: form.encoded).fields[.location] == "/")
        #expect(try await browser.text("/") != "nobody")
    }

    @Test("does not sign in another browser")
    func foreign() async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let answer = try await crossSitePost(try await browser.formPost(), from: browser)
        let other = PlayedBrowser(world)
        #expect(try await other.send(try #require(answer.fields[.location])).status == 400)
        #expect(world.failures.map(\.code) == [.noTransaction])
        #expect(try await other.text("/") == "nobody")
    }

    @Test("serves once")
    func replayed() async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let location = try #require(
            try await crossSitePost(try await browser.formPost(), from: browser).fields[.location])
        let cookies = browser.applicationCookies
        #expect(try await browser.send(location).status == 303)
        let copy = PlayedBrowser(world)
        copy.applicationCookies = cookies
        #expect(try await copy.send(location).status == 400)
        #expect(world.failures.map(\.code) == [.transactionUsed])
    }

    @Test("that was not sealed here is refused", arguments: ["posted=AAAA", "posted=", "posted=AAAA&posted=BBBB"])
    func unsealed(query: String) async throws {
        let world = try Self.world()
        #expect(try await PlayedBrowser(world).send("/login/authorize?" + query).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }

    @Test("cannot be mixed with an answer in the query")
    func mixed() async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let answer = try await crossSitePost(try await browser.formPost(), from: browser)
        let location = try #require(answer.fields[.location])
        #expect(try await browser.send(location + "&code=other").status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }

    @Test("is demanded where it was asked for: a code in the query is not redeemed")
    func codeByQuery() async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let form = try await browser.formPost()
        #expect(try await browser.send(Self.callback + "?" + form.encoded).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
        #expect(world.transport.paths.allSatisfy { !$0.contains("token") })
    }

    @Test("is refused where the query was asked for")
    func codeByForm() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let query = try #require(callback.firstIndex(of: "?").map { String(callback[callback.index(after: $0)...]) })
        #expect(try await browser.send(.post, Self.callback, form: query).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }

    @Test("with an error is shown, in both ways that it can come", arguments: [true, false])
    func refusal(byPost: Bool) async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let form = try await browser.formPost()
        let error: FormParameters = [
            "error": "login_required", "state": try #require(form["state"]), "iss": World.providerOrigin,
        ]
        let answer =
            byPost
            ? try await browser.send(try #require(try await crossSitePost(error, from: browser).fields[.location]))
            : try await browser.send(Self.callback + "?" + error.encoded)
        #expect(answer.status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.error.login_required"])
    }

    @Test(
        "that is malformed is refused at once",
        arguments: [
            "", "code=a", "code=a&code=b&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%zz",
            "code=a&error=b&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func malformed(body: String) async throws {
        let world = try Self.world()
        #expect(try await PlayedBrowser(world).send(.post, Self.callback, form: body).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }

    @Test("that does not say that it is a form is refused", arguments: ["text/plain", "application/json", nil])
    func otherMediaType(_ type: String?) async throws {
        let world = try Self.world()
        let browser = PlayedBrowser(world)
        let form = try await browser.formPost()
        var fields = HTTPFields()
        for (name, value) in browser.applicationCookies { fields.append(.cookie, "\(name)=\(value)") }
        if let type { fields.append(.contentType, type) }
        let request = try #require(
            HTTPRequest(method: .post, target: Self.callback, fields: fields, body: Array(form.encoded.utf8)))
        #expect(await world.answer(request, at: World.applicationOrigin, machine: 0).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }

    @Test("that is too long for an address is refused")
    func tooLong() async throws {
        let world = try Self.world()
        let body =
            "code=\(String(repeating: "%7E", count: 4000))&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "&iss=" + String(repeating: "i", count: 4000)
        #expect(try await PlayedBrowser(world).send(.post, Self.callback, form: body).status == 400)
        #expect(world.failures.map(\.rule) == ["authorizationResponse.form"])
    }
}
