public import FoundationEssentials
public import JOSE

/// A verified ID Token (OIDC Core §2). There is no way to one but by every rule of ``IDTokenRule``.
public struct IDToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// `iss`.
    public let issuer: Issuer
    /// `sub`: with the issuer, who the user is.
    public let subject: Subject
    /// `aud`.
    public let audiences: [String]
    /// `exp`.
    public let expiresAt: Date
    /// `iat`.
    public let issuedAt: Date
    /// `auth_time`: when the user logged in at the provider, where it says so.
    public let authenticatedAt: Date?
    /// `sid`: the session at the provider, for logout (Back-Channel Logout §2.1).
    public let sessionID: String?
    /// All claims, as they came.
    public let claims: JSONObject
    /// What every rule found.
    public let outcomes: [RuleOutcome]
    /// The token itself, for `id_token_hint` (RP-Initiated Logout §2). Keep it as secret as a session.
    public let compact: String
    /// What later ID Tokens of this login have to repeat.
    public let original: OriginalLogin

    /// Issuer and subject; never the token.
    public var description: String { "IDToken(\(issuer), \(subject))" }
    /// Without the token.
    public var customMirror: Mirror {
        Mirror(self, children: ["issuer": issuer.string, "subject": subject.string, "claims": claims])
    }

    /// The claims have passed `outcomes`; a value that is missing all the same makes it `nil`.
    fileprivate init?(_ rules: IDTokenRules, compact: String, outcomes: [RuleOutcome]) {
        let (claims, expect) = (rules.claims, rules.expect)
        guard !outcomes.contains(where: { $0.verdict == .failed }), let issuer = rules.foundIssuer,
            let subject = claims["sub"]?.string.flatMap({ Subject($0) }),
            let audiences = claims.audiences,
            let expiry = claims["exp"]?.number?.double, let issued = claims["iat"]?.number?.double
        else { return nil }
        self.issuer = issuer
        self.subject = subject
        self.audiences = audiences
        expiresAt = Date(timeIntervalSince1970: expiry)
        issuedAt = Date(timeIntervalSince1970: issued)
        authenticatedAt = claims.numericDate("auth_time").map { Date(timeIntervalSince1970: $0) }
        sessionID = claims["sid"]?.string
        self.claims = claims
        self.outcomes = outcomes
        self.compact = compact
        original =
            expect.original
            ?? OriginalLogin(
                issuer: issuer, subject: subject, audiences: audiences,
                authorizedParty: claims["azp"]?.string,
                authenticatedAt: claims["auth_time"]?.integer, nonce: claims["nonce"]?.string)
    }
}

/// Where the keys come from that a signature is verified with.
enum VerificationKeys {
    /// The provider's published keys.
    case published(KeySource)
    /// The client secret's bytes, for the symmetric algorithms (OIDC Core §10.1).
    case secret(JWKSet)

    /// What a token carries, its signature verified.
    ///
    /// Throws ``OpenIDError`` `.idToken(.signature)`, or what fetching the keys throws.
    func verify(
        _ token: JWS, from sender: TokenSender, allowing algorithms: Set<JWSAlgorithm>
    ) async throws(OpenIDError) -> VerifiedPayload {
        switch self {
        case .published(let source): return try await source.verify(token, from: sender, allowing: algorithms)
        case .secret(let set):
            do {
                return try token.verify(using: set, allowing: algorithms)
            } catch {
                throw OpenIDError(
                    .idToken(.signature), expected: "a MAC by the client secret", actual: "\(error)",
                    remedy:
                        "Check CLIENT_SECRET, and that the provider signs this client's ID Tokens with the algorithm in ID_TOKEN_SIGNED_RESPONSE_ALG."
                )
            }
        }
    }
}

extension IDToken {
    /// Parses, verifies the signature, then applies the rules.
    ///
    /// Throws ``OpenIDError`` `.idToken` with the rule that failed and what the rules before it found; what fetching keys
    /// throws.
    static func verify(
        _ compact: String?, keys: VerificationKeys, allowing algorithms: Set<JWSAlgorithm>,
        against expect: IDTokenExpectations
    ) async throws(OpenIDError) -> IDToken {
        var verification = Verification<IDTokenRule>()
        guard let compact else {
            throw verification.refuse(
                .present, "an id_token", "none",
                "SCOPE has to have openid, and the client must be allowed it at the provider.")
        }
        verification.pass(.present, "an id_token", "one")
        let (claims, algorithm, keyIssuer) = try await verification.claims(
            of: compact, from: .provider, keys: keys, allowing: algorithms)
        var expect = expect
        expect.token.keyIssuer = keyIssuer
        let rules = IDTokenRules(claims: claims, algorithm: algorithm, expect: expect)
        try verification.apply(rules.inOrder)
        guard let token = IDToken(rules, compact: compact, outcomes: verification.outcomes) else {
            throw verification.refuse(.claims, "claims of the right types", "others")
        }
        return token
    }
}

extension IDToken {
    /// Applies the rules to claims whose signature cannot be verified now: what breaks one is wrong, whoever signed it.
    /// What breaks none is still not to be believed, so there is no ID Token of it.
    ///
    /// Throws ``OpenIDError`` `.idToken` with the rule that failed.
    static func requireUncontradicted(
        _ compact: String?, against expect: IDTokenExpectations
    ) throws(OpenIDError) {
        var verification = Verification<IDTokenRule>()
        guard let compact, compact.utf8.count <= maximumTokenSize, let token = try? JWS(compact: compact),
            let claims = try? JSONObject(parsing: token.unverifiedPayload)
        else { throw verification.refuse(.form, "a compact JWS of a JSON object", "none") }
        let rules = IDTokenRules(claims: claims, algorithm: token.header.algorithm, expect: expect)
        try verification.apply(rules.inOrder)
    }
}
