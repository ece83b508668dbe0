import FoundationEssentials
import OpenIDConnect
import Sessions

/// The failures that the routes find themselves.
extension LoginFailure {
    private static let again = "/login"

    static let notANavigation = LoginFailure(
        .notANavigation, status: 401, provider: nil, summary: "A login begins in a window, not in a script's request.",
        rule: "login.navigation", expected: "a top-level navigation",
        actual: "a script's, a frame's or a prefetch's request",
        remedy: "Open the login page itself.", retryPath: again)

    static let malformedLogin = LoginFailure(
        .malformedCallback, status: 400, provider: nil, summary: "The address of this login cannot be read.",
        rule: "login.parameters", expected: "each parameter once, percent-encoded", actual: "something else",
        remedy: "Begin at the start page.", retryPath: "/")

    static func unsafeNext(_ text: String) -> LoginFailure {
        LoginFailure(
            .unsafeNext, status: 400, provider: nil, summary: "The link to this login leads out of this application.",
            rule: "login.next",
            expected: "a path of this application of at most \(ReturnPath.maximumByteCount) characters",
            actual: excerpt(text), remedy: "Begin at the start page. Be careful with where the link came from.",
            retryPath: "/")
    }

    static func unknownProvider(_ name: String) -> LoginFailure {
        LoginFailure(
            .unknownProvider, status: 404, provider: nil, summary: "There is no such provider here.",
            rule: "login.provider", expected: "a registered provider's name or issuer", actual: excerpt(name),
            remedy: "Choose one of the providers.", retryPath: "/")
    }

    static func malformedCallback(expected: String, actual: String) -> LoginFailure {
        LoginFailure(
            .malformedCallback, status: 400, provider: nil, summary: "The provider's answer cannot be read.",
            rule: "authorizationResponse.form", expected: expected, actual: excerpt(actual),
            remedy: "Begin the login again.", retryPath: again)
    }

    static func wrongCallback(_ path: String) -> LoginFailure {
        LoginFailure(
            .issuerMismatch, status: 400, provider: nil,
            summary: "The answer came to an address that belongs to another provider.",
            rule: "authorizationResponse.redirectURI", expected: "the redirect URI of the provider that was asked",
            actual: excerpt(path),
            remedy: "Begin the login again: one provider's answer may have been passed off as another's.",
            retryPath: again)
    }

    static let noTransaction = LoginFailure(
        .noTransaction, status: 400, provider: nil, summary: "This browser has no login under way.",
        rule: "transaction.cookie", expected: "the cookie of the login that this answer belongs to", actual: "none",
        remedy:
            "Begin the login again. The login may have been begun in another browser, at another address of this application, or more than an hour ago; or this browser refuses cookies.",
        retryPath: again)

    static let unreadableTransaction = LoginFailure(
        .noTransaction, status: 400, provider: nil, summary: "The cookie of this login cannot be read.",
        rule: "transaction.cookie", expected: "a cookie that was sealed here", actual: "one that does not open",
        remedy: "Begin the login again. The application's secret key may have changed since it was begun.",
        retryPath: again)

    static func foreignState(underWay: Int) -> LoginFailure {
        LoginFailure(
            .foreignState, status: 400, provider: nil,
            summary: "This answer belongs to none of the logins that this browser began.",
            rule: "authorizationResponse.state", expected: "the state of one of \(underWay) logins under way",
            actual: "another",
            remedy: "Begin the login here. Do not open links to the end of a login that others send you.",
            retryPath: again)
    }

    static func expired(_ provider: ProviderChoice, age: TimeInterval) -> LoginFailure {
        LoginFailure(
            .transactionExpired, status: 400, provider: provider, summary: "This login took too long.",
            rule: "transaction.age", expected: "at most \(Int(LoginTransaction.lifetime)) s",
            actual: "\(wholeSeconds(age)) s",
            remedy: "Begin the login again.", retryPath: provider.loginPath)
    }

    static let used = LoginFailure(
        .transactionUsed, status: 400, provider: nil, summary: "This answer has been used already.",
        rule: "transaction.singleUse", expected: "an answer that comes for the first time", actual: "a repeated one",
        remedy: "Begin the login again.", retryPath: again)

    static let foreignRequest = LoginFailure(
        .foreignRequest, status: 403, provider: nil, summary: "Another site asked for this. Nothing has happened.",
        rule: "request.origin", expected: "a form that a page of this application sends", actual: "another request",
        remedy: "Use the button on the page itself.", retryPath: "/")

    static let unreadableSession = LoginFailure(
        .unreadableSession, status: 400, provider: nil,
        summary: "You may not be logged out: this browser sends your session in a way that cannot be read.",
        rule: "logout.session", expected: "the session's cookies, each once",
        actual: "some twice, or some missing",
        remedy:
            "This browser was told to forget its cookies. To be sure, log in again and end all of your sessions. Another application on this host or a neighbouring one may set cookies of the same name.",
        retryPath: "/")

    static func malformedLogout(expected: String, actual: String) -> LoginFailure {
        LoginFailure(
            .logoutRefused, status: 400, provider: nil, summary: "The provider's logout cannot be read.",
            rule: "logout.parameters", expected: expected, actual: excerpt(actual),
            remedy: "The provider's operator has to mend it.", retryPath: "/")
    }

