import OpenIDConnect

extension LoginFailure {
    /// The failure that a check of the protocol comes to: 4xx where the browser or the provider sent what cannot be
    /// trusted, 502 and 504 where the provider failed.
    init(_ error: OpenIDError, provider: ProviderChoice?) {
        LoginRecorder.current?.fail(error)
        let title = provider?.title ?? "the provider"
        let kind: (code: Code, status: Int, summary: String) =
            switch error.code {
            case .transport(.timedOut): (.providerUnavailable, 504, "No answer came from \(title) in time.")
            case .transport(.tooManyOpenFiles):
                (.providerUnavailable, 503, "This application has no room for a connection to \(title) right now.")
            case .transport(let code) where code.isTLS:
                (.providerUnavailable, 502, "No secure connection to \(title) can be had.")
            case .transport: (.providerUnavailable, 502, "No answer can be had from \(title).")
            case .status, .metadata, .metadataIssuer, .keySet, .tokenResponse, .userInfoResponse, .userInfoRefused:
                (.providerMalformed, 502, "The answer of \(title) is not what OpenID Connect wants.")
            case .unsupported, .registration:
                (.providerMalformed, 502, "This application and \(title) do not fit together as they are configured.")
            case .authorizationResponse: (.malformedCallback, 400, "The provider's answer cannot be read.")
            case .state: (.foreignState, 400, "This answer belongs to no login that was begun here.")
            case .responseIssuer: (.issuerMismatch, 400, "The answer is not from \(title).")
            case .authorizationRefused(.accessDenied):
                (.providerRefused, 403, "The login at \(title) was refused or cancelled.")
            case .authorizationRefused where error.isExpiredLoginPage:
                (.providerRefused, 400, "The login page of \(title) was open for too long.")
            case .authorizationRefused(.temporarilyUnavailable), .authorizationRefused(.serverError):
                (.providerRefused, 400, "\(title) says that it is in trouble.")
            case .authorizationRefused: (.providerRefused, 400, "The login was refused by \(title).")
            case .tokenRequestRefused(let name) where name.isAboutTheCode:
                (.tokenRequestRefused, 400, "The login was not accepted by \(title) at its last step.")
            case .tokenRequestRefused(.temporarilyUnavailable), .tokenRequestRefused(.serverError):
                (.tokenRequestRefused, 502, "\(title) says that it is in trouble.")
            case .tokenRequestRefused:
                (.tokenRequestRefused, 502, "This application was not accepted by \(title).")
            case .idToken, .accessToken: (.idTokenRefused, 400, "The answer of \(title) could not be trusted.")
            case .logoutToken: (.logoutRefused, 400, "The logout notice of \(title) could not be trusted.")
            case .userInfoSubject, .userInfoSignature:
                (.userInfoRefused, 400, "The user information from \(title) could not be trusted.")
            }
        self.init(
            kind.code, status: kind.status, provider: provider, summary: kind.summary, rule: error.code.name,
            expected: error.expected, actual: error.actual, remedy: error.remedy,
            retryPath: provider?.loginPath ?? "/login", cause: error.code, endpoint: error.endpoint)
    }
}
