import ByteText
import FoundationEssentials
import HTTPMessages
import Synchronization

/// Who is logged in at the provider in one browser.
struct BrowserLogin: Sendable {
    /// The session's identifier, the `sid` claim.
    let id: String
    let session: ProviderSession
    let user: DevelopmentUser

    var cookieValue: String { Handle(id: id, proof: session.proof).text }
}

extension Endpoints {
    /// With the port, as browsers do not keep cookies of one host apart by it.
    private var cookieName: String { "development-provider-\(issuer.port)" }
    private var cookiePath: String { issuer.path.isEmpty ? "/" : issuer.path }

    /// The login that the request's cookie proves.
    func login(of request: HTTPRequest) -> BrowserLogin? {
        guard let handle = Handle(request.cookies[cookieName]) else { return nil }
        let now = now()
        guard let session = state.withLock({ $0.sessions.value(handle.id, at: now) }), handle.proves(session.proof),
            let user = user(session.subject)
        else { return nil }
        return BrowserLogin(id: handle.id, session: session, user: user)
    }

    /// A login made now. The same user keeps the session's identifier, so that what was issued in it lives on; the
    /// session of another user ends. The cookie is new either way.
    func startSession(of user: DevelopmentUser, replacing former: BrowserLogin?) -> BrowserLogin {
        let now = now()
        return state.withLock { state in
            let session = ProviderSession(subject: user.subject, authenticatedAt: now, proof: state.random())
            if let former, former.user.subject.isExactly(user.subject) {
                state.sessions.update(former.id, to: session)
                return BrowserLogin(id: former.id, session: session, user: user)
            }
            if let former { state.sessions.remove(former.id) }
            let id = state.random()
            state.sessions.insert(session, as: id, at: now)
            return BrowserLogin(id: id, session: session, user: user)
        }
    }

    /// Sets the cookie; `nil` takes it away.
    func setSessionCookie(_ value: String?, in response: inout HTTPResponse) {
        // Cannot fail: the name is a token, the value base64url, the path was checked with the issuer.
        let cookie = try? Cookie(
            name: cookieName, value: value ?? "", path: cookiePath, isSecure: issuer.isSecure,
            maxAge: value == nil ? 0 : nil)
        if let cookie { response.setCookie(cookie) }
    }
}
