import FoundationEssentials
import HTTPMessages
import JOSE
import Testing

@testable import DevelopmentProvider

@Suite("ID Tokens")
struct IDTokenTests {
    @Test("the claims are those of the login")
    func claims() async throws {
        let fixture = try Fixture()
        let browser = Browser(fixture)
        let answer = try await browser.logIn(as: Fixture.cleo)
        let login = Int64(fixture.clock.now.timeIntervalSince1970)
        fixture.clock.advance(by: 30)
        let client = Client(fixture.provider)
        let tokens = try await client.redeem(try #require(answer.parameters["code"])).json
        let claims = try await client.verified(tokens)
        #expect(
            claims.members.map(\.name).sorted()
                == ["at_hash", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid", "sub"])
        #expect(claims["iss"]?.string == Fixture.issuer)
        #expect(claims["sub"]?.string == Fixture.cleo)
        #expect(claims["aud"]?.string == "app")
        #expect(claims["auth_time"]?.integer == login)
        #expect(claims["iat"]?.integer == login + 30)
        #expect(claims["exp"]?.integer == login + 30 + 600)
        #expect(claims["nonce"]?.string == "n-1")
        let accessToken = try #require(tokens["access_token"]?.string)
        #expect(claims["at_hash"]?.string == Endpoints.leftHalf(of: accessToken, .es256))
        // The session's identifier is no secret, its proof is: only the cookie holds it.
        let sessionID = try #require(claims["sid"]?.string)
        let cookie = try #require(browser.cookies.values.first)
        #expect(cookie.hasPrefix(sessionID + "."))
    }

    @Test("no nonce comes where none was sent")
    func withoutNonce() async throws {
        let fixture = try Fixture()
        let tokens = try await Browser(fixture).tokens(as: Fixture.ada, ["nonce": nil])
        #expect(try await Client(fixture.provider).verified(tokens)["nonce"] == nil)
    }

    @Test("the header names the key and the type")
    func header() async throws {
        let fixture = try Fixture()
        let tokens = try await Browser(fixture).tokens()
        let header = try JWS(compact: try #require(tokens["id_token"]?.string)).header
        #expect(header.algorithm == .es256)
        #expect(header.keyID?.hasPrefix("ES256-") == true)
        #expect(header.type == "JWT")
    }

    @Test(
        "at_hash is the left half of the digest that belongs to the algorithm",
        arguments: [
            // OIDC Core appendix A.3, the others computed with openssl.
            (JWSAlgorithm.rs256, "77QmUPtjPfzWtF2AnpK9RQ"),
            (.es384, "jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs"),
            (.edDSA, "q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM"),
        ])
    func accessTokenHash(algorithm: JWSAlgorithm, hash: String) {
        #expect(Endpoints.leftHalf(of: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", algorithm) == hash)
    }
}
