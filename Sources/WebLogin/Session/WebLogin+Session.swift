import ByteText
import FoundationEssentials
public import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// The signed-in user of a request; `nil` where there is none: no cookie, a forged one, an expired session, one through
    /// a provider that is no longer registered.
    ///
    /// Throws what the session store throws when it does not work.
    public func session(of request: HTTPRequest) async throws -> LoginSession? { try await signedIn(request)?.user }

    /// The same with where it is kept.
    func signedIn(_ request: HTTPRequest) async throws -> SignedIn? {
        let cookies = request.cookies
        guard !cookies.values(named: cookieNames.session).isEmpty else { return nil }
        guard let token = sessionCookie.token(in: cookies) else {
            Visit.current?.foundNothing()
            return nil
        }
        if let known = Visit.current?.known(token) { return known }
        guard let found = try await load(token) else {
            Visit.current?.foundNothing()
            return nil
        }
        Visit.current?.found(found, by: token)
        do {
            if let renewed = try await sessions.renewed(token, for: found.stored) { Visit.current?.renew(renewed) }
        } catch let error as SessionStoreError where error.code == .gone {
            Visit.current?.foundNothing()
            return nil
        } catch {
            // A use that cannot be noted is none; the session is there all the same.
        }
        return found
    }

    func load(_ token: SessionToken) async throws -> SignedIn? {
        guard let stored = try await sessions.load(token), var user = stored.read({ LoginSession(payload: $0) }),
            // What a provider vouched for that has been taken out, or was for development, is worth nothing any more.
            let provider = provider(named: user.provider), provider.registration.mayHaveIssuer(user.issuer.string)
        else { return nil }
        user.roles = provider.registration.roleMapping.roles(in: user.claims)
        return SignedIn(token: token, stored: stored, user: user)
    }

    /// The answer to a request that nobody is signed in for: a navigation goes to the login and comes back here, any
    /// other request is told with a 401 that a login is wanted, since a script cannot log in, and a form cannot be sent
    /// again by itself. ``require(_:_:)`` does it around a handler.
    public func loginRequired(_ request: HTTPRequest) -> HTTPResponse { loginRequired(request, WantedLogin()) }

    var sessionCookie: SessionCookie { SessionCookie(name: cookieNames.session, isSecure: cookieNames.isSecure) }

    /// Keeps a login under a new identifier, whatever the browser brought, and ends the session it brought: an identifier
    /// that somebody planted is worth nothing after the login (session fixation). `begunAt`: when the browser was sent to
    /// the provider for it.
    func establish(
        _ login: LoginSession, begunAt: Date, for request: HTTPRequest, on response: inout HTTPResponse
    ) async throws {
        let now = now()
        let session = Session(
            payload: login.payload, summary: login.summary, issuer: login.issuer.string, subject: login.subject.string,
            providerSessionID: login.providerSessionID, createdAt: now, lastUsedAt: now,
            expiresAt: now.addingTimeInterval(sessionLifetime.absolute))
        let token = try await sessions.create(session)
        for old in sessionCookie.tokens(in: request.cookies).all { try await sessions.delete(old) }
        // A logout that came while the login was under way found nothing to end. One that came before it was begun is of
        // an earlier session: some providers use a `sid` again.
        if let sessionID = login.providerSessionID {
            let key = SharedKey(.endedByProvider, login.issuer.string, sessionID)
            if let ended = try await sessions.shared.values(for: [key]).first.flatMap({ $0 }),
                begunAt.milliseconds <= Date.milliseconds(of: ended) ?? .max
            {
                try await sessions.delete(token)
                throw EndedMeanwhile()
            }
        }
        try setSession(token, on: &response, for: request)
    }

    func setSession(
        _ token: SessionToken, on response: inout HTTPResponse, for request: HTTPRequest
    ) throws(CookieError) {
        try sessionCookie.set(
            token, on: &response, replacing: request.cookies,
            maxAge: Int(min(wholeSeconds(sessionLifetime.absolute), 10 * 365 * 86_400)))
        makeRoom(session: token, on: &response, for: request)
    }
}

/// The provider has ended the session in which the login was made.
struct EndedMeanwhile: Error {}

/// A session that is there: under which token, as it is kept, and what it says. A class, since it is much, and handed on by
/// each that asks in a request.
final class SignedIn: Sendable {
    let token: SessionToken
    let stored: Session
    let user: LoginSession

    init(token: SessionToken, stored: Session, user: LoginSession) {
        self.token = token
        self.stored = stored
        self.user = user
    }
}

extension HTTPResponse {
    /// Kept by no cache: it depends on a cookie, or sets one (RFC 9111 §5.2.2.5).
    func uncached() -> HTTPResponse {
        var response = self
        response.fields[.cacheControl] = "no-store"
        return response
    }
}

/// The path as it stands in an address.
func percentEncodedPath(_ path: String) -> String {
    path.utf8.split(at: "/").map { percentEncoded($0) }.joined(separator: "/")
}
