import ByteText
import HTTPMessages
import Sessions
import Synchronization

/// What one request has shown about the browser's session: looked up once however often it is asked for, and what the
/// browser has to be told of it when the answer is there.
final class Visit: Sendable {
    @TaskLocal static var current: Visit?

    private struct State {
        var user: (token: SessionToken, signedIn: SignedIn)?
        /// The browser has a session cookie that opens nothing.
        var isStale = false
        var newToken: SessionToken?
        var spentCookies: [String] = []
    }

    private let state = Mutex(State())

    func known(_ token: SessionToken) -> SignedIn? {
        state.withLock { state in state.user.flatMap { $0.token == token ? $0.signedIn : nil } }
    }

    func found(_ signedIn: SignedIn, by token: SessionToken) { state.withLock { $0.user = (token, signedIn) } }

    /// Nothing was found for the cookie that came.
    func foundNothing() {
        state.withLock { state in
            state.isStale = true
            state.newToken = nil
        }
    }

    /// The session has ended, or changed: what was known of it is so no longer.
    func forget() { state.withLock { $0.user = nil } }

    /// The browser's session is found by this token from now on.
    func renew(_ token: SessionToken) { state.withLock { $0.newToken = token } }

    /// A cookie has served.
    func clear(_ name: String) { state.withLock { $0.spentCookies.append(name) } }

    /// What the browser has to be told.
    var news: (newToken: SessionToken?, isStale: Bool, spentCookies: [String]) {
        state.withLock { ($0.newToken, $0.isStale, $0.spentCookies) }
    }
}

extension WebLogin {
    /// Lets the handler answer, then adds to the answer what the browser has to be told of its session: a new cookie
    /// where there is one, and that a cookie is worth nothing where it opens nothing. An answer that sets or clears the
    /// session itself stays as it is.
    func attend(_ request: HTTPRequest, _ handler: HTTPHandler) async -> HTTPResponse {
        let visit = Visit()
        var response = await Visit.$current.withValue(visit) { await handler(request) }
        let (newToken, isStale, spentCookies) = visit.news
        for name in spentCookies { clear(name, on: &response) }
        let name = cookieNames.session + "="
        if response.fields.values(.setCookie).contains(where: { $0.utf8.hasPrefix(name) }) { return response }
        if let newToken {
            try? setSession(newToken, on: &response, for: request)
        } else if isStale, request.isNavigation {
            // Only then: the answer to a script may come when a login in another tab has set a new one.
            try? sessionCookie.clear(on: &response, replacing: request.cookies)
        } else if spentCookies.isEmpty {
            return response
        }
        return response.uncached()
    }
}
