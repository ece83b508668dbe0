public import FoundationEssentials
public import JOSE

/// An API that takes the access tokens of one provider, where they are JWTs (RFC 9068): for what an application's own
/// clients send it, not for what the application logs in with.
public struct ResourceServer: Sendable {
    /// Who the provider has to have issued a token for: the API's identifier in `aud` (RFC 9068 §3; RFC 8707 §2).
    public let audience: String
    /// How the provider marks its access tokens.
    public let tokenType: AccessTokenType
    /// The provider.
    public let issuer: Issuer
    /// How far this machine's clock and the provider's may be apart, in seconds.
    public var clockSkew: TimeInterval = 60

    private let keys: VerificationKeys
    private let now: @Sendable () -> Date

    /// Nobody can make the API take a symmetric algorithm: who can verify a MAC can make one (RFC 9068 §2.1).
    private static let algorithms = Set(JWSAlgorithm.allCases.filter { !$0.needsAsking })

    /// An API at a provider whose metadata are there already, with the keys at their `jwks_uri`.
    public init(
        metadata: ProviderMetadata, audience: String, tokenType: AccessTokenType = .accessTokenJWT,
        keys: KeySource? = nil, transport: any HTTPTransport, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.audience = audience
        self.tokenType = tokenType
        issuer = metadata.issuer
        self.keys = .published(keys ?? KeySource(url: metadata.jwksURI, transport: transport, now: now))
        self.now = now
    }

    /// Verifies an access token.
    ///
    /// Anybody can send one: where a token's key is not known, the provider's keys are fetched anew from a budget of their
    /// own, as for logout tokens. A token that is verified may have been revoked since: it ends with its `exp`.
    ///
    /// Throws ``OpenIDError`` `.accessToken` with the rule that failed and what the rules before it found; what fetching
    /// keys throws.
    public func verify(_ token: AccessToken) async throws(OpenIDError) -> VerifiedAccessToken {
        var verification = Verification<AccessTokenRule>()
        let (claims, _, _) = try await verification.claims(
            of: token.secretString, from: .anybody, keys: keys, allowing: Self.algorithms,
            demandingType: tokenType == .accessTokenJWT)
        let expect = TokenExpectations(
            issuer: issuer, audience: audience, now: now(), clockSkew: clockSkew, maximumAge: .infinity)
        let rules = AccessTokenRules(claims: claims, token: expect, type: tokenType)
        try verification.apply(rules.inOrder)
        guard let token = VerifiedAccessToken(rules, outcomes: verification.outcomes) else {
            throw verification.refuse(.claims, "claims of the right types", "others")
        }
        return token
    }
}

/// A verified access token: whom it speaks for and what it allows. There is no way to one but by every rule of
/// ``AccessTokenRule``. It does not hold the token itself.
public struct VerifiedAccessToken: Sendable, Hashable, CustomStringConvertible {
    /// `iss`.
    public let issuer: Issuer
    /// `sub`: the user, or the client itself where no user is involved.
    public let subject: Subject
    /// `client_id`: who the token was issued to.
    public let clientID: ClientID
    /// `scope`: what it allows; empty where the token does not say.
    public let scopes: [Scope]
    /// `exp`.
    public let expiresAt: Date
    /// All claims, as they came.
    public let claims: JSONObject
    /// What every rule found.
    public let outcomes: [RuleOutcome]

    /// Issuer, subject and client.
    public var description: String { "VerifiedAccessToken(\(issuer), \(subject), for \(clientID))" }

    /// The claims have passed `outcomes`; a value that is missing all the same makes it `nil`.
    fileprivate init?(_ rules: AccessTokenRules, outcomes: [RuleOutcome]) {
        guard let subject = rules.claims["sub"]?.string.flatMap({ Subject($0) }), let clientID = rules.clientID,
            let scopes = rules.scopes, let expiry = rules.claims.numericDate("exp")
        else { return nil }
        issuer = rules.token.issuer
        self.subject = subject
        self.clientID = clientID
        self.scopes = scopes
        expiresAt = Date(timeIntervalSince1970: expiry)
        claims = rules.claims
        self.outcomes = outcomes
    }
}
