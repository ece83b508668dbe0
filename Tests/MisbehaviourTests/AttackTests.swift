import HTTPMessages
import MisbehavingProvider
import ProgramSupport
import Testing

/// What takes more than one login, one browser or one provider.
@Suite("Attacks on the way through the browser, over the wire")
struct AttackTests {
    /// Plays with an app, ends it, and gives its log; it has to end well.
    private func with(
        _ app: DemoApp, _ play: (SmallBrowser, SmallBrowser) async throws -> Void
    ) async throws -> String {
        let browsers = (try SmallBrowser(), try SmallBrowser())
        let outcome: (any Error)?
        do {
            try await play(browsers.0, browsers.1)
            outcome = nil
        } catch {
            outcome = error
        }
        browsers.0.close()
        browsers.1.close()
        let (status, log) = await app.end()
        if let outcome { throw outcome }
        #expect(status == 0)
        #expect(app.provider.record.violations.isEmpty)
        return log
    }

    /// The callback of a login that this browser has begun.
    private func callback(_ browser: SmallBrowser, _ app: DemoApp) async throws -> String {
        let authorization = try #require(try await browser.send(app.origin + "/login").location)
        return try #require(try await browser.send(authorization).location)
    }

    @Test("one provider's answer to another's request is refused, and neither gets the code (RFC 9700 §4.4)")
    func mixUp() async throws {
        let app = try await DemoApp.start(at: .none, and: Misbehaviour.none)
        let second = try #require(app.second)
        let log = try await with(app) { browser, _ in
            let start = app.origin + "/login?provider=second"
            let asked = try #require(try await browser.send(start).location)
            // The second provider sends the browser on to the first, with the state that it was given.
            var request = FormParameters()
            for parameter in try FormParameters(parsing: asked.drop { $0 != "?" }.dropFirst()).parameters {
                let isRedirect = parameter.name == "redirect_uri"
                request.append(parameter.name, isRedirect ? app.origin + "/login/authorize" : parameter.value)
            }
            let authorization = "\(app.provider.issuer)/authorize?\(request.encoded)"
            let callback = try #require(try await browser.send(authorization).location)
            #expect(try await browser.send(callback).status == 400)
            #expect(try await !browser.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
        }
        #expect(log.contains("status=400 rule=authorizationResponse.redirectURI"))
        #expect(app.provider.record.requests == [.authorize])
        #expect(second.record.requests == [.discovery])
    }

    @Test("an answer that another browser brings logs nobody in")
    func anotherBrowser() async throws {
        let app = try await DemoApp.start(at: .none)
        let log = try await with(app) { attacker, victim in
            let planted = try await callback(attacker, app)
            #expect(try await victim.send(planted).status == 400)
            // The same while a login of its own is under way.
            _ = try await victim.send(app.origin + "/login")
            #expect(try await victim.send(planted).status == 400)
            #expect(try await !victim.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
        }
        #expect(log.contains("rule=transaction.cookie"))
        #expect(log.contains("rule=authorizationResponse.state"))
        #expect(app.provider.record.requests == [.discovery, .authorize])
    }

    @Test("a code of another login in a right answer is refused by the verifier")
    func injectedCode() async throws {
        let app = try await DemoApp.start(at: .none)
        let log = try await with(app) { attacker, victim in
            let stolen = try FormParameters(parsing: try await callback(attacker, app).drop { $0 != "?" }.dropFirst())
            let own = try await callback(victim, app)
            let code = try #require(stolen["code"])
            let injected = own.replacing(/code=[^&]*/, with: "code=\(code)")
            #expect(try await victim.send(injected).status >= 400)
            #expect(try await !victim.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
        }
        // This provider holds the code against the verifier first (RFC 7636 §4.6).
        #expect(log.contains("rule=tokenResponse.error.invalid_grant"))
        #expect(app.provider.record.requests == [.discovery, .authorize, .authorize, .token])
    }

    @Test("a code of another login is refused by the nonce where the provider checks no verifier")
    func injectedCodeWithoutPKCE() async throws {
        let app = try await DemoApp.start(at: .blindToVerifiers)
        let log = try await with(app) { attacker, victim in
            let stolen = try FormParameters(parsing: try await callback(attacker, app).drop { $0 != "?" }.dropFirst())
            let code = try #require(stolen["code"])
            let injected = try await callback(victim, app).replacing(/code=[^&]*/, with: "code=\(code)")
            #expect(try await victim.send(injected).status == 400)
            #expect(try await !victim.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
        }
        #expect(log.contains("rule=idToken.nonce"))
        #expect(app.provider.record.requests == [.discovery, .authorize, .authorize, .token, .keys])
    }

    @Test("an answer that comes again redeems no code again, whether it was right or wrong")
    func replay() async throws {
        for misbehaviour in [Misbehaviour.none, .claim("nonce", nil)] {
            let app = try await DemoApp.start(at: misbehaviour)
            let log = try await with(app) { browser, another in
                let callback = try await callback(browser, app)
                _ = try await browser.send(callback)
                let before = app.provider.record.requests
                _ = try await browser.send(callback)
                _ = try await another.send(callback)
                #expect(app.provider.record.requests == before)
                #expect(try await !another.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
            }
            #expect(log.contains("rule=transaction.singleUse"))
            #expect(app.provider.record.requests.count { $0 == .token } == 1)
        }
    }

    @Test("a provider that is mended logs in at the next try, without a restart")
    func mended() async throws {
        for endpoint in [Endpoint.token, .keys, .userInfo] {
            let app = try await DemoApp.start(
                at: .reply(endpoint) { reply, situation in if situation.login == 1 { reply.status = 503 } })
            _ = try await with(app) { browser, _ in
                let first = try await callback(browser, app)
                #expect(try await browser.send(first).status == 502)
                let second = try await callback(browser, app)
                #expect(try await browser.send(second).location == "/")
                #expect(try await browser.send(app.origin + "/").text.contains(MisbehavingProvider.subject))
            }
        }
    }
}
