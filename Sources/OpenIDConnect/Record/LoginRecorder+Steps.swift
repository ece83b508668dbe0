import ByteText
import FoundationEssentials
import JOSE

// What each step has to tell. Secrets are masked here, by the specifications' names.
extension LoginRecorder {
    typealias Part = LoginRecord.Part

    /// The metadata that a login goes by.
    package func add(_ metadata: ProviderMetadata) {
        add(.discovery, Self.parts(of: metadata))
    }

    private static func parts(of metadata: ProviderMetadata) -> [Part] {
        let used = [
            "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint",
            "end_session_endpoint", "scopes_supported", "response_types_supported",
            "id_token_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
            "code_challenge_methods_supported", "authorization_response_iss_parameter_supported",
        ]
        let count = metadata.document.members.count
        let leftOut = Set(metadata.leftOut.map { ExactText($0.name) })
        return used.filter { !leftOut.contains(ExactText($0)) }
            .compactMap { name in metadata.document[name].map { Part(.used, name, shown($0, named: name)) } }
            + metadata.leftOut.map { Part($0) } + [
                Part(.measured, "members", "\(count) in the document"),
                Part(
                    .rule, OpenIDError.Code.metadataIssuer.name, metadata.issuer.string,
                    expected: metadata.issuer.string, verdict: .passed),
            ]
    }

    /// An authorization request, as it was sent through the browser.
    func addRequest(to endpoint: EndpointURL, _ parameters: [(name: String, value: String)], at time: Date) {
        add(
            .authorizationRequest,
            [Part(.sent, "GET", endpoint.string)]
                + parameters.map {
                    Part(.sent, $0.name, Self.secret.contains(ExactText($0.name)) ? masked($0.value) : $0.value)
                },
            at: time)
    }

    /// Parameters of authorization requests that are not shown.
    private static let secret: Set<ExactText> = ["state", "nonce", "id_token_hint", "login_hint"]
    /// Parameters of answers that are.
    private static let open: Set<ExactText> = ["iss", "error", "error_description", "error_uri", "scope"]

    /// The parameters of the provider's answer. Of one that is not known the value is not shown.
    package func addAnswer(_ parameters: [(name: String, value: String)], mode: ResponseMode) {
        add(
            .authorizationResponse,
            [Part(.received, "response_mode", mode.rawValue)]
                + parameters.prefix(50).map {
                    Part(.received, $0.name, Self.open.contains(ExactText($0.name)) ? $0.value : masked($0.value))
                })
    }

    /// That the answer's checks were passed.
    func addAccepted(_ response: AuthorizationResponse, issuer: Issuer, asked: ResponseMode) {
        add(
            .authorizationResponse,
            [
                Part(
                    .rule, OpenIDError.Code.state.name, "the same", expected: "the state of the request",
                    verdict: .passed),
                Part(
                    .rule, OpenIDError.Code.responseIssuer.name, response.issuer ?? "none", expected: issuer.string,
                    verdict: response.issuer == nil ? .notApplicable : .passed),
                Part(
                    .rule, OpenIDError.Code.authorizationResponse.name, "a code by \(response.mode.rawValue)",
                    expected: "a code by \(asked.rawValue)", verdict: .passed),
            ])
    }

    /// A token request: what stands in its header for the client, and its form.
    func addTokenRequest(fields: [(name: String, value: String)], form: [(name: String, value: String)]) {
        add(.tokenRequest, Self.parts(ofTokenRequest: fields, form))
    }

    private static func parts(
        ofTokenRequest fields: [(name: String, value: String)], _ form: [(name: String, value: String)]
    ) -> [Part] {
        let open: Set<ExactText> = ["grant_type", "redirect_uri", "client_id", "client_assertion_type", "scope"]
        let authorization = fields.filter { $0.name.isExactly("Authorization") }.map { field in
            Part(.sent, "Authorization", "\(field.value.utf8.prefix(before: " ")) … (client_id and client_secret)")
        }
        return authorization
            + form.map { parameter in
                let value =
                    if open.contains(ExactText(parameter.name)) {
                        parameter.value
                    } else if parameter.name.isExactly("client_secret") {
                        "… (not shown)"
                    } else { masked(parameter.value) }
                return Part(.sent, parameter.name, value)
            }
    }

    /// An answer of one of the provider's endpoints: its status, and of the token endpoint's its members.
    func add(_ response: TransportResponse, of purpose: TransportRequest.Purpose, since start: Date) {
        add(purpose.step, requestSince: start, providerTime: response.date)
        add(purpose.step, Self.parts(of: response, purpose))
    }

