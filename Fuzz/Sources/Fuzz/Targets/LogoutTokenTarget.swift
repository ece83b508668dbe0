import FoundationEssentials
import JOSE
import OpenIDConnect

/// `OpenIDClient.verifyLogoutToken`: a logout token that is taken was signed, and its claims are those of Back-Channel
/// Logout §2.4.
///
/// An input is a compact token, taken as it comes; or claims, which are signed. A 1 before the claims trusts another
/// audience, a 2 is for a provider of many tenants.
struct LogoutTokenTarget: FuzzTarget {
    private let genuine: String

    init() throws {
        var claims = Known.claims
        claims["nonce"] = nil
        claims["jti"] = "token-1"
        claims["events"] = [Self.event: [:]]
        genuine = try Known.idToken(claims)
    }

    func run(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        if first == UInt8(ascii: "e") {
            guard try accept(input.text, false) != nil else { return }
            return try demand(input.text.isIdentical(to: genuine), "what is accepted was signed")
        }
        let trusts = first == UInt8(ascii: "1")
        let payload = Array(first == UInt8(ascii: "{") ? input[...] : input.dropFirst())
        let key = try SigningKey.symmetric(Array(Known.clientSecret.utf8), .hs256)
        if first == UInt8(ascii: "2") {
            guard let token = try acceptOfTenant(key.sign(payload: payload)) else { return }
            let claims = try JSONObject(parsing: payload)
            try demand(claims["iss"]?.string?.isIdentical(to: token.issuer.string) ?? false, "iss is the token's")
            let tenant = try known(claims["tid"]?.string.flatMap { TenantID($0) })
            let issuer = "https://login.microsoftonline.com/\(tenant)/v2.0"
            return try demand(token.issuer.string.isIdentical(to: issuer), "iss is that of the tenant")
        }
        guard let token = try accept(key.sign(payload: payload), trusts) else { return }
        try demand(token.outcomes.allSatisfy { $0.verdict != .failed }, "no rule failed")
        try judge(JSONObject(parsing: payload), token, trusts)
    }

    private func accept(_ compact: String, _ trusts: Bool) throws -> LogoutToken? {
        var registration = try Known.registration()
        if trusts { registration.trustedAudiences = ["client-2"] }
        let client = try Known.client(registration, answers: [:])
        return try wait { try? await client.verifyLogoutToken(compact) }
    }

    private func acceptOfTenant(_ compact: String) throws -> LogoutToken? {
        let url = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
        let location = try known(MetadataLocation(metadataURL: url))
        var document = Known.metadata
        document["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0"
        let metadata = try ProviderMetadata(
            parsing: document.serialized(), issuedBy: location.issuers, entraIssuers: EntraIssuers(location, .every))
        let client = try OpenIDClient(
            registration: Known.registration(), metadata: metadata, transport: Script(answers: [:]), now: { Known.now })
        return try wait { try? await client.verifyLogoutToken(compact) }
    }

    /// The rules once more, as plainly as can be.
    private func judge(_ claims: JSONObject, _ token: LogoutToken, _ trusts: Bool) throws {
        func within(_ name: String, _ range: ClosedRange<Double>) -> Bool {
            claims[name]?.number.map { range.contains($0.double) } ?? false
        }
        let now = Known.now.timeIntervalSince1970
        let audiences = claims["aud"]?.array ?? [claims["aud"] ?? .null]
        try demand(claims["iss"]?.string?.isIdentical(to: Known.issuer) ?? false, "iss is the provider's")
        try demand(audiences.contains(.string(Known.clientID)), "aud holds the client")
        let trusted: [JSONValue] = trusts ? [.string(Known.clientID), "client-2"] : [.string(Known.clientID)]
        try demand(audiences.allSatisfy(trusted.contains), "aud holds nobody else who is not trusted")
        if claims["exp"] != nil { try demand(within("exp", (now - 60).nextUp...253_402_300_799), "exp is to come") }
        try demand(within("iat", now - (claims["exp"] == nil ? 180 : 660)...now + 60), "iat is of now")
        if claims["nbf"] != nil { try demand(within("nbf", 0...now + 60), "nbf is past") }
        try demand(token.subject != nil || token.sessionID != nil, "there is a sub or a sid")
        try demand(claims["sub"]?.string == token.subject?.string, "sub is the token's")
        try demand(claims["sid"]?.string == token.sessionID, "sid is the token's")
        try demand(claims["jti"]?.string == token.tokenID && !token.tokenID.isEmpty, "jti is the token's")
        try demand(claims["events"]?.object?[Self.event]?.object != nil, "there is the event")
        try demand(claims["nonce"] == nil, "there is no nonce")
        // The skew is counted in: a token that passes now has not come to its end.
        try demand(token.expiresAt.timeIntervalSince1970 >= now, "it has not ended")
        try demand(token.expiresAt.timeIntervalSince1970 <= now + 720, "it ends soon")
    }

    private static let event = "http://schemas.openid.net/event/backchannel-logout"
}
