import ByteText
import HTTPMessages

/// A checked authorization request (OIDC Core §3.1.2.1, RFC 7636 §4.3).
struct AuthorizationRequest: Sendable {
    /// The values of `prompt` (OIDC Core §3.1.2.1).
    enum Prompt: String, CaseIterable, Sendable {
        case none
        case login
        case consent
        case selectAccount = "select_account"
    }

    /// The longest nonce that is kept, in bytes: memory is bounded.
    static let maximumNonceByteCount = 1024

    let client: DevelopmentClient
    let address: AnswerAddress
    let scope: Set<ScopeValue>
    let nonce: String?
    let codeChallenge: String
    let prompts: Set<Prompt>
    let maximumAge: Int?
    let loginHint: String?
    let idTokenHint: String?
    /// The request as it came, for the login page to carry on.
    let parameters: FormParameters

    init(
        _ parameters: FormParameters, clients: [String: DevelopmentClient], issuer: String
    ) throws(AuthorizationRefusal) {
        client = try Self.client(parameters, among: clients)
        let redirectURI = try Self.redirectURI(parameters, of: client)
        let mode = AnswerAddress.Mode(rawValue: parameters["response_mode"] ?? "query")
        let address = AnswerAddress(
            redirectURI: redirectURI, state: parameters["state"], issuer: issuer, mode: mode ?? .query)
        self.address = address
        self.parameters = parameters

        func refuse(
            _ description: String, _ code: AuthorizationErrorCode = .invalidRequest
        ) -> AuthorizationRefusal {
            .redirect(code, description: description, to: address)
        }
        // RFC 6749 §3.1; only `resource` may stand there several times (RFC 8707 §2).
        guard parameters.duplicates.allSatisfy({ $0.isExactly("resource") }) else {
            throw refuse("a parameter was sent more than once")
        }
        if parameters["request"] != nil { throw refuse("request is not supported", .requestNotSupported) }
        if parameters["request_uri"] != nil { throw refuse("request_uri is not supported", .requestURINotSupported) }
        if parameters["registration"] != nil {
            throw refuse("registration is not supported", .registrationNotSupported)
        }
        guard let responseType = parameters["response_type"] else { throw refuse("response_type is missing") }
        guard responseType.isExactly("code") else {
            throw refuse("response_type must be code", .unsupportedResponseType)
        }
        guard mode != nil else { throw refuse("response_mode must be query or form_post") }

        guard let scope = Set(scope: parameters["scope"] ?? ""), scope.contains(.openid) else {
            throw refuse("scope must be a list of values separated by spaces with openid among them", .invalidScope)
        }
        self.scope = scope
        nonce = parameters["nonce"]
        guard nonce?.utf8.count ?? 0 <= Self.maximumNonceByteCount else {
            throw refuse("nonce has more than \(Self.maximumNonceByteCount) bytes")
        }

        // RFC 7636 §4.3: a missing method means plain.
        guard let challenge = parameters["code_challenge"] else {
            throw refuse("code_challenge is missing: PKCE is required")
        }
        guard parameters["code_challenge_method"].isExactly("S256") else {
            throw refuse("code_challenge_method must be S256")
        }
        guard CodeVerifier.isChallenge(challenge) else {
            throw refuse("code_challenge must be the base64url of a SHA-256 digest: 43 characters")
        }
        codeChallenge = challenge

        let promptTexts = (parameters["prompt"] ?? "").utf8.words(separatedBy: " ").map(String.init)
        prompts = Set(promptTexts.compactMap(Prompt.init))
        guard promptTexts.allSatisfy({ Prompt(rawValue: $0) != nil }) else {
            throw refuse("prompt may hold none, login, consent and select_account")
        }
        guard !prompts.contains(.none) || prompts.count == 1 else {
            throw refuse("prompt must not hold none beside another value")
        }
        maximumAge = parameters["max_age"].flatMap(Int.init)
        if let text = parameters["max_age"], maximumAge == nil || !text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            throw refuse("max_age must be a number of seconds")
        }
        loginHint = parameters["login_hint"]
        idTokenHint = parameters["id_token_hint"]
    }

    private static func client(
        _ parameters: FormParameters, among clients: [String: DevelopmentClient]
    ) throws(AuthorizationRefusal) -> DevelopmentClient {
        if let id = parameters["client_id"], let client = clients[id] { return client }
        let sent = parameters.values(named: "client_id")
        let reason =
            switch sent.count {
            case 0: "The request has no client_id."
            case 1: "No application is registered under this client_id."
            default: "The request has more than one client_id."
            }
        throw .page(
            Problem(
                title: "Unknown application", reason: reason,
                remedy: "Set the application's client identifier to one that is registered here.",
                facts: sent.map { ("client_id", $0) } + clients.keys.sorted().map { ("registered", $0) }))
    }

    private static func redirectURI(
        _ parameters: FormParameters, of client: DevelopmentClient
    ) throws(AuthorizationRefusal) -> String {
        if let uri = parameters["redirect_uri"], client.redirectURIs.containsExactly(uri) { return uri }
        let sent = parameters.values(named: "redirect_uri")
        let reason =
            switch sent.count {
            case 0: "The request has no redirect_uri."
            case 1: "The redirect_uri is not registered for this application; it must match to the byte."
            default: "The request has more than one redirect_uri."
            }
        throw .page(
            Problem(
                title: "Wrong redirect URI", reason: reason,
                remedy: "Let the application send a registered one; look at scheme, host, port, path and a last slash.",
                facts: sent.map { ("redirect_uri", $0) } + client.redirectURIs.map { ("registered", $0) }))
    }
}