    private static func parts(of response: TransportResponse, _ purpose: TransportRequest.Purpose) -> [Part] {
        var parts = [
            Part(.received, "status", String(response.status)),
            Part(.received, "Content-Type", response.values("Content-Type").first ?? "none"),
            Part(.measured, "body", "\(response.body.count) bytes"),
        ]
        if purpose == .token, let object = try? JSONObject(parsing: response.body) {
            let open: Set<ExactText> = ["token_type", "expires_in", "scope", "error"]
            parts += object.members.prefix(50).map { member in
                Part(
                    .received, member.name,
                    open.contains(ExactText(member.name))
                        ? member.value.string ?? member.value.text : masked(member.value.string ?? member.value.text))
            }
        }
        return parts
    }

    /// The keys that a signature was held against.
    func add(_ set: JWKSet, fitting: String?, for token: JWS, verified: Bool) {
        add(.keys, Self.parts(of: set, fitting: fitting, for: token, verified: verified))
    }

    private static func parts(of set: JWKSet, fitting: String?, for token: JWS, verified: Bool) -> [Part] {
        let usable = set.keys.prefix(20).map { key in
            let uses = [key.keyType.rawValue, key.algorithm?.rawValue, key.use.map { "use \($0.rawValue)" }]
            let isNamed = token.header.keyID.map { key.keyID.isExactly($0) } ?? true
            let fits = verified && (fitting.map { key.keyID.isExactly($0) } ?? (key.keyID == nil))
            return Part(
                .key, key.keyID.map { "kid \($0)" } ?? "a key without kid",
                uses.compactMap { $0 }.joined(separator: ", ")
                    + (fits ? ": the signature is by this key" : isNamed ? ": the signature is not by this key" : ""),
                verdict: fits ? .passed : isNamed ? .failed : .notApplicable)
        }
        let skipped = set.skipped.prefix(20).map { key in
            Part(
                .key, key.keyID.map { "kid \($0)" } ?? "key \(key.index + 1)", "not usable: \(key.reason)",
                verdict: .notApplicable)
        }
        return usable + skipped + [Part(.measured, "keys", "\(set.keys.count) usable, \(set.skipped.count) not")]
    }

    /// The header of a token, before its signature is checked.
    func addHeader(_ header: JWSHeader) {
        add(.idToken, header.object.members.prefix(20).map { Part(.header, $0.name, shown($0.value, named: $0.name)) })
    }

    /// The claims of a token whose signature is good.
    func addClaims(_ claims: JSONObject) {
        add(.idToken, claims.members.map { Part(.claim, $0.name, shown($0.value, named: $0.name)) })
    }

    /// The claims about the user, and which of the two answers each is from (OIDC Core §5.3.2).
    func add(_ info: UserInfo, idToken: IDToken, answer: JSONObject?) {
        add(
            .userInfo,
            info.claims.members.map { member in
                let origin =
                    switch UserInfo.source(of: member.name, idToken: idToken.claims, answer: answer) {
                    case .idToken: "ID Token"
                    case .userInfo:
                        idToken.claims[member.name] == nil ? "UserInfo" : "UserInfo, which goes before the ID Token"
                    }
                return Part(.merged, member.name, origin)
            })
    }
}

private func isSame(_ left: String?, _ right: String?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left.isExactly(right)
}

/// A member's value as it may be shown: masked where its name says that it is secret, at any depth.
private func shown(_ value: JSONValue, named name: String) -> String {
    if isSecretive(name) { return masked(value.string ?? value.text) }
    return value.string ?? unsecret(value).text
}

private func unsecret(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
        var shown = JSONObject()
        for member in object.members.prefix(100) {
            shown[member.name] =
                isSecretive(member.name)
                ? .string(masked(member.value.string ?? member.value.text)) : unsecret(member.value)
        }
        return .object(shown)
    case .array(let items): return .array(items.prefix(100).map(unsecret))
    default: return value
    }
}

/// `sid` is one too: who knows it can end the session by a front-channel logout.
private func isSecretive(_ name: String) -> Bool {
    let name = name.asciiLowercased
    if ["nonce", "sid", "code", "session_state", "assertion"].containsExactly(name) { return true }
    // What the metadata say of tokens is no token.
    if name.utf8.hasSuffix("_endpoint") || name.utf8.hasSuffix("_supported") { return false }
    return secretiveWords.contains { holds(name, $0) }
}

private let secretiveWords = ["token", "secret", "password", "passwd", "api_key", "apikey"].map { Array($0.utf8) }
