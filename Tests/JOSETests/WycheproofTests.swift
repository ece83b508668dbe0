import JOSE
import TestSupport
import Testing

@Suite("Wycheproof", .enabled(if: Wycheproof.isEnabled, "../shared/wycheproof is not there"))
struct WycheproofTests {
    /// Vectors whose result is not ours: in which file, which, and why. Ours is the opposite each time.
    static let exceptions: [String: [Int64: String]] = [
        "json_web_signature_test": [
            346: "the key is for PS256 only, the token is signed with PS384",
            350: "the key is for PS256 only, the token is signed with PS384",
            347: "the key is for ES521, which is no algorithm",
            351: "the key is for ES521, which is no algorithm",
            367: "the same text as the valid vector 357",
            370: "the same text as the valid vector 357",
            372: "a character that is not of the alphabet is called valid, against RFC 7515 §2",
            373: "a character that is not of the alphabet is called valid, against RFC 7515 §2",
        ],
        "json_web_key_test": [
            4: "two keys with one kid: both are tried, as RFC 7517 §4.5 allows"
        ],
    ]

    @Test(
        "tokens are verified where the vectors say so, and nowhere else",
        arguments: ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test"])
    func tokens(_ name: String) throws {
        var tally = Wycheproof.Tally(name)
        let file = try JSONObject(parsing: Array(try Wycheproof.bytes(of: name)))
        for group in try #require(file["testGroups"]?.array) {
            let isSecret = group.object?["public"] == nil
            let members = try #require((group.object?["public"] ?? group.object?["private"])?.object)
            let entries = members["keys"]?.array ?? [.object(members)]
            // Where no public keys are given, the key is a secret; a set that mixes both kinds is read as a published one.
            let isAllSecret = isSecret && entries.allSatisfy { $0.object?["kty"] == "oct" }
            let keys = try JWKSet(
                parsing: JSONObject(members: [("keys", .array(entries))]).serialized(), allowingSecrets: isAllSecret)
            for vector in try #require(group.object?["tests"]?.array).compactMap(\.object) {
                guard let token = vector["jws"]?.string else {
                    tally.skip("encryption, which is not here yet")
                    continue
                }
                let number = try #require(vector["tcId"]?.integer)
                let isVerified =
                    (try? JWS(compact: token).verify(using: keys, allowing: Set(JWSAlgorithm.allCases))) != nil
                let isValid = vector["result"] == "valid"
                if let reason = Self.exceptions[name]?[number] {
                    #expect(isVerified != isValid, "\(number) is no exception: \(reason)")
                    tally.skip(reason)
                } else {
                    #expect(isVerified == isValid, "\(number): \(vector["comment"]?.string ?? "")")
                    tally.pass()
                }
            }
        }
        tally.report()
    }
}
