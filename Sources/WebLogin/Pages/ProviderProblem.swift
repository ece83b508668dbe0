public import OpenIDConnect

/// What goes wrong between an application and a provider because of how one of them is set up. Each has a place in the
/// provider's own pages where it is mended: `ProviderKind.remedy(for:)`.
public enum ProviderProblem: String, Sendable, Hashable, CaseIterable {
    /// The redirect URI is not registered. Most providers say so on a page of their own, and the browser never comes back.
    case redirectURI
    /// The client is not known, or its proof is wrong or has expired: `invalid_client`.
    case client
    /// The code or the refresh token is not taken: `invalid_grant`.
    case grant
    /// The client may not do this: `unauthorized_client`, or no code flow.
    case unauthorizedClient
    /// The user, or an administrator for them, has not agreed: `access_denied`.
    case accessDenied
    /// A scope is not known, or not for this client: `invalid_scope`.
    case scope
    /// The provider knows itself by another issuer.
    case issuer
    /// The metadata or the keys do not lie where they are looked for.
    case metadata
    /// The ID Token is made out to somebody else too, or only.
    case audience
    /// The ID Token is signed in a way that was not agreed on.
    case algorithm
    /// The two clocks disagree.
    case clock
    /// `at_hash` does not fit the access token.
    case accessTokenHash
    /// There is no ID Token.
    case idTokenMissing
    /// The user's claims that the registration wants are others: the wrong organisation.
    case organization
    /// The UserInfo endpoint refuses.
    case userInfo
    /// The user has no `email`.
    case emailMissing

    /// The problem behind a check that failed; `nil` where it is none of how things are set up.
    public init?(_ cause: OpenIDError.Code) {
        switch cause {
        case .authorizationRefused(let error), .tokenRequestRefused(let error):
            guard let problem = Self.byErrorName[error.name] else { return nil }
            self = problem
        case .metadataIssuer, .idToken(.issuer), .responseIssuer: self = .issuer
        case .status, .metadata, .keySet, .idToken(.signature): self = .metadata
        case .idToken(.audience), .idToken(.additionalAudiences), .idToken(.authorizedParty): self = .audience
        case .idToken(.algorithm), .unsupported: self = .algorithm
        case .idToken(.expiry), .idToken(.issuedAt), .idToken(.notBefore): self = .clock
        case .idToken(.accessTokenHash): self = .accessTokenHash
        case .idToken(.present): self = .idTokenMissing
        case .idToken(.requiredClaims): self = .organization
        case .userInfoRefused: self = .userInfo
        default: return nil
        }
    }

    /// The problem behind a login that failed. A status tells of the metadata only where they, or the keys, were asked for;
    /// and a provider in trouble is not set up wrongly.
    init?(_ failure: LoginFailure) {
        guard let cause = failure.cause else { return nil }
        if case .status = cause, failure.endpoint != .metadata && failure.endpoint != .keys { return nil }
        self.init(cause)
    }

    /// Standard names, and those of single providers that are as plain.
    private static let byErrorName: [String: ProviderProblem] = [
        "redirect_uri_mismatch": .redirectURI, "bad_redirect_uri": .redirectURI,
        "invalid_client": .client, "incorrect_client_credentials": .client, "bad_client_secret": .client,
        "invalid_client_id": .client, "invalid_grant": .grant, "bad_verification_code": .grant, "invalid_code": .grant,
        "unauthorized_client": .unauthorizedClient, "unsupported_response_type": .unauthorizedClient,
        "unsupported_grant_type": .unauthorizedClient, "access_denied": .accessDenied,
        "consent_required": .accessDenied, "interaction_required": .accessDenied,
        "admin_policy_enforced": .accessDenied, "org_internal": .accessDenied, "invalid_scope": .scope,
    ]
}

extension ProviderKind {
    /// What to change, and where in this provider's own pages, so that a login that failed so will do; `nil` where nothing
    /// is known beyond ``LoginFailure/remedy``.
    public func remedy(for failure: LoginFailure) -> String? {
        ProviderProblem(failure).flatMap { remedy(for: $0) }
    }

    /// What to change, and where in this provider's own pages; `nil` where nothing particular is known. The sources are in
    /// `docs/providers`.
    public func remedy(for problem: ProviderProblem) -> String? {
        switch self {
        case .google: problem.atGoogle
        case .keycloak: problem.atKeycloak
        case .entra: problem.atEntra
        case .apple: problem.atApple
        case .okta: problem.atOkta
        case .auth0: problem.atAuth0
        case .lsLogin: problem.atLSLogin
        case .gitLab: problem.atGitLab
        case .other: nil
        }
    }
}
