public import HTTPMessages
public import JOSE
import OpenIDConnect

extension WebLogin {
    /// What the provider says of the signed-in user now, asked with an access token that is refreshed where it has to be;
    /// what the session remembers of the login where the provider has no UserInfo endpoint; `nil` where nobody is signed in.
    ///
    /// Throws ``LoginFailure`` as ``freshSession(of:margin:)`` does, `.providerMalformed`, `.userInfoRefused` and the like
    /// where the provider's answer will not do.
    public func userInfo(of request: HTTPRequest) async throws(LoginFailure) -> JSONObject? {
        guard let user = try await freshSession(of: request), let provider = provider(named: user.provider) else {
            return nil
        }
        do throws(OpenIDError) {
            return try await provider.client().userInfo(with: user.accessToken, about: user.subject) ?? user.claims
        } catch {
            throw LoginFailure(error, provider: provider.choice)
        }
    }
}
