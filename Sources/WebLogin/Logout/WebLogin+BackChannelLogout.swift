import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions

extension WebLogin {
    /// `POST /external-logout`: the provider says that a session of its own, or all of a user's, have ended (Back-Channel
    /// Logout §2.5). Answers 200 when the sessions here have ended too, and 400 with the reason otherwise (§2.8); a
    /// provider that gets a 400 may try again.
    func backChannelLogout(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(LoginFailure) {
            let compact = try logoutToken(of: request)
            let (token, provider) = try await verify(compact)
            try await end(token, at: provider)
            return HTTPResponse(status: 200).uncached()
        } catch {
            report(.failed(error))
            return Self.refusal(error)
        }
    }

    /// The only `logout_token`; what else is sent is not read (Back-Channel Logout §2.5).
    private func logoutToken(of request: HTTPRequest) throws(LoginFailure) -> String {
        let values: [String]
        do throws(FormError) {
            values = try request.formParameters.parameters.filter { $0.name.isExactly("logout_token") }.map(\.value)
        } catch {
            throw LoginFailure.malformedLogout(expected: "a form with a logout_token", actual: "\(error)")
        }
        guard values.count == 1, let token = values.first else {
            throw LoginFailure.malformedLogout(expected: "one logout_token", actual: "\(values.count)")
        }
        return token
    }

    /// Lets each provider judge that has the token's issuer, since an application may be registered twice at one. What names
    /// no issuer bothers nobody: anybody can send it.
    private func verify(_ compact: String) async throws(LoginFailure) -> (LogoutToken, RegisteredProvider) {
        guard let issuer = LogoutToken.unverifiedIssuer(of: compact) else { throw LoginFailure.unreadableLogoutToken }
        let candidates = all.filter { $0.registration.mayHaveIssuer(issuer) }
        var failure = LoginFailure.foreignLogout(issuer: issuer)
        for provider in candidates {
            do throws(OpenIDError) {
                return (try await provider.client().verifyLogoutToken(compact), provider)
            } catch {
                failure = LoginFailure(error, provider: provider.choice)
            }
        }
        throw failure
    }

    /// Ends what the token names, once. The token is marked when that is done: whatever fails before, the provider may try
    /// again, and to end sessions twice does no harm.
    private func end(_ token: LogoutToken, at provider: RegisteredProvider) async throws(LoginFailure) {
        let key = SharedKey(.logoutToken, token.issuer.string, token.tokenID)
        do {
            guard try await sessions.shared.values(for: [key]) == [nil] else {
                throw LoginFailure.repeatedLogout(provider.choice)
            }
            if let sessionID = token.sessionID {
                let ended = SharedKey(.endedByProvider, token.issuer.string, sessionID)
                let time = now()
                try await sessions.shared.set(
                    Date.bytes(ofMilliseconds: time.milliseconds), for: ended,
                    until: time.addingTimeInterval(LoginTransaction.lifetime))
            }
            try await endSessions(issuer: token.issuer, subject: token.subject, sessionID: token.sessionID)
            try await sessions.shared.set([], for: key, until: token.expiresAt)
        } catch let failure as LoginFailure {
            throw failure
        } catch {
            throw LoginFailure.store(error, provider.choice)
        }
        report(.loggedOut(provider.choice, by: .backChannel, issuer: token.issuer, subject: token.subject))
    }

    /// The sessions begun in `sessionID` end; with a subject alone all of that user's. Where both are named, the user's
    /// sessions end too of which it is not known what they were begun in, and all where the store cannot tell.
    private func endSessions(issuer: Issuer, subject: Subject?, sessionID: String?) async throws {
        guard let sessionID else {
            guard let subject else { return }
            try await sessions.deleteAll(of: .user(issuer: issuer.string, subject: subject.string))
            return
        }
        try await sessions.deleteAll(of: .providerSession(issuer: issuer.string, sessionID: sessionID))
        guard let subject else { return }
        try await sessions.deleteAllWithoutProviderSession(
            of: .user(issuer: issuer.string, subject: subject.string))
    }

    /// 400 with an error object (Back-Channel Logout §2.8).
    private static func refusal(_ failure: LoginFailure) -> HTTPResponse {
        let isOurs = failure.code == .sessionsUnavailable
        let object: JSONObject = [
            "error": .string(isOurs ? "server_error" : "invalid_request"),
            "error_description": .string("\(failure.rule): \(failure.summary)"),
        ]
        var response = HTTPResponse(status: 400)
        response.fields[.contentType] = "application/json"
        response.body = JSONValue.object(object).serialized()
        return response.uncached()
    }
}
