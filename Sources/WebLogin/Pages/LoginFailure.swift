public import OpenIDConnect

/// Why a login or a logout came to nothing, in words for the user and in terms for the operator. Carries no token, no
/// code and no secret; what came from outside is cut to 200 characters and still has to be escaped in a page.
public struct LoginFailure: Error, Sendable, Equatable {
    /// What failed.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        // What the browser brought.
        /// No provider of the name that was asked for.
        case unknownProvider
        /// `next` leads out of the application.
        case unsafeNext
        /// A login was to begin by a request that is no top-level navigation.
        case notANavigation
        /// A form that only a page of the application may send came from elsewhere.
        case foreignRequest
        /// A logout came with cookies of a session that cannot be put together, so that it may not have ended.
        case unreadableSession
        /// The callback lacks a parameter, has one twice, or has parts that contradict each other.
        case malformedCallback
        /// The browser has no login under way: no transaction cookie came.
        case noTransaction
        /// The callback's `state` belongs to none of the logins that this browser has under way.
        case foreignState
        /// The login was begun more than ten minutes ago.
        case transactionExpired
        /// This callback has been used before.
        case transactionUsed
        // What the provider answered.
        /// The provider answered with an error of its own.
        case providerRefused
        /// The answer's `iss` is missing or another provider's (RFC 9207).
        case issuerMismatch
        /// The ID Token broke a rule.
        case idTokenRefused
        /// The token endpoint refused.
        case tokenRequestRefused
        /// The user info broke a rule.
        case userInfoRefused
        /// The provider's answer makes no sense: no JSON, no metadata, a member of the wrong type.
        case providerMalformed
        /// The provider cannot be reached, or was too slow.
        case providerUnavailable
        /// The access token has ended, and the provider gave nothing to refresh it with.
        case accessTokenEnded
        /// The provider takes the refresh token no more: the session is over.
        case refreshRefused
        /// The user is no longer logged in at the provider, and therefore not here.
        case providerSessionEnded
        /// The login that a page demanded has been made, and does not suffice for it.
        case stepUpInsufficient
        /// A form, which cannot be sent again by itself, came from somebody who has to log in first.
        case loginRequired
        /// A logout that came from outside cannot be trusted.
        case logoutRefused
        // What failed here.
        /// The session store does not work.
        case sessionsUnavailable
        /// The session is larger than its store holds, as where the provider says much and sessions are in cookies.
        case sessionTooLarge
    }

    /// What failed.
    public let code: Code
    /// The status of the page: 4xx for the browser's part or the provider's refusal, 502 and 504 for a provider that
    /// failed, 503 for the session store, 500 for a session that does not fit there.
    public let status: Int
    /// The provider, where one is known.
    public let provider: ProviderChoice?
    /// One sentence for the user: what happened.
    public let summary: String
    /// The named rule that failed, such as `idToken.nonce`, for the operator.
    public let rule: String
    /// What was expected, and what came; for the operator.
    public let expected: String?
    /// What came instead.
    public let actual: String?
    /// What to do about it.
    public let remedy: String
    /// Where the user goes on, such as `/login?provider=google`.
    public let retryPath: String
    /// The check of the protocol that failed; `nil` where the failure is this application's or the browser's.
    public let cause: OpenIDError.Code?
    /// The endpoint of the provider at which it failed; `nil` where it was at none.
    public let endpoint: TransportRequest.Purpose?
    /// What the session store says of itself. For the log alone: it may name files and servers.
    public internal(set) var storeError: String?
    /// The steps of the login until it failed, where there were some.
    public internal(set) var record: LoginRecord?

    /// Equal by code, so that tests match simply.
    public static func == (left: LoginFailure, right: LoginFailure) -> Bool { left.code == right.code }

    /// A failure as it stands.
    public init(
        _ code: Code, status: Int, provider: ProviderChoice?, summary: String, rule: String, expected: String? = nil,
        actual: String? = nil, remedy: String, retryPath: String, cause: OpenIDError.Code? = nil,
        endpoint: TransportRequest.Purpose? = nil
    ) {
        self.code = code
        self.status = status
        self.provider = provider
        self.summary = summary
        self.rule = rule
        self.expected = expected
        self.actual = actual
        self.remedy = remedy
        self.retryPath = retryPath
        self.cause = cause
        self.endpoint = endpoint
    }
}
