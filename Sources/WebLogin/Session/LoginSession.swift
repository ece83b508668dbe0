import ByteText
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
    public var provider: ProviderName { facts.provider }
    /// With the subject, who the user is.
    public var issuer: Issuer { facts.issuer }
    /// With the issuer, who the user is.
    public var subject: Subject { facts.subject }
    /// What is known of the user: claims of the ID Token and of UserInfo.
    public var claims: JSONObject { facts.claims }
    /// When the login was finished.
    public var loggedInAt: Date { facts.loggedInAt }
    /// The session at the provider, `sid`.
    public var providerSessionID: String? { facts.providerSessionID }
    /// What the provider's `check_session_iframe` is asked with (Session Management §2).
    public var sessionState: String? { facts.sessionState }
    /// For calls to other servers on the user's behalf; may have ended: see ``WebLogin/freshSession(of:margin:)``.
    public var accessToken: AccessToken { facts.accessToken }
    /// When the access token ends; `nil` where the provider did not say.
    public var accessTokenExpiresAt: Date? { facts.accessTokenExpiresAt }
    /// For a new access token.
    public var refreshToken: RefreshToken? { facts.refreshToken }
    /// Where the browser was at the login: an address as the application saw it.
    public var address: String { facts.address }
    /// What the browser called itself at the login, cut.
    public var userAgent: String? { facts.userAgent }

    /// A name that came by the browser beside a login at Apple, at the first consent and never again: nobody has signed it, and
    /// the user can have written anything. To call somebody by, and to keep, as what they typed; for nothing else.
    public var unverifiedName: String? { facts.unverifiedName }
    /// Whether the user is in more groups than the ID Token holds, so that ``claims`` has no `groups` though they are in some
    /// (`UserInfo.hasGroupsOverage` of OpenIDConnect).
    public var hasGroupsOverage: Bool { claims.hasGroupsOverage }

    /// The user's roles, as the provider's ``ProviderRegistration/roles`` finds them in ``claims``. They are those of the
    /// login: neither a refresh nor ``WebLogin/userInfo(of:)`` changes them, the next login does. A changed mapping holds
    /// at once.
    public internal(set) var roles: Set<String> = []
    /// When the user proved who they are at the provider: the ID Token's `auth_time`, where it has one. A refresh is no
    /// such proof, and changes nothing.
    public var authenticatedAt: Date? { facts.authenticatedAt }
    /// How the user proved it: the ID Token's `acr`, where it has one.
    public var acr: String? { facts.acr }
    /// What the login was to prove.
    var demand: LoginDemand { facts.demand }

    /// For `id_token_hint` at logout.
    var idTokenHint: String { facts.idTokenHint }
    /// What a refreshed ID Token is held against.
    var original: OriginalLogin { facts.original }

    /// All of it but the roles, in one place: each request hands a session from hand to hand.
    private final class Box: Sendable {
        let facts: Facts

        init(_ facts: Facts) { self.facts = facts }
    }

    private struct Facts: Sendable {
        let provider: ProviderName
        let original: OriginalLogin
        let claims: JSONObject
        let loggedInAt: Date
        var accessToken: AccessToken
        var accessTokenExpiresAt: Date?
        var refreshToken: RefreshToken?
        var idTokenHint: String
        let demand: LoginDemand
        let providerSessionID: String?
        let sessionState: String?
        let address: String
        let userAgent: String?
        let unverifiedName: String?
        let authenticatedAt: Date?
        let acr: String?

        var issuer: Issuer { original.issuer }
        var subject: Subject { original.subject }
    }

    private var box: Box
    private var facts: Facts { box.facts }

    init(
        _ login: Login, demand: LoginDemand, roles: RoleMapping, provider: ProviderName, unverifiedName: String?,
        address: String, userAgent: String?, at now: Date
    ) {
        box = Box(
            Facts(
                provider: provider, original: login.idToken.original, claims: login.userInfo.claims, loggedInAt: now,
                accessToken: login.tokens.accessToken, accessTokenExpiresAt: login.tokens.accessTokenExpiresAt,
                refreshToken: login.tokens.refreshToken, idTokenHint: login.idToken.compact, demand: demand,
                providerSessionID: login.idToken.sessionID, sessionState: login.sessionState, address: address,
                userAgent: userAgent.map(excerpt), unverifiedName: unverifiedName,
                authenticatedAt: login.idToken.authenticatedAt, acr: login.idToken.claims["acr"]?.string))
        self.roles = roles.roles(in: claims)
    }

    /// Takes the tokens of a refresh; who the user is stays.
    mutating func renew(with refreshed: Refreshed) {
        var facts = facts
        facts.accessToken = refreshed.tokens.accessToken
        facts.accessTokenExpiresAt = refreshed.tokens.accessTokenExpiresAt
        facts.refreshToken = refreshed.tokens.refreshToken
        if let idToken = refreshed.idToken { facts.idTokenHint = idToken.compact }
        box = Box(facts)
    }

    /// Whether the user has a role: this very one, code point by code point.
    public func hasRole(_ role: String) -> Bool { roles.contains { $0.isExactly(role) } }

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

    /// Claims may be as deep as any JSON, and stand two levels deeper in a payload.
    static let payloadDepth = 40

    /// What a list of sessions shows: the members of ``payload`` that ``ActiveSession`` has, so that it reads either.
    var summary: [UInt8] {
        var object: JSONObject = [
            "provider": .string(provider.string),
            "at": .number(JSONNumber(Int64(loggedInAt.timeIntervalSince1970))),
        ]
        if !address.isEmpty { object["address"] = .string(address) }
        if let userAgent { object["agent"] = .string(userAgent) }
        return JSONValue.object(object).serialized()
    }

    /// Reads what ``payload`` wrote; `nil` for anything else.
    init?(payload: [UInt8]) {
        guard let object = (try? JSONValue.parse(payload, maximumDepth: Self.payloadDepth))?.object,
            let provider = object["provider"]?.string.flatMap({ ProviderName($0) }),
            let original = object["login"]?.object.flatMap({ OriginalLogin(json: $0, plainHTTP: .everywhere) }),
            let claims = object["claims"]?.object, let at = object["at"]?.integer,
            let accessToken = object["access_token"]?.string.flatMap({ AccessToken($0) }),
            let idToken = object["id_token"]?.string
        else { return nil }
        let date = { (name: String) in
            (object[name]?.integer).map { Date(timeIntervalSince1970: TimeInterval($0)) }
        }
        box = Box(
            Facts(
                provider: provider, original: original, claims: claims,
                loggedInAt: Date(timeIntervalSince1970: TimeInterval(at)), accessToken: accessToken,
                accessTokenExpiresAt: date("expires"),
                refreshToken: object["refresh_token"]?.string.flatMap { RefreshToken($0) }, idTokenHint: idToken,
                demand: LoginDemand(json: object["demand"]?.object), providerSessionID: object["sid"]?.string,
                sessionState: object["session_state"]?.string, address: object["address"]?.string ?? "",
                userAgent: object["agent"]?.string, unverifiedName: object["typed_name"]?.string,
                authenticatedAt: date("auth_time"), acr: object["acr"]?.string))
    }
}
