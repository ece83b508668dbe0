import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import WebLogin

/// The app as a handler of requests: its routes, its pages, and what every answer carries.
struct Site: Sendable {
    let login: WebLogin
    let pages: Pages
    private let sessions: any SessionStore
    let operations: Operations
    private var router = Router()

    let access: SiteAccess

    init(
        login: WebLogin, pages: Pages, sessions: any SessionStore, logos: [StaticFile] = [], operations: Operations,
        access: SiteAccess = SiteAccess()
    ) {
        self.login = login
        self.pages = pages
        self.sessions = sessions
        self.operations = operations
        self.access = access
        mountRoutes()
        for logo in logos { router.add(.get, logo.path) { logo.response(to: $0) } }
    }

    /// Answers a request.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        await operations.attend(request, route: router.route(for: request.path)) { request in
            page(for: await router.respond(to: request)).hardened()
        }
    }

    private mutating func mountRoutes() {
        let site = self
        login.mount(on: &router)
        router.add(.get, "/") { await site.start($0) }
        router.add(.get, "/login/trace") { await site.trace($0) }
        router.add(.get, "/login/trace.txt") { await site.traceText($0) }
        router.add(.get, "/userinfo") { await site.userInfo($0) }
        router.add(.get, "/sessions") { await site.sessions($0) }
        router.add(.post, "/sessions/end") { await site.endSession($0) }
        router.add(.post, "/sessions/end-all") { await site.endAllSessions($0) }
        mountGuarded(on: &router)
        router.add(.get, "/healthz") { _ in .text("The app is running.\n") }
        router.add(.get, "/readyz") { await site.readiness($0) }
        router.add(.get, "/metrics") { site.metrics($0) }
        for file in StaticFiles.all { router.add(.get, file.path) { file.response(to: $0) } }
    }

    private func start(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            guard let session = try await login.session(of: request) else {
                return pages.welcome(login.choices, after: login.logoutReturn(of: request))
            }
            var visitor = Visitor(session, at: login.choice(named: session.provider))
            visitor.mayTrace = login.mayTrace(session)
            visitor.isAdmin = session.hasRole(access.adminRole)
            visitor.isWatched = login.watchesSession(of: session)
            return pages.home(visitor)
        } catch {
            operations.log.write(LogEntry(.sessionsFailed, ["error": "\(error)"]))
            return pages.failure(.sessionsUnavailable)
        }
    }

    /// What has been counted, for whom it is meant; for others there is no such page.
    private func metrics(_ request: HTTPRequest) -> HTTPResponse {
        guard operations.access.permits(request) else { return .text("", status: 404) }
        return .text(operations.metrics.text, contentType: Metrics.contentType)
    }

    /// 200 where somebody can log in, else 503; in either case each provider's and the sessions' state, and why they are
    /// not ready for whom that is meant.
    private func readiness(_ request: HTTPRequest) async -> HTTPResponse {
        let tellsWhy = operations.access.permits(request)
        func state(_ name: String, _ problem: (any Error)?) -> String {
            guard let problem else { return "\(name): ready" }
            return "\(name): not ready" + (tellsWhy ? ": \(excerpt("\(problem)"))" : "")
        }
        var lines: [String] = []
        var isAnyProviderReady = false
        for (provider, problem) in await login.readiness() {
            lines.append(state(provider.name.string, problem))
            isAnyProviderReady = isAnyProviderReady || problem == nil
        }
        var areSessionsReady = true
        do {
            // Both halves of a store are asked, for what neither has.
            if let unknown = SessionToken(String(repeating: "A", count: 43)) { _ = try await sessions.load(unknown) }
            _ = try await sessions.shared.values(for: [SharedKey(.session, "readiness")])
            lines.append(state("sessions", nil))
        } catch {
            areSessionsReady = false
            lines.append(state("sessions", error))
        }
        let isReady = isAnyProviderReady && areSessionsReady
        return .text(lines.map { $0 + "\n" }.joined(), status: isReady ? 200 : 503)
    }

    /// The router's own answers are plain text; everything else that fails here is a page already.
    private func page(for response: HTTPResponse) -> HTTPResponse {
        guard response.fields[.contentType]?.utf8.hasPrefix("text/plain") ?? false else { return response }
        switch response.status {
        case 404: return pages.notFound()
        case 405: return pages.methodNotAllowed(allow: response.fields[.allow])
        default: return response
        }
    }
}

extension Visitor {
    /// The user of a session at this provider; one that is no longer registered goes by its name.
    fileprivate init(_ session: LoginSession, at provider: ProviderChoice?) {
        self.init(
            providerTitle: provider?.title ?? session.provider.string,
            issuer: session.issuer.string, subject: session.subject.string, claims: session.claims,
            loggedInAt: session.loggedInAt)
    }
}

extension LoginFailure {
    /// The start page cannot tell who is there.
    static let sessionsUnavailable = LoginFailure(
        .sessionsUnavailable, status: 503, provider: nil, summary: "The app cannot look up who you are.",
        rule: "sessions.store", expected: "a session store that works", actual: "one that does not",
        remedy: "Try again in a moment. Whoever runs this app finds the cause in its log.", retryPath: "/")
}

extension HTTPResponse {
    /// The answer with what keeps it from being misused, where it does not say so itself: it runs and loads nothing,
    /// stands in no frame, is not taken for another type, and is kept by no cache.
    func hardened() -> HTTPResponse {
        var response = self
        for line in usualFields.lines where !fields.contains(line.name) {
            response.fields.append(line.name, line.value)
        }
        return response
    }
}

private let usualFields: HTTPFields = [
    .cacheControl: "no-store", .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    .referrerPolicy: "no-referrer", .xContentTypeOptions: "nosniff",
]
