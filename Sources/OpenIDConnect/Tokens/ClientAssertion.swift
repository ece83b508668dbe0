import Cryptography
import FoundationEssentials
import JOSE

/// The proof of `client_secret_jwt` and `private_key_jwt`: a token that the client signs (OIDC Core §9; RFC 7523 §2.2).
struct ClientAssertion {
    let client: ClientID
    let audience: String
    let key: SigningKey

    /// How long an assertion serves, in seconds: it is used at once, and clocks differ.
    static let lifetime: Int64 = 120
    static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// A new assertion; no two are the same (`jti`).
    ///
    /// Throws ``OpenIDError`` `.registration` where the key does not sign.
    func signed(at now: Date) throws(OpenIDError) -> String {
        var generator = SystemRandomNumberGenerator()
        let issuedAt = wholeSeconds(now.timeIntervalSince1970)
        let claims: JSONObject = [
            "iss": .string(client.string), "sub": .string(client.string), "aud": .string(audience),
            "jti": .string(Base64URL.encode(randomBytes(32, using: &generator))),
            "iat": .number(JSONNumber(issuedAt)), "exp": .number(JSONNumber(issuedAt + Self.lifetime)),
        ]
        do {
            return try key.sign(payload: JSONValue.object(claims).serialized(), type: "JWT")
        } catch {
            throw OpenIDError(
                .registration, expected: "a key that signs with \(key.algorithm.rawValue)", actual: "\(error)",
                remedy: "Check the client's key.")
        }
    }
}
