import ByteText
import FoundationEssentials
public import HTTPMessages
public import JOSE
import OpenIDConnect

/// What answers requests of a signed-in user.
public typealias UserHandler = @Sendable (HTTPRequest, LoginSession) async -> HTTPResponse

/// Whether a request may go on.
public enum Admission: Sendable {
    /// It may: the user meets what is required.
    case granted(LoginSession)
    /// It may not: the answer.
    case refused(HTTPResponse)
}

extension WebLogin {
    /// A handler that only users reach who meet the requirement.
    ///
    /// ```swift
    /// router.add(.get, "/reports", login.require(.anyRole("staff", "admin")) { request, user in … })
    /// ```
    ///
    /// Who is not signed in is led to the login and back to the page; a script's request is told so with 401. Who lacks a
    /// role, a claim or the provider gets ``LoginPages/forbidden(_:)`` with 403, and no login: it would change nothing. Who
    /// has to log in anew (``Requirement/authenticatedWithin(seconds:)``, ``Requirement/acr(_:)``) is sent to the provider
    /// with that demand; the ID Token that comes back is held to it, and so is the session when the browser is here again.
    /// If it does not suffice even then, there is a page that says so, and no further turn. Another user may come back
    /// from there: their session takes the place of this one, and is judged as any.
    ///
    /// Only a `GET` can lead to a login and be repeated after it. Other methods get 401 with a page: nothing has been done,
    /// and the user can send it again once they have logged in.
    ///
    /// The handler's answer is kept by no cache unless it says otherwise.
    public func require(_ requirement: Requirement, _ handler: @escaping UserHandler) -> HTTPHandler {
        { request in
            switch await self.admission(of: request, where: requirement) {
            case .granted(let user):
                let response = await handler(request, user)
                return response.fields.contains(.cacheControl) ? response : response.uncached()
            case .refused(let response): return response
            }
        }
    }

    /// A handler for users who are logged in; with `within`, who proved who they are at most so many seconds ago.
    public func requireLogin(within seconds: Int? = nil, _ handler: @escaping UserHandler) -> HTTPHandler {
        require(seconds.map { .authenticatedWithin(seconds: $0) } ?? .login, handler)
    }

    /// A handler for users who have a role.
    public func requireRole(_ role: String, _ handler: @escaping UserHandler) -> HTTPHandler {
        require(.role(role), handler)
    }

    /// A handler for users of whom a claim says this, such as `requireClaim("email_verified", equals: true)`.
    public func requireClaim(
        _ path: ClaimPath, equals value: JSONValue, _ handler: @escaping UserHandler
    ) -> HTTPHandler {
        require(.claim(path, equals: value), handler)
    }

    /// A handler for users who logged in in one of these ways.
    public func requireACR(_ values: String..., handler: @escaping UserHandler) -> HTTPHandler {
        require(.acr(values), handler)
    }

    /// Whether a request may go on, for handlers that decide as they go, and for other frameworks: ``require(_:_:)`` is
    /// this around a handler.
    public func admission(of request: HTTPRequest, where requirement: Requirement) async -> Admission {
        let user: LoginSession?
        do {
            user = try await session(of: request)
        } catch {
            return .refused(refusal(LoginFailure.store(error, nil)))
        }
        switch verdict(on: user, requirement) {
        case .granted(let user): return .granted(user)
        case .login(let wanted): return .refused(loginRequired(request, wanted))
        case .insufficient(let failure): return .refused(refusal(failure, of: request))
        case .forbidden(let refusal):
            report(.forbidden(refusal))
            return .refused(request.isNavigation ? page(refusal) : Self.plain(refusal))
        }
    }

    private func page(_ refusal: AccessRefusal) -> HTTPResponse {
        var response = pages.forbidden(refusal)
        response.status = 403
        return response.uncached()
    }

    private static func plain(_ refusal: AccessRefusal) -> HTTPResponse {
        HTTPResponse.text("This is only for who has \(refusal.missingText).\n", status: 403).uncached()
    }

