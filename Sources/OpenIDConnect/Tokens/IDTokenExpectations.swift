public import JOSE

/// What an ID Token is held against.
struct IDTokenExpectations {
    /// How the `nonce` is judged.
    enum NonceExpectation {
        /// The request had this one: the token has to have it.
        case exactly(Nonce)
        /// A refresh: none is wanted, and one that is there has to be the login's (OIDC Core §12.2).
        case asAtLogin
    }

    var token: TokenExpectations
    let nonce: NonceExpectation
    /// The request's `max_age` in seconds.
    var maxAge: Int?
    /// `acr` values of which one is demanded.
    var requiredACRs: [String] = []
    /// Claims that are demanded, with the values of which each has to have one.
    var requiredClaims: [String: Set<String>] = [:]
    /// The access token that came with the ID Token.
    let accessToken: AccessToken?
    /// After a refresh: the login that goes on.
    var original: OriginalLogin?
}

/// The claims of a login's ID Token that every later ID Token of the same login has to repeat (OIDC Core §12.2).
public struct OriginalLogin: Sendable, Hashable, CustomReflectable {
    /// Without the nonce.
    public var customMirror: Mirror { Mirror(self, children: ["issuer": issuer.string, "subject": subject.string]) }

    /// `iss`.
    public let issuer: Issuer
    /// `sub`.
    public let subject: Subject
    let audiences: [String]
    let authorizedParty: String?
    let authenticatedAt: Int64?
    let nonce: String?

    init(
        issuer: Issuer, subject: Subject, audiences: [String], authorizedParty: String?, authenticatedAt: Int64?,
        nonce: String?
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audiences = audiences
        self.authorizedParty = authorizedParty
        self.authenticatedAt = authenticatedAt
        self.nonce = nonce
    }

    /// The claims as JSON, to be kept with a session.
    public var json: JSONObject {
        var object: JSONObject = [
            "iss": .string(issuer.string), "sub": .string(subject.string),
            "aud": .array(audiences.map { .string($0) }),
        ]
        if let authorizedParty { object["azp"] = .string(authorizedParty) }
        if let authenticatedAt { object["auth_time"] = .number(JSONNumber(authenticatedAt)) }
        if let nonce { object["nonce"] = .string(nonce) }
        return object
    }

    /// Reads what ``json`` wrote; `nil` where it is anything else.
    public init?(json: JSONObject, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        guard let issuer = json["iss"]?.string.flatMap({ Issuer($0, plainHTTP: plainHTTP) }),
            let subject = json["sub"]?.string.flatMap({ Subject($0) }),
            let audiences = json["aud"]?.array?.compactMap(\.string)
        else { return nil }
        self.init(
            issuer: issuer, subject: subject, audiences: audiences, authorizedParty: json["azp"]?.string,
            authenticatedAt: json["auth_time"]?.integer, nonce: json["nonce"]?.string)
    }
}
