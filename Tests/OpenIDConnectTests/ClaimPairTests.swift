import JOSE
import TestSupport
import Testing

@testable import OpenIDConnect

@Suite("A claim and whether it is verified")
struct ClaimPairTests {
    /// What the ID Token says, what UserInfo says, and what comes of it.
    struct Pair: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let idToken: JSONObject
        let userInfo: JSONObject
        let merged: JSONObject

        init(_ description: String, _ idToken: JSONObject, _ userInfo: JSONObject, _ merged: JSONObject) {
            testDescription = description
            self.idToken = idToken
            self.userInfo = userInfo
            self.merged = merged
        }
    }

    static let pairs = [
        Pair(
            "both say both", ["email": "a", "email_verified": true], ["email": "b", "email_verified": false],
            ["email": "b", "email_verified": false]),
        Pair(
            "UserInfo has another address and does not say", ["email": "a", "email_verified": true], ["email": "b"],
            ["email": "b"]),
        Pair(
            "UserInfo has the same address and does not say", ["email": "a", "email_verified": true], ["email": "a"],
            ["email": "a"]),
        Pair(
            "the ID Token verifies an address that only UserInfo has", ["email_verified": true], ["email": "b"],
            ["email": "b"]),
        Pair(
            "UserInfo verifies an address that only the ID Token has", ["email": "a"], ["email_verified": true],
            ["email": "a"]),
        Pair(
            "UserInfo denies an address that the ID Token verifies", ["email": "a", "email_verified": true],
            ["email_verified": false], ["email": "a", "email_verified": true]),
        Pair(
            "UserInfo has an address that is null", ["email": "a", "email_verified": true], ["email": .null],
            ["email": "a", "email_verified": true]),
        Pair("both have an address that is null", ["email": .null, "name": "a"], ["email": .null], ["name": "a"]),
        Pair(
            "only the ID Token says anything", ["email": "a", "email_verified": "true"], [:],
            ["email": "a", "email_verified": "true"]),
        Pair("there is no address", ["email_verified": false], ["email_verified": true], ["email_verified": true]),
        Pair(
            "a telephone number", ["phone_number": "1", "phone_number_verified": true], ["phone_number": "2"],
            ["phone_number": "2"]),
        Pair(
            "one pair says nothing of the other",
            ["email": "a", "email_verified": true, "phone_number_verified": true],
            ["phone_number": "2"], ["email": "a", "email_verified": true, "phone_number": "2"]),
    ]

    @Test("are of one answer", arguments: pairs)
    func merged(_ pair: Pair) {
        #expect(UserInfo.merged(pair.idToken, pair.userInfo) == pair.merged)
    }

    @Test("are of one answer in a login, and its record says of which")
    func login() async throws {
        let provider = try PlayedProvider()
        provider.change {
            $0.claims = ["email": "ada@example.test", "email_verified": true, "phone_number_verified": true]
            $0.userInfo = ["sub": "user-1", "email": "eve@example.test", "phone_number": "+1"]
        }
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        let login = try await LoginRecorder.$current.withValue(recorder) {
            try await provider.login(provider.transport)
        }
        #expect(login.userInfo.email == "eve@example.test" && login.userInfo.emailVerified == nil)
        #expect(login.userInfo.claims["phone_number_verified"] == nil)
        let merged = recorder.record.steps.flatMap(\.parts).filter { $0.role == .merged }
        #expect(merged.map(\.name) == ["sub", "email", "phone_number"])
        #expect(merged.first { $0.name == "email" }?.value == "UserInfo, which goes before the ID Token")
    }
}
