public import FoundationEssentials
import JOSE
public import OpenIDConnect

/// What happened, for logs, audits and metrics. Holds no secret, no token and no code; what the provider said is as it came,
/// neither cut nor cleaned.
public enum LoginEvent: Sendable {
    /// A browser was sent to the provider.
    case begun(ProviderChoice)
    /// A user signed in.
    case finished(ProviderChoice, issuer: Issuer, subject: Subject, Authentication)
    /// A login, a refresh or a logout came to nothing.
    case failed(LoginFailure)
    /// A signed-in user was refused a page.
    case forbidden(AccessRefusal)
    /// A session ended before its time, or several of a user. Provider and user are `nil` where they are not known: a
    /// logout may name a session at the provider only.
    case loggedOut(ProviderChoice?, by: LogoutCause, issuer: Issuer?, subject: Subject?)
    /// An access token was refreshed.
    case refreshed(ProviderChoice)

    /// How the provider says that it authenticated the user (OIDC Core §2).
    public struct Authentication: Sendable, Hashable {
        /// `acr`, the authentication context class.
        public let acr: String?
        /// `amr`, the methods.
        public let amr: [String]
        /// `auth_time`.
        public let time: Date?

        init(_ token: IDToken) {
            acr = token.claims["acr"]?.string
            amr = token.claims["amr"]?.array?.compactMap(\.string) ?? []
            time = token.authenticatedAt
        }
    }

    /// Who or what ended a session.
    public enum LogoutCause: String, Sendable, Hashable, CaseIterable {
        /// The user, in the session's browser.
        case user
        /// The user, from the list of sessions.
        case list
        /// The user, who ended all sessions.
        case everywhere
        /// The provider, from server to server.
        case backChannel
        /// The provider, through a frame in the browser.
        case frontChannel
        /// The provider no longer knew the user when it was asked.
        case sessionCheck
        /// The provider took the refresh token no more.
        case refreshRefused
    }
}
