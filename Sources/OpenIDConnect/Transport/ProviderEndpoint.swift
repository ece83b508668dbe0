/// What a provider is asked for by the application itself.
enum ProviderEndpoint: String, Sendable, Hashable {
    /// The metadata document (OIDC Discovery §4).
    case metadata = "provider metadata"
    /// `jwks_uri`.
    case keySet = "key set"
    /// `token_endpoint`.
    case token = "token endpoint"
    /// `userinfo_endpoint`.
    case userInfo = "UserInfo endpoint"

    /// The step of a login that it belongs to.
    var step: LoginRecord.Step.Kind {
        switch self {
        case .metadata: .discovery
        case .keySet: .keys
        case .token: .tokenRequest
        case .userInfo: .userInfo
        }
    }
}
