package import JOSE

/// One thing that a provider does wrong, or does in an unusual way. Everything else stays as it should be.
package struct Misbehaviour: Sendable {
    /// Changes one thing; what it may want to know of the provider is in the situation.
    package typealias Edit<Value> = @Sendable (inout Value, Situation) throws -> Void

    /// What stands behind the origin in the issuer.
    package var issuerPath = ""
    package var metadata: [Edit<JSONObject>] = []
    /// The elements of `keys`.
    package var keySet: [Edit<[JSONValue]>] = []
    /// The parameters of the authorization response.
    package var response: [Edit<[Parameter]>] = []
    package var claims: [Edit<JSONObject>] = []
    package var header: [Edit<JSONObject>] = []
    /// The payload and the header of the ID Token as they are written.
    package var payloadBytes: [Edit<[UInt8]>] = []
    package var headerBytes: [Edit<[UInt8]>] = []
    package var signature: [Edit<[UInt8]>] = []
    /// The compact ID Token.
    package var compact: [Edit<String>] = []
    /// The members of the token endpoint's answer.
    package var tokens: [Edit<JSONObject>] = []
    package var userInfo: [Edit<JSONObject>] = []
    /// Whole answers, before they are written.
    package var replies: [Endpoint: [Edit<Reply>]] = [:]
    /// What happens to answers on the wire.
    package var wire: [Endpoint: WireFault] = [:]
    /// Whether codes are held against their verifiers (RFC 7636 §4.6).
    package var checksVerifiers = true
    /// Whether the UserInfo endpoint takes access tokens in the form of a POST, and nowhere else (RFC 6750 §2.2).
    package var takesTokensInForms = false
    /// Whether the token endpoint takes secrets in the form of a request only (`client_secret_post`).
    package var refusesBasic = false
    /// Whether answers go by form post; `nil`: as they are asked for.
    package var postsAnswers: Bool?
    /// The key of the client that proves itself by assertions; `nil` for one that sends its secret.
    package var clientKey: JWK?
    /// The key that signs the ID Token.
    package var signer: @Sendable (Situation) throws -> SigningKey = { $0.keys.rsa }

    /// A provider that behaves.
    package init() {}

    /// Both, the left one's edits first.
    package static func + (left: Misbehaviour, right: Misbehaviour) -> Misbehaviour {
        var both = left
        if !right.issuerPath.isEmpty { both.issuerPath = right.issuerPath }
        both.metadata += right.metadata
        both.keySet += right.keySet
        both.response += right.response
        both.claims += right.claims
        both.header += right.header
        both.payloadBytes += right.payloadBytes
        both.headerBytes += right.headerBytes
        both.signature += right.signature
        both.compact += right.compact
        both.tokens += right.tokens
        both.userInfo += right.userInfo
        both.replies.merge(right.replies) { $0 + $1 }
        both.wire.merge(right.wire) { $1 }
        both.checksVerifiers = left.checksVerifiers && right.checksVerifiers
        both.takesTokensInForms = left.takesTokensInForms || right.takesTokensInForms
        both.refusesBasic = left.refusesBasic || right.refusesBasic
        both.postsAnswers = right.postsAnswers ?? left.postsAnswers
        both.clientKey = right.clientKey ?? left.clientKey
        if right.hasSigner { both.signer = right.signer }
        both.hasSigner = left.hasSigner || right.hasSigner
        return both
    }

    var hasSigner = false
}

/// A parameter of an authorization response.
package struct Parameter: Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// Where a request arrives.
package enum Endpoint: String, Sendable, Hashable, CaseIterable {
    case discovery = "openid-configuration"
    case keys
    case authorize
    case token
    case userInfo = "userinfo"
    case unknown

    /// By the last segment of the path.
    init(path: String) {
        self = path.split(separator: "/").last.flatMap { Endpoint(rawValue: String($0)) } ?? .unknown
    }
}

/// What an edit may look at.
package struct Situation: Sendable {
    package let issuer: String
    /// Scheme, host and port.
    package let origin: String
    /// Scheme, host and port of a second server, which answers as the first does and should never be asked.
    package let elsewhere: String
    package let client: Client
    /// Three sets of keys, to change between.
    package let generations: [KeyRing]
    /// How many logins have begun.
    package let login: Int
    /// How many token requests have come.
    package let tokenRequests: Int
    /// Of the login that the token is for.
    package var accessToken = ""
    package var code = ""
    /// Whether the token is for a refresh.
    package var isRefresh = false

    /// The keys that a provider has that does not change them.
    package var keys: KeyRing { generations[0] }
}

/// The only client of the provider.
package struct Client: Sendable {
    package let id: String
    package let secret: String
    package let redirectURI: String

    package init(id: String, secret: String, redirectURI: String) {
        self.id = id
        self.secret = secret
        self.redirectURI = redirectURI
    }
}
