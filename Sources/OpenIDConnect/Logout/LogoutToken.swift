public import FoundationEssentials
import JOSE

/// A verified logout token: the provider says that a session of its own, or every session of a user, has ended
/// (Back-Channel Logout §2.4). There is no way to one but by every rule of ``LogoutTokenRule``.
public struct LogoutToken: Sendable, Hashable, CustomStringConvertible {
    /// `iss`; at a provider of many tenants the one of the token's tenant, as the ID Token's.
    public let issuer: Issuer
    /// `sub`: the user, where the token names one. Without ``sessionID`` all their sessions here end.
    public let subject: Subject?
    /// `sid`: the session at the provider, where the token names one.
    public let sessionID: String?
    /// `jti`: the same token comes once, and the same `jti` again is a copy. That is not checked here: it takes a memory
    /// which all machines of the application share.
    public let tokenID: String
    /// `iat`.
    public let issuedAt: Date
    /// From when on the token would be refused: `exp` or the greatest age that a token may have, whichever comes first, and
    /// the clock skew. ``tokenID`` has to be remembered until then.
    public let expiresAt: Date
    /// What every rule found.
    public let outcomes: [RuleOutcome]

    /// Issuer, subject and session.
    public var description: String {
        "LogoutToken(\(issuer), sub \(subject?.string ?? "none"), sid \(sessionID ?? "none"))"
    }

    /// The claims have passed `outcomes`; a value that is missing all the same makes it `nil`.
    fileprivate init?(_ rules: LogoutTokenRules, outcomes: [RuleOutcome]) {
        guard let tokenID = rules.claims["jti"]?.string, let issued = rules.claims.numericDate("iat"),
            let end = rules.end, let issuer = rules.foundIssuer
        else { return nil }
        self.issuer = issuer
        subject = rules.subject
        sessionID = rules.sessionID
        self.tokenID = tokenID
        issuedAt = Date(timeIntervalSince1970: issued)
        expiresAt = Date(timeIntervalSince1970: min(end, latestNumericDate))
        self.outcomes = outcomes
    }

    /// The `iss` of a token that nobody has verified: good for choosing the provider whose client is to verify it, and for
    /// nothing else. `nil` where there is none to be read.
    package static func unverifiedIssuer(of compact: String) -> String? {
        guard compact.utf8.count <= maximumTokenSize, let token = try? JWS(compact: compact) else { return nil }
        return (try? JSONObject(parsing: token.unverifiedPayload))?["iss"]?.string
    }
}

extension OpenIDClient {
    /// Verifies the `logout_token` of a back-channel logout request (Back-Channel Logout §2.5, §2.6).
    ///
    /// Anybody can send one: where a token's key is not known, the provider's keys are fetched anew from a budget that is
    /// not that of the logins. Whether the token has been seen before is the caller's to check, by
    /// ``LogoutToken/tokenID``.
    ///
    /// Throws ``OpenIDError`` `.logoutToken` with the rule that failed and what the rules before it found; what fetching
    /// keys throws.
    public func verifyLogoutToken(_ compact: String) async throws(OpenIDError) -> LogoutToken {
        var verification = Verification<LogoutTokenRule>()
        let (claims, _, keyIssuer) = try await verification.claims(
            of: compact, from: .anybody, keys: keys, allowing: algorithms)
        var expect = tokenExpectations
        expect.keyIssuer = keyIssuer
        let rules = LogoutTokenRules(claims: claims, token: expect)
        try verification.apply(rules.inOrder)
        guard let token = LogoutToken(rules, outcomes: verification.outcomes) else {
            throw verification.refuse(.claims, "claims of the right types", "others")
        }
        return token
    }
}
