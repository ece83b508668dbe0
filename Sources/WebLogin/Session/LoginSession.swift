public import FoundationEssentials
public import JOSE
public import OpenIDConnect

/// A signed-in user, as the session keeps them.
public struct LoginSession: Sendable, CustomReflectable {
    /// Without any token.
    public var customMirror: Mirror {
        Mirror(self, children: ["provider": provider.string, "issuer": issuer.string, "subject": subject.string])
    }

    /// The provider's registered name.
    public let provider: ProviderName
    /// With the subject, who the user is.
    public let issuer: Issuer
    /// With the issuer, who the user is.
    public let subject: Subject
    /// What is known of the user: claims of the ID Token and of UserInfo.
    public let claims: JSONObject
    /// When the login was finished.
    public let loggedInAt: Date
    /// The session at the provider, `sid`.
    public let providerSessionID: String?
    /// What the provider's `check_session_iframe` is asked with (Session Management §2).
    public let sessionState: String?
    /// For calls to other servers on the user's behalf; may have ended: see ``WebLogin/freshSession(of:margin:)``.
    public private(set) var accessToken: AccessToken
    /// When the access token ends; `nil` where the provider did not say.
    public private(set) var accessTokenExpiresAt: Date?
    /// For a new access token.
    public private(set) var refreshToken: RefreshToken?
    /// Where the browser was at the login: an address as the application saw it.
    public let address: String
    /// What the browser called itself at the login, cut.
    public let userAgent: String?

    /// A name that came by the browser beside a login at Apple, at the first consent and never again: nobody has signed it, and
    /// the user can have written anything. To call somebody by, and to keep, as what they typed; for nothing else.
    public internal(set) var unverifiedName: String?
    /// Whether the user is in more groups than the ID Token holds, so that ``claims`` has no `groups` though they are in some
    /// (`UserInfo.hasGroupsOverage` of OpenIDConnect).
    public var hasGroupsOverage: Bool { claims.hasGroupsOverage }

    /// The user's roles, as the provider's ``ProviderRegistration/roles`` finds them in ``claims``. They are those of the
    /// login: neither a refresh nor ``WebLogin/userInfo(of:)`` changes them, the next login does. A changed mapping holds
    /// at once.
    public internal(set) var roles: Set<String> = []
    /// When the user proved who they are at the provider: the ID Token's `auth_time`, where it has one. A refresh is no
    /// such proof, and changes nothing.
    public let authenticatedAt: Date?
    /// How the user proved it: the ID Token's `acr`, where it has one.
    public let acr: String?
    /// What the login was to prove.
    let demand: LoginDemand

    /// For `id_token_hint` at logout.
    private(set) var idTokenHint: String
    /// What a refreshed ID Token is held against.
    let original: OriginalLogin

    init(
        _ login: Login, demand: LoginDemand, roles: RoleMapping, provider: ProviderName, address: String,
        userAgent: String?, at now: Date
    ) {
        self.demand = demand
        authenticatedAt = login.idToken.authenticatedAt
        acr = login.idToken.claims["acr"]?.string
        self.address = address
        self.userAgent = userAgent.map(excerpt)
        self.provider = provider
        issuer = login.idToken.issuer
        subject = login.idToken.subject
        claims = login.userInfo.claims
        self.roles = roles.roles(in: claims)
        loggedInAt = now
        providerSessionID = login.idToken.sessionID
        sessionState = login.sessionState
        accessToken = login.tokens.accessToken
        accessTokenExpiresAt = login.tokens.accessTokenExpiresAt
        refreshToken = login.tokens.refreshToken
        idTokenHint = login.idToken.compact
        original = login.idToken.original
    }

    /// Takes the tokens of a refresh; who the user is stays.
    mutating func renew(with refreshed: Refreshed) {
        accessToken = refreshed.tokens.accessToken
        accessTokenExpiresAt = refreshed.tokens.accessTokenExpiresAt
        refreshToken = refreshed.tokens.refreshToken
        if let idToken = refreshed.idToken { idTokenHint = idToken.compact }
    }

    /// Whether the user has a role: this very one, code point by code point.
    public func hasRole(_ role: String) -> Bool { roles.contains { isIdentical($0, role) } }

    /// `name`, as the provider gave it; where it gave none, ``unverifiedName``.
    public var name: String? { claims["name"]?.string ?? unverifiedName }
    /// `email`: not for identification (OIDC Core §5.7).
    public var email: String? { claims["email"]?.string }
}

extension LoginSession {
    /// The session as a store keeps it.
    var payload: [UInt8] {
        var object: JSONObject = [
            "provider": .string(provider.string), "login": .object(original.json), "claims": .object(claims),
            "at": .number(JSONNumber(Int64(loggedInAt.timeIntervalSince1970))),
            "access_token": .string(accessToken.secretString), "id_token": .string(idTokenHint),
        ]
        if let providerSessionID { object["sid"] = .string(providerSessionID) }
        if let sessionState { object["session_state"] = .string(sessionState) }
        if let accessTokenExpiresAt {
            object["expires"] = .number(JSONNumber(Int64(accessTokenExpiresAt.timeIntervalSince1970)))
        }
        if let authenticatedAt {
            object["auth_time"] = .number(JSONNumber(wholeSeconds(authenticatedAt.timeIntervalSince1970)))
        }
        if let unverifiedName { object["typed_name"] = .string(unverifiedName) }
        if let acr { object["acr"] = .string(acr) }
        if !demand.isEmpty { object["demand"] = .object(demand.json) }
        if !address.isEmpty { object["address"] = .string(address) }
        if let userAgent { object["agent"] = .string(userAgent) }
        if let refreshToken { object["refresh_token"] = .string(refreshToken.secretString) }
        return JSONValue.object(object).serialized()
    }

    /// Reads what ``payload`` wrote; `nil` for anything else.
    init?(payload: [UInt8]) {
        // Claims may be as deep as any JSON, and stand two levels deeper here.
        guard let object = (try? JSONValue.parse(payload, maximumDepth: 40))?.object,
            let provider = object["provider"]?.string.flatMap({ ProviderName($0) }),
            let original = object["login"]?.object.flatMap({ OriginalLogin(json: $0, plainHTTP: .everywhere) }),
            let claims = object["claims"]?.object, let at = object["at"]?.integer,
            let accessToken = object["access_token"]?.string.flatMap({ AccessToken($0) }),
            let idToken = object["id_token"]?.string
        else { return nil }
        self.provider = provider
        self.original = original
        self.claims = claims
        self.accessToken = accessToken
        issuer = original.issuer
        subject = original.subject
        loggedInAt = Date(timeIntervalSince1970: TimeInterval(at))
        providerSessionID = object["sid"]?.string
        sessionState = object["session_state"]?.string
        unverifiedName = object["typed_name"]?.string
        accessTokenExpiresAt = (object["expires"]?.integer).map { Date(timeIntervalSince1970: TimeInterval($0)) }
        authenticatedAt = (object["auth_time"]?.integer).map { Date(timeIntervalSince1970: TimeInterval($0)) }
        acr = object["acr"]?.string
        demand = LoginDemand(json: object["demand"]?.object)
        refreshToken = object["refresh_token"]?.string.flatMap { RefreshToken($0) }
        idTokenHint = idToken
        address = object["address"]?.string ?? ""
        userAgent = object["agent"]?.string
    }
}
