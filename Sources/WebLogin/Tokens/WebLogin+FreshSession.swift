public import FoundationEssentials
public import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// The signed-in user with an access token that is good for `margin` seconds more; `nil` where nobody is signed in.
    ///
    /// A token that ends sooner is refreshed first (OIDC Core §12), once, however many requests and machines ask for it at
    /// a time: the others get what the first one got. Where the provider does not say when the token ends, or gave no
    /// refresh token for one that is still good, it is taken as it is.
    ///
    /// Throws ``LoginFailure``: `.refreshRefused` where the provider has ended the login: the session here is over then
    /// too; `.accessTokenEnded` where the token has ended and there is nothing to refresh it with; `.providerUnavailable`
    /// and the like where no answer came: the session goes on; `.sessionsUnavailable` where the store does not work,
    /// `.sessionTooLarge` where it does not hold the new tokens.
    public func freshSession(
        of request: HTTPRequest, margin: TimeInterval = 30
    ) async throws(LoginFailure) -> LoginSession? {
        let found: SignedIn?
        do {
            found = try await signedIn(request)
        } catch {
            throw LoginFailure.store(error, nil)
        }
        guard let found, let provider = self.provider(named: found.user.provider) else { return nil }
        guard found.user.needsRefresh(at: now(), margin: margin) else { return found.user }
        guard found.user.refreshToken != nil else {
            guard found.user.hasEnded(at: now()) else { return found.user }
            throw LoginFailure.accessTokenEnded(provider.choice)
        }
        let refresh = SessionRefresh(login: self, provider: provider, token: found.token, margin: margin)
        let result = try await refreshes.only(found.token, refresh.run)
        if result.token != found.token { Visit.current?.renew(result.token) }
        guard let refreshed = result.signedIn else {
            Visit.current?.forget()
            Visit.current?.foundNothing()
            throw LoginFailure.refreshRefused(provider.choice, actual: result.refusal)
        }
        Visit.current?.found(refreshed, by: found.token)
        return refreshed.user
    }
}

extension LoginSession {
    fileprivate func hasEnded(at now: Date) -> Bool { accessTokenExpiresAt.map { $0 <= now } ?? false }

    func needsRefresh(at now: Date, margin: TimeInterval) -> Bool {
        accessTokenExpiresAt.map { $0.timeIntervalSince(now) < margin } ?? false
    }
}
