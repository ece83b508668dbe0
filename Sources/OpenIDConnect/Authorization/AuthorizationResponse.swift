import ByteText

/// The provider's answer to an authorization request as it stands in the callback's parameters (OIDC Core §3.1.2.5,
/// §3.1.2.6), well-formed but not yet compared with any request.
public struct AuthorizationResponse: Sendable, Hashable {
    /// What the provider answered.
    public enum Outcome: Sendable, Hashable {
        /// A code to redeem.
        case code(AuthorizationCode)
        /// A refusal, with the provider's words where it gave any.
        case error(ErrorResponse, description: String?)
    }

    /// What the provider answered.
    public let outcome: Outcome
    /// `state`.
    public let state: State
    /// `iss` (RFC 9207 §2).
    public let issuer: String?
    /// `session_state` (Session Management §2): what the provider's `check_session_iframe` is asked with. `nil` where none
    /// came that is one: 1 to 1,024 visible ASCII characters without a space. No login is refused for it.
    public let sessionState: String?
    /// How the answer came.
    public let mode: ResponseMode

    /// Reads the parameters of a callback, in order and decoded: of its query, or of the form in its body.
    ///
    /// Throws ``OpenIDError`` `.authorizationResponse` where one that matters here comes twice (RFC 6749 §3.1), where
    /// `state` is missing, or where there is not exactly one of `code` and `error`; `.state` where the state cannot be one
    /// of ours. Parameters that are not known are ignored (RFC 6749 §4.1.2).
    public init(
        parameters: [(name: String, value: String)], mode: ResponseMode = .query
    ) throws(OpenIDError) {
        self.mode = mode
        func only(_ name: String) throws(OpenIDError) -> String? {
            let values = parameters.filter { $0.name.isExactly(name) }
            guard values.count < 2 else { throw Self.malformed("\(name) once", "\(values.count) times") }
            return values.first?.value
        }
        // One without a value is as good as none (RFC 6749 §3.1).
        let code = try only("code").flatMap { $0.isEmpty ? nil : $0 }
        let error = try only("error").flatMap { $0.isEmpty ? nil : $0 }
        let descriptions = parameters.filter { $0.name.isExactly("error_description") }.map(\.value)
        let description = descriptions.count == 1 ? descriptions[0] : nil
        issuer = try only("iss")
        let sessionStates = parameters.filter { $0.name.isExactly("session_state") }.map(\.value)
        sessionState = sessionStates.count == 1 && Self.isSessionState(sessionStates[0]) ? sessionStates[0] : nil
        guard let stateText = try only("state") else { throw Self.malformed("a state", "none") }
        guard let state = State(stateText) else {
            throw OpenIDError(
                .state, expected: "a state that was made here: 43 base64url characters",
                actual: "\(stateText.utf8.count) bytes of another form",
                remedy: "Begin the login here, not by a link from elsewhere.")
        }
        self.state = state
        switch (code, error) {
        case (nil, nil): throw Self.malformed("a code or an error", "neither")
        case (.some, .some): throw Self.malformed("a code or an error", "both")
        case (let code?, nil):
            guard let code = AuthorizationCode(code) else {
                throw Self.malformed("a code of visible ASCII", "\(code.utf8.count) bytes of another form")
            }
            outcome = .code(code)
        case (nil, let error?):
            guard let error = ErrorResponse(error) else { throw Self.malformed("an error of visible ASCII", error) }
            outcome = .error(error, description: description.map { excerpt($0) })
        }
    }

    private static func isSessionState(_ text: String) -> Bool {
        (1...1024).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func malformed(_ expected: String, _ actual: String) -> OpenIDError {
        OpenIDError(
            .authorizationResponse, expected: expected, actual: actual,
            remedy: "Begin the login again; if it stays so, the provider's answer is not OpenID Connect.")
    }
}
