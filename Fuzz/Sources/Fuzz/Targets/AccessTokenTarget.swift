import FoundationEssentials
import JOSE
import OpenIDConnect

/// `ResourceServer.verify`: an access token that is taken was signed, and its claims are those of RFC 9068 §2.2, bound to no key.
///
/// An input is a compact token, taken as it comes; or claims, which are signed. A 1 before the claims takes tokens that are not
/// marked as access tokens, as Keycloak's.
struct AccessTokenTarget: FuzzTarget {
    private static let audience = "https://api.example"
    private let key: SigningKey

    init() throws { key = try SigningKey.generate(.edDSA, keyID: "k1") }

    func run(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        if first == UInt8(ascii: "e") {
            // The key is another one in each run.
            return try demand(accept(input.text, .accessTokenJWT) == nil, "what is accepted was signed")
        }
        let isPlain = first == UInt8(ascii: "1")
        let payload = Array(first == UInt8(ascii: "{") ? input[...] : input.dropFirst())
        let compact = try key.sign(payload: payload, type: isPlain ? "JWT" : "at+jwt")
        guard let token = try accept(compact, isPlain ? .jwt : .accessTokenJWT) else { return }
        try demand(token.outcomes.allSatisfy { $0.verdict != .failed }, "no rule failed")
        try judge(JSONObject(parsing: payload), token, isPlain)
    }

    private func accept(_ compact: String, _ type: AccessTokenType) throws -> VerifiedAccessToken? {
        guard let token = AccessToken(compact) else { return nil }
        let keys = JWKSet(keys: [key.publicJWK]).json
        let issuer = try known(Issuer(Known.issuer))
        let server = ResourceServer(
            metadata: try ProviderMetadata(parsing: Known.metadata.serialized(), issuedBy: [issuer]),
            audience: Self.audience, tokenType: type, transport: Script(answers: ["/keys": .json(keys)]),
            now: { Known.now })
        return try wait { try? await server.verify(token) }
    }

    /// The rules once more, as plainly as can be.
    private func judge(_ claims: JSONObject, _ token: VerifiedAccessToken, _ isPlain: Bool) throws {
        func within(_ name: String, _ range: ClosedRange<Double>) -> Bool {
            claims[name]?.number.map { range.contains($0.double) } ?? false
        }
        let now = Known.now.timeIntervalSince1970
        let audiences = claims["aud"]?.array ?? [claims["aud"] ?? .null]
        try demand(claims["iss"]?.string?.isIdentical(to: Known.issuer) ?? false, "iss is the provider's")
        try demand(audiences.contains(.string(Self.audience)), "aud holds the API")
        try demand(claims["sub"]?.string == token.subject.string, "sub is the token's")
        try demand(within("exp", (now - 60).nextUp...253_402_300_799), "exp is to come")
        try demand(within("iat", 0...now + 60), "iat is past")
        if claims["nbf"] != nil { try demand(within("nbf", 0...now + 60), "nbf is past") }
        try demand(claims["cnf"] == nil, "it is bound to no key")
        if isPlain { try demand(claims["events"] == nil && claims["at_hash"] == nil, "it is no other token") }
        let scopes = Set(token.scopes.map(\.string))
        try demand(scopes.count == token.scopes.count, "each scope is there once")
        let list = claims["scope"]?.array?.compactMap(\.string).joined(separator: " ")
        let words = (list ?? claims["scope"]?.string ?? "").utf8.split(separator: UInt8(ascii: " ")).map {
            Array($0).text
        }
        try demand(scopes == Set(words), "the scopes are the token's")
    }
}