    static let unreadableLogoutToken = LoginFailure(
        .logoutRefused, status: 400, provider: nil, summary: "The provider's logout cannot be read.",
        rule: "logoutToken.form", expected: "a signed JWT that names its issuer", actual: "something else",
        remedy: "Have the provider sign its logout tokens, and not encrypt them.", retryPath: "/")

    static func foreignLogout(issuer: String?) -> LoginFailure {
        LoginFailure(
            .logoutRefused, status: 400, provider: nil, summary: "This logout is not by a provider that is known here.",
            rule: "logout.issuer", expected: "the issuer of a registered provider",
            actual: issuer.map(excerpt) ?? "none",
            remedy: "Compare the issuer with the addresses of the registered providers, to the byte.", retryPath: "/")
    }

    static func repeatedLogout(_ provider: ProviderChoice) -> LoginFailure {
        LoginFailure(
            .logoutRefused, status: 400, provider: provider, summary: "This logout has been received already.",
            rule: "logoutToken.replay", expected: "a jti that comes for the first time", actual: "a repeated one",
            remedy: "Nothing is to be done if the provider sends its logouts twice.", retryPath: "/")
    }

    static func loginRequired(retryPath: String, again: Bool) -> LoginFailure {
        LoginFailure(
            .loginRequired, status: 401, provider: nil,
            summary: again
                ? "This needs a login that is newer, or of another kind, than yours. Nothing has been done."
                : "You are not logged in any more. Nothing has been done.",
            rule: "session.login", expected: "a session", actual: again ? "one that does not suffice" : "none",
            remedy: "Log in, then go back and send it again.", retryPath: retryPath)
    }

    static func stepUpInsufficient(
        _ provider: ProviderChoice, _ demand: LoginDemand, _ user: LoginSession
    ) -> LoginFailure {
        let time = user.authenticatedAt.map { "\(wholeSeconds($0.timeIntervalSince1970))" } ?? "none"
        let expected = [
            demand.maxAge.map { "auth_time at most \($0) s ago" },
            demand.acrs.isEmpty ? nil : "acr " + demand.acrs.joined(separator: " or "),
        ]
        return LoginFailure(
            .stepUpInsufficient, status: 403, provider: provider,
            summary: "You have just logged in anew, and it still does not suffice for this page.",
            rule: "session.stepUp", expected: expected.compactMap { $0 }.joined(separator: ", "),
            actual: "auth_time \(time), acr \(excerpt(user.acr ?? "none"))",
            remedy: "Open the page again in a minute. If it stays so, the provider cannot prove what the page demands.",
            retryPath: "/")
    }

    static func accessTokenEnded(_ provider: ProviderChoice) -> LoginFailure {
        LoginFailure(
            .accessTokenEnded, status: 401, provider: provider,
            summary: "What \(provider.title) allowed this application to do for you has ended.",
            rule: "accessToken.expiry",
            expected: "an access token that is good, or a refresh token", actual: "neither",
            remedy: "Log in again. For longer access, ask the provider for refresh tokens (scope offline_access).",
            retryPath: provider.loginPath)
    }

    static func refreshRefused(_ provider: ProviderChoice, actual: String) -> LoginFailure {
        LoginFailure(
            .refreshRefused, status: 401, provider: provider,
            summary: "Your login at \(provider.title) has ended, and so has the one here.", rule: "refresh.grant",
            expected: "new tokens", actual: excerpt(actual), remedy: "Log in again.", retryPath: provider.loginPath)
    }

    static func providerSessionEnded(_ provider: ProviderChoice) -> LoginFailure {
        LoginFailure(
            .providerSessionEnded, status: 401, provider: provider,
            summary: "You are no longer logged in at \(provider.title), and so you are logged out here too.",
            rule: "session.state", expected: "a session at the provider", actual: "none", remedy: "Log in again.",
            retryPath: provider.loginPath)
    }

    static func refreshTookTooLong(_ provider: ProviderChoice) -> LoginFailure {
        LoginFailure(
            .providerUnavailable, status: 504, provider: provider,
            summary: "No new access was granted by \(provider.title) in time.", rule: "refresh.time",
            expected: "new tokens, by whoever asked first", actual: "none",
            remedy: "Try again in a moment.", retryPath: "/")
    }

    /// What a session store threw.
    static func store(_ error: any Error, _ provider: ProviderChoice?) -> LoginFailure {
        let known = error as? SessionStoreError
        if let known, known.code == .tooLarge { return sessionTooLarge(known, provider) }
        var failure = LoginFailure(
            .sessionsUnavailable, status: 503, provider: provider,
            summary: "The session could not be kept. This is our fault, not yours.", rule: "sessions.store",
            expected: "a session store that works", actual: "one that does not",
            remedy: "Try again in a moment. The application's operator finds the cause in the log.",
            retryPath: provider?.loginPath ?? "/")
        // Of another store's errors nobody knows what they tell.
        failure.storeError = known.map { "\($0)" } ?? "\(type(of: error))"
        return failure
    }

    /// Only the operator can help. What a store says of sizes is no secret.
    private static func sessionTooLarge(_ error: SessionStoreError, _ provider: ProviderChoice?) -> LoginFailure {
        let what = excerpt(error.context)
        return LoginFailure(
            .sessionTooLarge, status: 500, provider: provider,
            summary: "Your session is too large to be kept: \(what). This is our fault, not yours.",
            rule: "sessions.size", expected: "a session that fits where sessions are kept", actual: what,
            remedy: "Trying again does not help. What the application's operator can do: \(excerpt(error.remedy)).",
            retryPath: "/")
    }
}
