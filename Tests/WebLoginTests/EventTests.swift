import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

@Suite("What an application hears of its logins")
struct EventTests {
    /// The ends of sessions so far: by what, and whose.
    private func logouts(_ world: World) -> [String] {
        world.events.value.compactMap { event in
            guard case .loggedOut(let provider, let cause, let issuer, let subject) = event else { return nil }
            #expect(provider?.name.string == "oidc_entry")
            #expect(issuer?.string == World.providerOrigin)
            return "\(cause) \(subject?.string ?? "nil")"
        }
    }

    private static let ada = "7d1f6c0a-ada"

    @Test("a login is told with how the provider authenticated the user")
    func finished() async throws {
        let key = try SigningKey.generate(.es256, keyID: "k")
        let world = try World()
        world.alteration.value = { request, answer in
            guard var object = try? JSONObject(parsing: answer.body) else { return answer }
            switch request.url.path {
            case "/jwks": object["keys"] = JWKSet(keys: [key.publicJWK]).json["keys"]
            case "/token":
                guard let token = object["id_token"]?.string,
                    let bytes = try? Base64URL.decode(String(token.split(separator: ".")[1])),
                    var claims = try? JSONObject(parsing: bytes)
                else { return answer }
                claims["acr"] = "gold"
                claims["amr"] = ["pwd", 7, "otp"]
                claims["at_hash"] = nil
                let signed = try? key.sign(payload: JSONValue.object(claims).serialized(), type: nil)
                object["id_token"] = signed.map { .string($0) }
            default: return answer
            }
            return .json(JSONValue.object(object).text)
        }
        _ = try await PlayedBrowser(world).logIn()
        let finished = world.events.value.compactMap { event in
            if case .finished(_, _, let subject, let authentication) = event { (subject, authentication) } else { nil }
        }
        #expect(finished.count == 1)
        let (subject, authentication) = try #require(finished.first)
        #expect(subject.string == Self.ada)
        #expect(authentication.acr == "gold")
        #expect(authentication.amr == ["pwd", "otp"])
        #expect(authentication.time == world.clock.value)
    }

    @Test("the end of a session is told with who ended it")
    func byUser() async throws {
        let world = try World()
        let (here, there) = (PlayedBrowser(world), PlayedBrowser(world))
        _ = try await here.logIn()
        world.clock.value += 60
        _ = try await there.logIn()
        let newest = try await here.text("/sessions").prefix { $0 != " " }
        _ = try await here.send(.post, "/sessions/end", form: "session=\(newest)")
        _ = try await here.send(.post, "/sessions/end-all")
        _ = try await here.send(.post, "/sessions/end-all")
        _ = try await here.logIn()
        _ = try await here.send(.post, "/logout")
        _ = try await here.send(.post, "/logout")
        #expect(logouts(world) == ["list \(Self.ada)", "everywhere \(Self.ada)", "user \(Self.ada)"])
    }

    @Test("so is one by the provider, and one that ended nothing is not")
    func byProvider() async throws {
        let provider = try LogoutProvider()
        let world = provider.world
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let sid = try await provider.sessionID(of: browser)
        #expect(try await provider.send(["sid": .string(sid), "sub": .string(Self.ada)]).status == 200)
        let other = PlayedBrowser(world)
        _ = try await other.logIn()
        let next = FormEncoding.encode(try await other.text("/sid"))
        let query = "iss=" + FormEncoding.encode(World.providerOrigin)
        #expect(try await browser.send("/external-logout?\(query)&sid=stranger").status == 200)
        #expect(try await browser.send("/external-logout?\(query)&sid=\(next)").status == 200)
        #expect(logouts(world) == ["backChannel \(Self.ada)", "frontChannel nil"])
    }

    @Test("so is one in a frame without a name, one that a check of the session finds, and one without new tokens")
    func byOtherWays() async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        _ = try await browser.logIn()
        let usual = browser.headers
        browser.headers = [(.secFetchDest, "iframe")]
        _ = try await browser.send("/external-logout")
        browser.headers = usual
        _ = try await browser.logIn()
        let away = try #require(try await browser.send("/login/session/check").fields[.location])
        browser.cookies[World.providerOrigin] = nil
        _ = try await browser.send(try #require(try await browser.send(away).fields[.location]))
        _ = try await browser.logIn()
        world.clock.value += 590
        world.interference.value = { request in
            request.purpose == .token ? .json("{\"error\":\"invalid_grant\"}", status: 400) : nil
        }
        #expect(try await browser.send("/token").status == 401)
        let expected = ["frontChannel", "sessionCheck", "refreshRefused"].map { "\($0) \(Self.ada)" }
        #expect(logouts(world) == expected)
    }

    @Test("each request of the relying party says what it is for")
    func purposes() async throws {
        let world = try World()
        _ = try await PlayedBrowser(world).logIn()
        #expect(world.transport.requests.map(\.purpose) == [.metadata, .token, .keys, .userInfo])
    }

    @Test("a provider with a way of its own is asked through that")
    func ownTransport() async throws {
        let own = ScriptedTransport { _ in .json("{}", status: 500) }
        let world = try World { $0.transport = own }
        #expect(try await PlayedBrowser(world).send("/login").status == 502)
        #expect(own.requests.map(\.purpose) == [.metadata])
        #expect(world.transport.requests.isEmpty)
    }
}
