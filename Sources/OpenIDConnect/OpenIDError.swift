/// Why the relying party stopped: which check failed, what was expected, what came, what to do. Holds no secret, no token
/// and no code; what came from outside is cut to 200 characters.
public struct OpenIDError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The check that failed.
    public enum Code: Sendable, Hashable {
        /// The registration cannot work: a value breaks its own rule, or two contradict each other.
        case registration
        /// The provider gave no answer.
        case transport(TransportError.Code)
        /// The provider answered with a status that the endpoint does not have in this place.
        case status
        /// The metadata is no JSON object, or a member is missing or of the wrong form (OIDC Discovery §3).
        case metadata
        /// The metadata's `issuer` is not the one that was asked for (OIDC Discovery §4.3).
        case metadataIssuer
        /// The provider and the registration have nothing in common: response type, algorithm, authentication method.
        case unsupported
        /// The JWK Set cannot be read (RFC 7517 §5).
        case keySet
        /// The authorization response lacks a parameter, has one twice, or has parts that contradict each other.
        case authorizationResponse
        /// The response's `state` is not the request's (OIDC Core §3.1.2.7).
        case state
        /// The response's `iss` is missing or another's (RFC 9207 §2.4).
        case responseIssuer
        /// The provider answered the authorization request with an error (RFC 6749 §4.1.2.1).
        case authorizationRefused(ErrorResponse)
        /// The token endpoint answered with an error (RFC 6749 §5.2).
        case tokenRequestRefused(ErrorResponse)
        /// The token endpoint's answer lacks a member, or has one of the wrong form (RFC 6749 §5.1; OIDC Core §3.1.3.3).
        case tokenResponse
        /// The ID Token broke a rule.
        case idToken(IDTokenRule)
        /// The logout token broke a rule.
        case logoutToken(LogoutTokenRule)
        /// The access token broke a rule.
        case accessToken(AccessTokenRule)
        /// The UserInfo answer is an error (RFC 6750 §3).
        case userInfoRefused
        /// The UserInfo answer is no JSON object with claims (OIDC Core §5.3.2).
        case userInfoResponse
        /// A signed UserInfo answer is not the provider's for this client, or one was demanded and did not come
        /// (OIDC Core §5.3.2).
        case userInfoSignature
        /// The `sub` of the UserInfo answer is missing or not the ID Token's (OIDC Core §5.3.2).
        case userInfoSubject

        /// The name of the rule, for logs and pages, such as `idToken.nonce`.
        public var name: String {
            switch self {
            case .registration: "registration"
            case .transport(let code): "transport.\(code.rawValue)"
            case .status: "provider.status"
            case .metadata: "metadata.form"
            case .metadataIssuer: "metadata.issuer"
            case .unsupported: "metadata.supported"
            case .keySet: "keySet.form"
            case .authorizationResponse: "authorizationResponse.form"
            case .state: "authorizationResponse.state"
            case .responseIssuer: "authorizationResponse.iss"
            case .authorizationRefused(let error): "authorizationResponse.error.\(error.name)"
            case .tokenRequestRefused(let error): "tokenResponse.error.\(error.name)"
            case .tokenResponse: "tokenResponse.form"
            case .idToken(let rule): "idToken.\(rule.rawValue)"
            case .logoutToken(let rule): "logoutToken.\(rule.rawValue)"
            case .accessToken(let rule): "accessToken.\(rule.rawValue)"
            case .userInfoRefused: "userInfo.error"
            case .userInfoResponse: "userInfo.form"
            case .userInfoSignature: "userInfo.signature"
            case .userInfoSubject: "userInfo.subject"
            }
        }
    }

    /// The check that failed.
    public let code: Code
    /// What was expected.
    public let expected: String
    /// What came.
    public let actual: String
    /// What to do about it.
    public let remedy: String
    /// The rules of the ID Token, the logout token or the access token that were applied until the end, the failed one last; empty where none
    /// was.
    public let outcomes: [RuleOutcome]

    /// The endpoint of the provider whose answer, or silence, it is about; `nil` where it is none's.
    public let endpoint: TransportRequest.Purpose?

    /// An error as it stands; `actual` is cut and cleaned here.
    public init(
        _ code: Code, expected: String, actual: String, remedy: String, outcomes: [RuleOutcome] = [],
        endpoint: TransportRequest.Purpose? = nil
    ) {
        self.code = code
        self.expected = excerpt(expected)
        self.actual = excerpt(actual)
        self.remedy = remedy
        self.outcomes = outcomes
        self.endpoint = endpoint
    }

    /// One line for a log.
    public var description: String { "\(code.name): expected \(expected), came \(actual). \(remedy)" }

    /// Equal by code, so that tests match simply.
    public static func == (left: OpenIDError, right: OpenIDError) -> Bool { left.code == right.code }
}

/// The `error` of an error response (RFC 6749 §4.1.2.1, §5.2; OIDC Core §3.1.2.6).
public struct ErrorResponse: Sendable, Hashable {
    /// The value of `error`: visible ASCII, cut to 200 characters.
    public let name: String

    /// `nil` where the value is empty or has characters that the specification forbids there.
    public init?(_ name: String) {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        self.name = excerpt(name)
    }

    /// The user said no, or the provider did.
    public static let accessDenied = ErrorResponse(known: "access_denied")
    /// `prompt=none`, and nobody is logged in there (OIDC Core §3.1.2.6).
    public static let loginRequired = ErrorResponse(known: "login_required")
    /// A scope that the provider does not know.
    public static let invalidScope = ErrorResponse(known: "invalid_scope")
    /// The client could not prove itself.
    public static let invalidClient = ErrorResponse(known: "invalid_client")
    /// The code or the refresh token is used, expired, or another client's.
    public static let invalidGrant = ErrorResponse(known: "invalid_grant")
    /// The client may not use this grant.
    public static let unauthorizedClient = ErrorResponse(known: "unauthorized_client")
    /// The provider broke down.
    public static let serverError = ErrorResponse(known: "server_error")
    /// The provider is overloaded.
    public static let temporarilyUnavailable = ErrorResponse(known: "temporarily_unavailable")

    private init(known: String) { name = known }
}
