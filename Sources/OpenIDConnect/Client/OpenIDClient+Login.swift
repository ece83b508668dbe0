import ByteText

/// A finished login: the user, proven, and the tokens.
public struct Login: Sendable {
    /// The verified ID Token.
    public let idToken: IDToken
    /// What is known of the user.
    public let userInfo: UserInfo
    /// Access and refresh token.
    public let tokens: TokenSet
    /// `session_state`, where the provider sent one (Session Management §2).
    public let sessionState: String?
}

extension OpenIDClient {
    /// Begins a login: the address to send the browser to, and what has to be kept until it comes back. `openid` is always
    /// among the scopes.
    public func beginLogin(
        scopes: [Scope] = [.openid, .profile, .email], options: AuthorizationOptions = AuthorizationOptions()
    ) -> (url: String, pending: PendingLogin) {
        var generator = SystemRandomNumberGenerator()
        return beginLogin(scopes: scopes, options: options, using: &generator)
    }

    /// The same with a generator of one's own, which has to be cryptographically secure.
    public func beginLogin(
        scopes: [Scope], options: AuthorizationOptions, using generator: inout some RandomNumberGenerator
    ) -> (url: String, pending: PendingLogin) {
        let pending = PendingLogin(
            issuer: metadata.issuer, state: State(using: &generator), nonce: Nonce(using: &generator),
            codeVerifier: CodeVerifier(using: &generator), redirectURI: registration.redirectURI, begunAt: now(),
            maxAge: options.maxAge, requiredACRs: options.requiresACR ? options.acrValues : [],
            responseMode: options.responseMode)
        let request = AuthorizationRequest(
            client: registration.clientID, metadata: metadata, pending: pending, scopes: scopes, options: options)
        return (request.url, pending)
    }

    /// Finishes a login from the callback's whole URL, or its query.
    ///
    /// Throws ``OpenIDError`` with the check that failed.
    public func finishLogin(with callback: String, pending: PendingLogin) async throws(OpenIDError) -> Login {
        let query = callback.utf8.cut(at: "?")?.after ?? callback[...]
        let response = try AuthorizationResponse(parameters: Self.parameters(query))
        return try await finishLogin(with: response, pending: pending)
    }

    /// Finishes a login: compares `state` and `iss`, redeems the code, verifies the ID Token, and only then asks for the
    /// user info (OIDC Core §3.1.2.7, §3.1.3, §5.3).
    ///
    /// Throws ``OpenIDError`` with the check that failed; nothing is requested after a check has failed.
    public func finishLogin(
        with response: AuthorizationResponse, pending: PendingLogin
    ) async throws(OpenIDError) -> Login {
        let code = try check(response, pending: pending)
        let recorder = LoginRecorder.current
        recorder?.addAccepted(response, issuer: metadata.issuer, asked: pending.responseMode)
        let answer = try await redeem(code, pending: pending)
        recorder?.hide(
            [answer.accessToken.secretString, answer.refreshToken?.secretString, answer.idToken].compactMap(\.self))
        let expect = expectations(
            nonce: .exactly(pending.nonce), maxAge: pending.maxAge, requiredACRs: pending.requiredACRs,
            accessToken: answer.accessToken)
        let idToken = try await IDToken.verify(
            answer.idToken, keys: keys, allowing: algorithms, against: expect)
        let info = try await userInfo(with: answer.accessToken, about: idToken)
        return Login(
            idToken: idToken, userInfo: info, tokens: TokenSet(answer, receivedAt: now()),
            sessionState: response.sessionState)
    }

    /// The authorization request that a login was begun with, written down once more: its secrets masked, and without what was
    /// asked for beyond the registration.
    package func record(
        _ pending: PendingLogin, scopes: [Scope], options: AuthorizationOptions, in recorder: LoginRecorder
    ) {
        recorder.hide([pending.state.string, pending.nonce.string, pending.codeVerifier.string])
        let request = AuthorizationRequest(
            client: registration.clientID, metadata: metadata, pending: pending, scopes: scopes, options: options)
        recorder.addRequest(to: request.endpoint, request.parameters, at: pending.begunAt)
    }

    /// The code, if the response answers this request and nobody else's.
    @discardableResult
    package func check(
        _ response: AuthorizationResponse, pending: PendingLogin
    ) throws(OpenIDError) -> AuthorizationCode {
        guard response.state == pending.state else {
            throw OpenIDError(
                .state, expected: "the state of the request", actual: "another",
                remedy: "Begin the login here, not by a link from elsewhere.")
        }
        guard pending.issuer == metadata.issuer else {
            throw OpenIDError(
                .responseIssuer, expected: metadata.issuer.string, actual: pending.issuer.string,
                remedy: "The login was begun at another provider; begin it again.")
        }
        // RFC 9207 §2.4: compared where it is there, demanded where the provider says that it sends it.
        if let issuer = response.issuer, !issuer.utf8.elementsEqual(metadata.issuer.string.utf8) {
            throw OpenIDError(
                .responseIssuer, expected: metadata.issuer.string, actual: issuer,
                remedy: "Another provider answered: this may be a mix-up attack. Begin the login again.")
        }
        if response.issuer == nil, metadata.authorizationResponseIssSupported {
            throw OpenIDError(
                .responseIssuer, expected: metadata.issuer.string, actual: "none",
                remedy:
                    "The provider's metadata promise iss in its answers (RFC 9207), and this one has none: begin the login again. If it stays so, the provider has to keep the promise, or not to make it."
            )
        }
        switch response.outcome {
        case .code(let code):
            // A code that comes another way than it was asked for may have been seen on that way. Refusals have no secret:
            // some providers send them by the query whatever was asked for.
            guard response.mode == pending.responseMode else {
                throw OpenIDError(
                    .authorizationResponse, expected: "a code by \(pending.responseMode.rawValue)",
                    actual: "one by \(response.mode.rawValue)",
                    remedy:
                        "Begin the login again; if it stays so, set RESPONSE_MODE to the one that the provider uses."
                )
            }
            return code
        case .error(let error, let description):
            throw OpenIDError(
                .authorizationRefused(error), expected: "a code",
                actual: error.name + (description.map { ": \($0)" } ?? ""),
                remedy: error.authorizationRemedy(description))
        }
    }

    func userInfo(with token: AccessToken, about idToken: IDToken) async throws(OpenIDError) -> UserInfo {
        let answer = registration.usesUserInfo ? try await userInfo(with: token, about: idToken.subject) : nil
        let info = UserInfo(idToken: idToken, answer: answer)
        LoginRecorder.current?.add(info, idToken: idToken, answer: answer)
        return info
    }

    /// The parameters of a query, decoded; a part that cannot be decoded is taken as it is, and fails where it is read.
    private static func parameters(_ query: Substring) -> [(name: String, value: String)] {
        query.utf8.prefix(before: "#").utf8.words(separatedBy: "&").map { part in
            let (name, value) = part.utf8.cut(at: "=") ?? (part, "")
            return (formDecoded(name) ?? String(name), formDecoded(value) ?? String(value))
        }
    }
}
