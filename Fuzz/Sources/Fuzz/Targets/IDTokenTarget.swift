import FoundationEssentials
import JOSE
import OpenIDConnect

/// `IDToken.verify` by a whole login: an ID Token that is taken was signed, and its claims are those of OIDC Core §3.1.3.7.
///
/// An input is a compact token, taken as it comes; or claims, which are signed. A digit before the claims chooses what is
/// asked: 1 adds `max_age` and an `acr`, 2 trusts another audience, 4 refreshes.
struct IDTokenTarget: FuzzTarget {
    private let genuine: String

    init() throws { genuine = try Known.idToken() }

    func run(_ input: [UInt8]) throws {
        guard let first = input.first else { return }
        if first == UInt8(ascii: "e") {
            guard try accept(input.text, 0) != nil else { return }
            return try demand(input.text.isIdentical(to: genuine), "what is accepted was signed")
        }
        let choice = (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(first) ? first - UInt8(ascii: "0") : 0
        let payload = Array(first == UInt8(ascii: "{") ? input[...] : input.dropFirst())
        let key = try SigningKey.symmetric(Array(Known.clientSecret.utf8), .hs256)
        guard let token = try accept(key.sign(payload: payload), choice) else { return }
        try demand(token.claims == JSONObject(parsing: payload), "the claims are the token's")
        try judge(token.claims, choice)
        try demand(token.outcomes.allSatisfy { $0.verdict != .failed }, "no rule failed")
    }

    private func accept(_ compact: String, _ choice: UInt8) throws -> IDToken? {
        let tokens: JSONObject = [
            "access_token": .string(Known.accessToken), "token_type": "Bearer", "id_token": .string(compact),
        ]
        var registration = try Known.registration()
        registration.usesUserInfo = false
        if choice & 2 != 0 { registration.trustedAudiences = ["client-2"] }
        let client = try Known.client(registration, answers: ["/token": .json(tokens)])
        if choice & 4 != 0 {
            let original: JSONObject = [
                "iss": .string(Known.issuer), "sub": .string(Known.subject), "aud": [.string(Known.clientID)],
                "auth_time": 1_799_999_000, "nonce": .string(Known.nonce),
            ]
            let login = try known(OriginalLogin(json: original))
            let refresh = try known(RefreshToken("refresh-1"))
            return try wait { try? await client.refresh(refresh, of: login) }?.idToken
        }
        var json = Known.pending
        if choice & 1 != 0 {
            json["max_age"] = 600
            json["acr"] = ["gold", "silver"]
        }
        let pending = try known(PendingLogin(json: json))
        return try wait {
            try? await client.finishLogin(with: "?code=\(Known.code)&state=\(Known.state)", pending: pending)
        }?.idToken
    }

    /// The rules once more, as plainly as can be.
    private func judge(_ claims: JSONObject, _ choice: UInt8) throws {
        func same(_ name: String, _ text: String) -> Bool { claims[name]?.string?.isIdentical(to: text) ?? false }
        func within(_ name: String, _ range: ClosedRange<Double>) -> Bool {
            claims[name]?.number.map { range.contains($0.double) } ?? false
        }
        let now = Known.now.timeIntervalSince1970
        let audiences = claims["aud"]?.array ?? [claims["aud"] ?? .null]
        try demand(same("iss", Known.issuer), "iss is the provider's")
        try demand(audiences.contains(.string(Known.clientID)), "aud holds the client")
        let trusted: [JSONValue] = choice & 2 != 0 ? [.string(Known.clientID), "client-2"] : [.string(Known.clientID)]
        try demand(audiences.allSatisfy(trusted.contains), "aud holds nobody else who is not trusted")
        if audiences.count > 1 || claims["azp"] != nil { try demand(same("azp", Known.clientID), "azp is the client") }
        try demand(within("exp", (now - 60).nextUp...253_402_300_799), "exp is to come")
        try demand(within("iat", now - 660...now + 60), "iat is of now")
        if claims["nbf"] != nil { try demand(within("nbf", 0...now + 60), "nbf is past") }
        try demand(!(claims["sub"]?.string ?? "").isEmpty, "there is a sub")
        if choice & 4 != 0 {
            try demand(same("sub", Known.subject), "sub is the login's")
            try demand(claims["nonce"] == nil || same("nonce", Known.nonce), "nonce is the login's, or none")
        } else {
            try demand(same("nonce", Known.nonce), "nonce is the request's")
        }
        if choice & 5 == 1 {
            try demand(within("auth_time", now - 660...now + 60), "auth_time is within max_age")
            try demand(same("acr", "gold") || same("acr", "silver"), "acr is one that was asked for")
        }
        if claims["at_hash"] != nil {
            try demand(same("at_hash", Self.accessTokenHash), "at_hash is the access token's")
        }
    }

    /// The left half of the SHA-256 of ``Known/accessToken``.
    private static let accessTokenHash = "9MKET0Y7WpOlF96BtnoJyA"
}
