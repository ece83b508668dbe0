import FoundationEssentials
import JOSE

/// The identifier of a team at Apple: ten capital letters and digits.
public struct AppleTeamID: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as it was given.
    public let string: String

    /// `nil` where the text breaks the rule above.
    public init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
        guard text.utf8.count == 10, allowed else { return nil }
        string = text
    }

    /// The identifier as it was given.
    public var description: String { string }
}

/// The client secret that Apple wants: a JWT that the application signs with its own key, sent as `client_secret_post`
/// (<https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>). It may live for
/// six months; this one is made for each request and lives for minutes, so that there is nothing to renew.
struct AppleClientSecret {
    let client: ClientID
    let team: AppleTeamID
    let key: SigningKey

    /// In seconds.
    static let lifetime: Int64 = 300
    static let audience = "https://appleid.apple.com"

    /// A new secret.
    ///
    /// Throws ``OpenIDError`` `.registration` where the key is not of the kind that Apple gives.
    func signed(at now: Date) throws(OpenIDError) -> String {
        guard key.algorithm == .es256, key.keyID != nil else {
            throw OpenIDError(
                .registration, expected: "an ES256 key with its key ID",
                actual: "\(key.algorithm.rawValue), \(key.keyID == nil ? "without" : "with") a key ID",
                remedy: "Use the .p8 file of a key for Sign in with Apple, and the key ID that Apple shows beside it.")
        }
        let issuedAt = wholeSeconds(now.timeIntervalSince1970)
        let claims: JSONObject = [
            "iss": .string(team.string), "sub": .string(client.string), "aud": .string(Self.audience),
            "iat": .number(JSONNumber(issuedAt)), "exp": .number(JSONNumber(issuedAt + Self.lifetime)),
        ]
        do {
            return try key.sign(payload: JSONValue.object(claims).serialized(), type: nil)
        } catch {
            throw OpenIDError(
                .registration, expected: "a key that signs with ES256", actual: "\(error)",
                remedy: "Check the client's key.")
        }
    }
}