    private func refusal(_ failure: LoginFailure, of request: HTTPRequest) -> HTTPResponse {
        if request.isNavigation { return refusal(failure) }
        report(.failed(failure))
        return HTTPResponse.text(failure.summary + "\n", status: failure.status).uncached()
    }

    /// The page of a failure outside a login, of which there is no trace to keep, and its report.
    func refusal(_ failure: LoginFailure) -> HTTPResponse {
        report(.failed(failure))
        var response = pages.failure(failure)
        response.status = failure.status
        return response.uncached()
    }
}

/// The login that is wanted before a request can go on.
struct WantedLogin: Sendable {
    var provider: ProviderName?
    var demand = LoginDemand()
    /// Whether the user is known, and has to prove it again.
    var isStepUp = false

    /// The address of the login, which leads back to `next`.
    func path(next: String?) -> String {
        let query =
            (provider.map { "&provider=\($0)" } ?? "") + (next.map { "&next=" + FormEncoding.encode($0) } ?? "")
            + demand.query
        return WebLogin.loginPath + (query.utf8.rest(after: "&").map { "?" + $0 } ?? "")
    }
}

/// What a requirement makes of a request.
enum AccessVerdict: Sendable {
    case granted(LoginSession)
    /// Nobody is signed in, or not by a login that suffices.
    case login(WantedLogin)
    /// The login that was demanded has just been made, and does not suffice.
    case insufficient(LoginFailure)
    case forbidden(AccessRefusal)
}

extension WebLogin {
    /// How soon after a login that was to prove something no other one is begun for it, in seconds.
    private static let patience: TimeInterval = 60

    func verdict(on user: LoginSession?, _ requirement: Requirement) -> AccessVerdict {
        guard let user, let provider = provider(named: user.provider) else {
            return .login(WantedLogin(provider: requirement.provider, demand: requirement.demand ?? LoginDemand()))
        }
        let now = now()
        let skew = provider.registration.client.clockSkew
        switch requirement.judge(user, now: now.timeIntervalSince1970, skew: skew) {
        case .met: return .granted(user)
        case .missing(let missing):
            let other = missing.lazy.compactMap(\.provider).first.flatMap { self.provider(named: $0)?.choice }
            return .forbidden(
                AccessRefusal(
                    issuer: user.issuer, subject: user.subject, claims: user.claims, roles: user.roles,
                    provider: provider.choice, missing: missing, otherProvider: other))
        case .demands(let demand):
            if user.demand.covers(demand), now.timeIntervalSince(user.loggedInAt) < Self.patience {
                return .insufficient(LoginFailure.stepUpInsufficient(provider.choice, demand, user))
            }
            return .login(WantedLogin(provider: user.provider, demand: demand, isStepUp: true))
        }
    }

    /// The answer to a request that nobody is signed in for, or not by a login that suffices.
    func loginRequired(_ request: HTTPRequest, _ wanted: WantedLogin) -> HTTPResponse {
        let isRead = request.method == .get || request.method == .head
        if request.isNavigation, isRead {
            let target = percentEncodedPath(request.path) + (request.query.map { "?" + $0 } ?? "")
            return HTTPResponse.seeOther(wanted.path(next: target)).uncached()
        }
        let path = wanted.path(next: nil)
        var response =
            request.isNavigation
            ? refusal(LoginFailure.loginRequired(retryPath: path, again: wanted.isStepUp))
            : HTTPResponse.text(
                "Log in \(wanted.isStepUp ? "anew" : "first"): open \(path) in a window.\n", status: 401)
        // The second parameter as RFC 9470 §3 names the case for bearer tokens.
        let error = wanted.isStepUp ? ", error=\"insufficient_user_authentication\"" : ""
        response.fields.append(.wwwAuthenticate, "OpenID realm=\"\(publicURL.origin)\"\(error)")
        return response.uncached()
    }
}
