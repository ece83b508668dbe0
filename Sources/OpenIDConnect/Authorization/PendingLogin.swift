public import FoundationEssentials
public import JOSE

/// What has to be remembered between the authorization request and its answer. It holds the code verifier: keep it in a
/// sealed cookie or on the server, never where someone else can read or change it.
public struct PendingLogin: Sendable, Hashable, CustomReflectable {
    /// Without state, nonce and verifier.
    public var customMirror: Mirror { Mirror(self, children: ["issuer": issuer.string, "begunAt": begunAt]) }

    /// The issuer that was asked: the answer has to be its own.
    public let issuer: Issuer
    /// The request's `state`.
    public let state: State
    /// The request's `nonce`.
    public let nonce: Nonce
    /// The verifier of the request's `code_challenge`.
    public let codeVerifier: CodeVerifier
    /// The request's `redirect_uri`.
    public let redirectURI: RedirectURI
    /// When the login was begun.
    public let begunAt: Date
    /// The request's `max_age` in seconds, which the ID Token's `auth_time` is held to.
    public let maxAge: Int?
    /// The `acr` values of which the ID Token has to have one; empty where any will do.
    public let requiredACRs: [String]
    /// The request's `response_mode`: how the answer has to come.
    public let responseMode: ResponseMode

    init(
        issuer: Issuer, state: State, nonce: Nonce, codeVerifier: CodeVerifier, redirectURI: RedirectURI, begunAt: Date,
        maxAge: Int?, requiredACRs: [String], responseMode: ResponseMode
    ) {
        self.issuer = issuer
        self.state = state
        self.nonce = nonce
        self.codeVerifier = codeVerifier
        self.redirectURI = redirectURI
        self.begunAt = begunAt
        self.maxAge = maxAge
        self.requiredACRs = requiredACRs
        self.responseMode = responseMode
    }

    /// The login as JSON, to be sealed and kept.
    public var json: JSONObject {
        let begunSeconds = wholeSeconds(begunAt.timeIntervalSince1970)
        var object: JSONObject = [
            "iss": .string(issuer.string), "state": .string(state.string), "nonce": .string(nonce.string),
            "verifier": .string(codeVerifier.string), "redirect": .string(redirectURI.url.string),
            "begun": .number(JSONNumber(begunSeconds)),
            // Apart, since earlier versions read whole seconds.
            "begun_ms": .number(
                JSONNumber(wholeSeconds((begunAt.timeIntervalSince1970 - Double(begunSeconds)) * 1000))),
        ]
        if let maxAge { object["max_age"] = .number(JSONNumber(Int64(maxAge))) }
        if !requiredACRs.isEmpty { object["acr"] = .array(requiredACRs.map { .string($0) }) }
        if responseMode != .query { object["mode"] = .string(responseMode.rawValue) }
        return object
    }

    /// Reads what ``json`` wrote; `nil` where it is anything else. `plainHTTP` as for the issuer.
    public init?(json: JSONObject, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        guard let issuer = json["iss"]?.string.flatMap({ Issuer($0, plainHTTP: plainHTTP) }),
            let state = json["state"]?.string.flatMap({ State($0) }),
            let nonce = json["nonce"]?.string.flatMap({ Nonce($0) }),
            let verifier = json["verifier"]?.string.flatMap({ CodeVerifier($0) }),
            let redirect = json["redirect"]?.string.flatMap({ RedirectURI($0, plainHTTP: plainHTTP) }),
            let begun = json["begun"]?.integer,
            let mode = json["mode"].map({ $0.string.flatMap { ResponseMode(exactly: $0) } }) ?? ResponseMode.query
        else { return nil }
        self.init(
            issuer: issuer, state: state, nonce: nonce, codeVerifier: verifier, redirectURI: redirect,
            begunAt: Date(
                timeIntervalSince1970: TimeInterval(begun) + TimeInterval(json["begun_ms"]?.integer ?? 0) / 1000),
            maxAge: json["max_age"]?.integer.flatMap { Int(exactly: $0) },
            requiredACRs: json["acr"]?.array?.compactMap(\.string) ?? [], responseMode: mode)
    }
}
