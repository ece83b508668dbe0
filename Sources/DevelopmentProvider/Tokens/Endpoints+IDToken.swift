import ByteText
import Cryptography
import FoundationEssentials
import JOSE

/// What is read from an ID Token that this provider issued and gets back as a hint.
struct IssuedIDToken: Sendable {
    let clientID: String
    let subject: String
    let sessionID: String
}

extension Endpoints {
    /// A signed ID Token (OIDC Core §2, §3.1.3.6; `sid` of OIDC Front-Channel Logout §3).
    func idToken(for issued: IssuedTokens, client: DevelopmentClient, at now: Date) throws(JOSEError) -> String {
        let algorithm = client.idTokenAlgorithm
        var claims: JSONObject = [
            "iss": .string(issuer.string),
            "sub": .string(issued.grant.subject),
            "aud": .string(client.id),
            "exp": .date(now.addingTimeInterval(Lifetime.idToken)),
            "iat": .date(now),
            "auth_time": .date(issued.grant.authenticatedAt),
            "sid": .string(issued.grant.sessionID),
            "at_hash": .string(Self.leftHalf(of: issued.accessToken, algorithm)),
        ]
        if let nonce = issued.nonce { claims["nonce"] = .string(nonce) }
        return try keys.key(for: algorithm).sign(payload: JSONValue.object(claims).serialized(), type: "JWT")
    }

    /// The base64url of the left half of the token's digest (OIDC Core §3.1.3.6).
    static func leftHalf(of token: String, _ algorithm: JWSAlgorithm) -> String {
        let full = digest(Array(token.utf8), using: algorithm.hash)
        return Base64URL.encode(Array(full.prefix(full.count / 2)))
    }

    /// The ID Token in a hint, if it was issued by this provider since it started. It may have expired
    /// (OIDC Core §3.1.2.1, RP-Initiated Logout §2).
    func issuedIDToken(_ hint: String) -> IssuedIDToken? {
        guard let token = try? JWS(compact: hint),
            let payload = try? token.verify(using: keys.madePublicKeys, allowing: keys.algorithms),
            let claims = try? JSONObject(parsing: payload.bytes),
            (claims["iss"]?.string).isExactly(issuer.string), let clientID = claims["aud"]?.string,
            let subject = claims["sub"]?.string, let sessionID = claims["sid"]?.string
        else { return nil }
        return IssuedIDToken(clientID: clientID, subject: subject, sessionID: sessionID)
    }
}
