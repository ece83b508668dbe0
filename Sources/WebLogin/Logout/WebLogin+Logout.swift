import ByteText
import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// `GET` and `POST /logout`: ends the session here and, where the provider can, there (RP-Initiated Logout §2).
    func logout(_ request: HTTPRequest) async -> HTTPResponse {
        // Another site must not log a user out unasked: a link or a form from there gets a question first. Nor must a picture
        // of our own pages.
        guard request.isSameSite(as: publicURL.origin) ?? false, request.method == .post || request.isNavigation else {
            return pages.confirmLogout(LogoutConfirmation(action: Self.logoutPath, cancel: "/")).uncached()
        }
        let session: LoginSession?
        do throws(LoginFailure) {
            session = try await endOwnSession(request)
        } catch {
            var response = answer(to: error)
            if error.code == .unreadableSession { try? sessionCookie.clear(on: &response, replacing: request.cookies) }
            return response
        }
        return await leave(session, request, .user)
    }

    /// Ends the session that the browser brings, or each that its cookies may stand for; `nil` where there is none.
    ///
    /// Throws `.unreadableSession` where cookies of a session came that stand for none: it may go on. Throws
    /// `.sessionsUnavailable` where the store does not work.
    func endOwnSession(_ request: HTTPRequest) async throws(LoginFailure) -> LoginSession? {
        let (tokens, isComplete) = sessionCookie.tokens(in: request.cookies)
        var session: LoginSession?
        do {
            for token in tokens {
                if session == nil { session = try await load(token)?.user }
                try await sessions.delete(token)
            }
        } catch {
            throw LoginFailure.store(error, nil)
        }
        guard isComplete else { throw LoginFailure.unreadableSession }
        return session
    }

    /// The answer to who was signed in and is so no longer: on to the provider, where it can end its session too.
    func leave(
        _ session: LoginSession?, _ request: HTTPRequest, _ cause: LoginEvent.LogoutCause
    ) async -> HTTPResponse {
        let provider = session.flatMap { self.provider(named: $0.provider) }
        var response = await farewell(session, provider)
        // The names came as cookies' names: clearing them cannot fail.
        try? sessionCookie.clear(on: &response, replacing: request.cookies)
        if let session {
            report(.loggedOut(provider?.choice, by: cause, issuer: session.issuer, subject: session.subject))
        }
        return response.uncached()
    }

    private func farewell(_ session: LoginSession?, _ provider: RegisteredProvider?) async -> HTTPResponse {
        guard let session, let provider else {
            return pages.loggedOut(
                LogoutOutcome(providerTitle: nil, providerSessionGoesOn: false, providerAddress: nil))
        }
        // A provider that is down must not keep anybody signed in here: what is known of it has to do.
        let client = try? await provider.client()
        guard let endpoint = provider.registration.logoutURL ?? client?.metadata.endSessionEndpoint else {
            return pages.loggedOut(
                LogoutOutcome(
                    providerTitle: provider.choice.title, providerSessionGoesOn: true,
                    providerAddress: session.issuer.string,
                    unusableEndpoint: client?.metadata.leftOut.first { $0.name.isExactly("end_session_endpoint") }?
                        .actual))
        }
        var generator = SystemRandomNumberGenerator()
        let transaction = LogoutTransaction(provider: provider.choice.name, state: State(using: &generator))
        let request = EndSessionRequest(
            endpoint: endpoint, clientID: provider.registration.client.clientID, idTokenHint: session.idTokenHint,
            postLogoutRedirectURI: EndpointURL(publicURL.origin + "/", plainHTTP: .everywhere),
            state: transaction.state, uiLocales: provider.registration.options.uiLocales)
        let isPost = provider.registration.logsOutByPost || request.url.utf8.count > Self.maximumLogoutURLLength
        var response = isPost ? pages.continueLogout(EndSessionForm(request, provider.choice)) : .seeOther(request.url)
        // Without the cookie the logout is only not confirmed.
        if let sealed = try? transaction.sealed(with: secretKeys),
            let cookie = try? Cookie(
                name: cookieNames.logout, value: sealed, isSecure: cookieNames.isSecure,
                maxAge: LogoutTransaction.cookieLifetime)
        {
            response.setCookie(cookie)
        }
        return response
    }

    /// What servers read of an address as a rule; an ID Token may be longer.
    private static let maximumLogoutURLLength = 6 << 10
}
