import ByteText

/// The settings that the app knows, by their names in the environment.
enum Setting: String, CaseIterable, Sendable {
    case providers = "PROVIDERS"
    case secretKey = "SECRET_KEY"
    case publicURL = "PUBLIC_URL"
    case host = "HOST"
    case port = "PORT"
    case trustedProxies = "TRUSTED_PROXIES"
    case maxConnections = "MAX_CONNECTIONS"
    case maxConnectionsPerClient = "MAX_CONNECTIONS_PER_CLIENT"
    case idleTimeout = "IDLE_TIMEOUT"
    case sessionStore = "SESSION_STORE"
    case certificateAuthorityFile = "CA_FILE"
    case dataDirectory = "DATA_DIR"
    case trace = "TRACE"
    case secretKeyFile = "SECRET_KEY_FILE"
    case logFormat = "LOG_FORMAT"
    case accessLog = "ACCESS_LOG"
    case metricsAllow = "METRICS_ALLOW"
    case adminRole = "ADMIN_ROLE"
    case forwardAuth = "FORWARD_AUTH"
    case forwardAuthRules = "FORWARD_AUTH_RULES"

    // Of one provider; with its name in front where PROVIDERS names several.
    case clientID = "CLIENT_ID"
    case clientSecret = "CLIENT_SECRET"
    case clientSecretFile = "CLIENT_SECRET_FILE"
    case serverMetadataURL = "SERVER_METADATA_URL"
    case title = "TITLE"
    case scope = "SCOPE"
    case logoutURL = "LOGOUT_URL"
    case tokenEndpointAuthMethod = "TOKEN_ENDPOINT_AUTH_METHOD"
    case idTokenSignedResponseAlg = "ID_TOKEN_SIGNED_RESPONSE_ALG"
    case maxAge = "MAX_AGE"
    case prompt = "PROMPT"
    case uiLocales = "UI_LOCALES"
    case acrValues = "ACR_VALUES"
    case userinfo = "USERINFO"
    case clockSkew = "CLOCK_SKEW"
    case responseType = "RESPONSE_TYPE"
    case responseMode = "RESPONSE_MODE"
    case clientKeyFile = "CLIENT_KEY_FILE"
    case clientKeyID = "CLIENT_KEY_ID"
    case tokenEndpointAuthSigningAlg = "TOKEN_ENDPOINT_AUTH_SIGNING_ALG"
    case clientAssertionAudience = "CLIENT_ASSERTION_AUDIENCE"
    case userinfoSignedResponseAlg = "USERINFO_SIGNED_RESPONSE_ALG"
    case resource = "RESOURCE"
    case logoutMethod = "LOGOUT_METHOD"
    case sessionManagement = "SESSION_MANAGEMENT"
    case providerKind = "PROVIDER_KIND"
    case hostedDomain = "HOSTED_DOMAIN"
    case allowedTenants = "ALLOWED_TENANTS"
    case appleTeamID = "APPLE_TEAM_ID"
    case appleKeyID = "APPLE_KEY_ID"
    case offlineAccess = "OFFLINE_ACCESS"
    case emailDomains = "EMAIL_DOMAINS"
    case logo = "LOGO"
    case issuer = "ISSUER"
    case plainHTTP = "PLAIN_HTTP"
    case authorizationEndpoint = "AUTHORIZATION_ENDPOINT"
    case tokenEndpoint = "TOKEN_ENDPOINT"
    case userinfoEndpoint = "USERINFO_ENDPOINT"
    case jwksURI = "JWKS_URI"
    case endSessionEndpoint = "END_SESSION_ENDPOINT"
    case roles = "ROLES"
    case trustedAudiences = "TRUSTED_AUDIENCES"

    /// Whether each provider has its own.
    var belongsToProvider: Bool {
        switch self {
        case .providers, .secretKey, .publicURL, .host, .port, .trustedProxies, .maxConnections,
            .maxConnectionsPerClient, .idleTimeout, .sessionStore, .certificateAuthorityFile, .dataDirectory, .trace,
            .secretKeyFile,
            .logFormat, .accessLog, .metricsAllow,
            .adminRole, .forwardAuth, .forwardAuthRules:
            false
        default: true
        }
    }

    /// Whether its value must never be shown.
    var isSecret: Bool { self == .clientSecret || self == .secretKey }

    /// The settings that each provider has.
    static let ofProvider = allCases.filter(\.belongsToProvider)
    /// The settings that may have a provider's name in front.
    static let withPrefix = ofProvider + [certificateAuthorityFile]
}

/// What is wrong with a setting: one line that names it and the remedy. Equal by code and setting.
struct SettingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of problem.
    enum Code: String, Sendable {
        /// It has to be set and is not.
        case missing
        /// Its value is not of the form that it must have.
        case malformed
        /// Its value is well formed, but this version cannot do it.
        case unsupported
        /// It contradicts another setting.
        case conflicting
        /// The file or directory that it names cannot be used.
        case unusable
        /// Others can read or change the file or directory that it names. A warning where it serves all the same.
        case exposed
        /// There is no such setting. A warning, not an error.
        case unknown
    }

    let code: Code
    /// The setting's name, with its provider's prefix; or a file and a line.
    let setting: String
    /// What is wrong, such as `is not set`.
    let what: String
    /// What to do about it: a sentence.
    let remedy: String

    init(_ code: Code, _ setting: String, _ what: String, remedy: String) {
        self.code = code
        self.setting = setting
        self.what = what
        self.remedy = remedy
    }

    var description: String { "\(setting) \(what). \(remedy)" }

    static func == (left: SettingProblem, right: SettingProblem) -> Bool {
        left.code == right.code && left.setting.isExactly(right.setting)
    }
}

/// All that is wrong with the settings.
struct ConfigurationError: Error, Sendable, Equatable {
    /// At least one.
    let problems: [SettingProblem]

    init(_ problems: [SettingProblem]) { self.problems = problems }
}
