import ByteText
import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// `GET /login/session/check`: asks the provider, without a page of its own, whether the user is still logged in there
    /// (Session Management §3.1; OIDC Core §3.1.2.1, `prompt=none`). Who is goes on as before, under a new session; who is
    /// not is logged out here too.
    func checkSession(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(LoginFailure) {
            guard request.isNavigation, request.isSameSite(as: publicURL.origin) ?? false else {
                throw LoginFailure.notANavigation
            }
            guard let query = try? request.queryParameters, query.duplicates.isEmpty,
                let next = ReturnPath(query["next"] ?? "/")
            else { throw LoginFailure.malformedLogin }
            guard let user = try await signedInUser(request), let provider = provider(named: user.provider) else {
                return HTTPResponse.seeOther(next.string).uncached()
            }
            let client = try await client(of: provider)
            var options = provider.registration.options
            options.prompt = [.none]
            options.idTokenHint = user.idTokenHint
            return try send(request, to: provider, client, options, next: next, checkedSubject: user.subject.string)
                .uncached()
        } catch {
            return answer(to: error)
        }
    }

    private func signedInUser(_ request: HTTPRequest) async throws(LoginFailure) -> LoginSession? {
        do {
            return try await session(of: request)
        } catch {
            throw LoginFailure.store(error, nil)
        }
    }

    /// The provider knows the user no more: the session here ends, if it is one of that provider.
    func endAfterCheck(at provider: RegisteredProvider, _ request: HTTPRequest) async throws(LoginFailure)
        -> HTTPResponse
    {
        var ended: LoginSession?
        do {
            if let own = try await signedIn(request), own.user.provider == provider.choice.name {
                try await sessions.delete(own.token)
                Visit.current?.foundNothing()
                ended = own.user
            }
        } catch {
            throw LoginFailure.store(error, provider.choice)
        }
        report(.loggedOut(provider.choice, by: .sessionCheck, issuer: ended?.issuer, subject: ended?.subject))
        throw LoginFailure.providerSessionEnded(provider.choice)
    }
}

extension OpenIDError.Code {
    /// Whether an answer to `prompt=none` says that there is nobody whom the provider could vouch for without asking
    /// (OIDC Core §3.1.2.6).
    var saysThatNobodyIsLoggedIn: Bool {
        guard case .authorizationRefused(let error) = self else { return false }
        return [
            "login_required", "interaction_required", "account_selection_required", "consent_required",
        ].containsExactly(error.name)
    }
}
