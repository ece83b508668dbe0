import FoundationEssentials

/// What a provider remembers, in memory alone and all of it bounded.
struct ProviderState {
    /// The logins of browsers.
    var sessions: ExpiringTable<ProviderSession>
    /// What users let applications do.
    var grants: ExpiringTable<Grant>
    var generator: any RandomNumberGenerator & Sendable

    init(capacity: Int, using generator: some RandomNumberGenerator & Sendable) {
        sessions = ExpiringTable(capacity: capacity, lifetime: Lifetime.session)
        grants = ExpiringTable(capacity: capacity, lifetime: Lifetime.grant)
        self.generator = generator
    }

    mutating func random() -> String { randomText(using: &generator) }
}

/// How long things live, in seconds.
enum Lifetime {
    static let session: TimeInterval = 24 * 3600
    static let grant: TimeInterval = 24 * 3600
    /// RFC 6749 §4.1.2 recommends at most ten minutes; a minute is plenty here.
    static let code: TimeInterval = 60
    static let accessToken: TimeInterval = 600
    static let idToken: TimeInterval = 600
}

/// A browser's login at the provider. Its identifier is the `sid` claim; the cookie holds the proof too.
struct ProviderSession: Sendable {
    let subject: String
    let authenticatedAt: Date
    let proof: String
}

/// What came of one authorization: a code, then tokens. Removing it revokes them all.
struct Grant: Sendable {
    let clientID: String
    let subject: String
    let sessionID: String
    let scope: Set<ScopeValue>
    let nonce: String?
    let redirectURI: String
    let codeChallenge: String
    let authenticatedAt: Date
    let codeProof: String
    let codeExpiresAt: Date
    var isCodeUsed = false
    /// The proof of the only refresh token that is good; `nil` before the code was used.
    var refreshProof: String?
    /// The access tokens that may still be good.
    private(set) var accessTokens: [AccessToken] = []

    /// The most access tokens of one grant; the oldest goes first.
    static let maximumAccessTokens = 16

    mutating func add(_ token: AccessToken, at now: Date) {
        accessTokens.removeAll { now >= $0.expiresAt }
        accessTokens.append(token)
        if accessTokens.count > Self.maximumAccessTokens { accessTokens.removeFirst() }
    }
}

/// An access token, by its proof.
struct AccessToken: Sendable {
    let proof: String
    let scope: Set<ScopeValue>
    let expiresAt: Date
}
