public import FoundationEssentials
public import HTTPMessages
import JOSE
import OpenIDConnect
public import Sessions

/// One of a user's sessions, for a list of them. What the browser said of itself has to be escaped in a page.
public struct ActiveSession: Sendable, Hashable {
    /// How the session is named to ``WebLogin/endSession(_:for:)``.
    public let handle: SessionHandle
    /// The provider's registered name.
    public let provider: ProviderName
    /// When the user logged in.
    public let loggedInAt: Date
    /// When the session was last used, give or take a minute.
    public let lastUsedAt: Date
    /// Where the browser was at the login; empty where that is not known.
    public let address: String
    /// What the browser called itself at the login.
    public let userAgent: String?
    /// Whether it is the session of this very browser.
    public let isCurrent: Bool

    package init(
        handle: SessionHandle, provider: ProviderName, loggedInAt: Date, lastUsedAt: Date, address: String,
        userAgent: String?, isCurrent: Bool
    ) {
        self.handle = handle
        self.provider = provider
        self.loggedInAt = loggedInAt
        self.lastUsedAt = lastUsedAt
        self.address = address
        self.userAgent = userAgent
        self.isCurrent = isCurrent
    }
}

/// A user's sessions: this browser's own and the newest others, and how many there are.
public struct ActiveSessions: Sendable, Hashable {
    /// The newest first; about a hundred at most (`SessionList.maximumCount` of Sessions).
    public let sessions: [ActiveSession]
    /// How many there are, those that are not listed included.
    public let count: Int

    package init(_ sessions: [ActiveSession], count: Int) {
        self.sessions = sessions
        self.count = max(count, sessions.count)
    }
}

extension WebLogin {
    /// The signed-in user's sessions; only this browser's own where the store cannot list them (`CookieSessionStore`);
    /// `nil` where nobody is signed in.
    ///
    /// Throws ``LoginFailure`` `.sessionsUnavailable` where the store does not work.
    public func activeSessions(of request: HTTPRequest) async throws(LoginFailure) -> ActiveSessions? {
        do {
            guard let own = try await signedIn(request), let user = own.stored.user,
                let handle = sessions.handle(of: own.token)
            else { return nil }
            let list = try await sessions.sessions(of: user)
            var listed = list?.sessions ?? []
            // It may be older than all that are listed.
            if !listed.contains(where: { $0.handle == handle }) {
                listed.append(ListedSession(handle: handle, session: own.stored))
            }
            return ActiveSessions(
                listed.compactMap { ActiveSession($0, isCurrent: $0.handle == handle) }
                    .sorted { ($0.loggedInAt, $0.handle.string) > ($1.loggedInAt, $1.handle.string) },
                count: list?.count ?? 1)
        } catch {
            throw LoginFailure.store(error, nil)
        }
    }

    /// Ends one of the signed-in user's sessions; nobody else's, and nothing where there is none of that name. Refused
    /// unless a page of this application asks for it.
    ///
    /// Throws ``LoginFailure``: `.foreignRequest`, or `.sessionsUnavailable` where the store does not work.
    public func endSession(_ handle: SessionHandle, for request: HTTPRequest) async throws(LoginFailure) {
        try requireOwnPage(request)
        let own: SignedIn
        do {
            guard let found = try await signedIn(request), let user = found.stored.user else { return }
            own = found
            if sessions.handle(of: own.token) == handle {
                try await sessions.delete(own.token)
                Visit.current?.foundNothing()
            } else {
                try await sessions.delete(handle, of: user)
            }
        } catch {
            throw LoginFailure.store(error, nil)
        }
        report(
            .loggedOut(
                provider(named: own.user.provider)?.choice, by: .list, issuer: own.user.issuer,
                subject: own.user.subject))
    }

    /// Ends all of the signed-in user's sessions, in every browser, and answers as a logout does: on to the provider,
    /// where this browser's session there ends too. Refused unless a page of this application asks for it.
    ///
    /// Throws ``LoginFailure``: `.foreignRequest`, `.unreadableSession` where cookies of a session came that stand for none, or
    /// `.sessionsUnavailable` where the store does not work.
    public func logoutEverywhere(_ request: HTTPRequest) async throws(LoginFailure) -> HTTPResponse {
        try requireOwnPage(request)
        let (tokens, isComplete) = sessionCookie.tokens(in: request.cookies)
        var session: LoginSession?
        do {
            for token in tokens {
                guard let found = try await load(token) else { continue }
                if session == nil { session = found.user }
                if let user = found.stored.user { try await sessions.deleteAll(of: user) }
            }
        } catch {
            throw LoginFailure.store(error, nil)
        }
        guard isComplete else { throw LoginFailure.unreadableSession }
        return await leave(session, request, .everywhere)
    }

    private func requireOwnPage(_ request: HTTPRequest) throws(LoginFailure) {
        guard request.method == .post, request.isSameSite(as: publicURL.origin) ?? false else {
            throw LoginFailure.foreignRequest
        }
    }
}

extension ActiveSession {
    /// `nil` for a session that is not of this version.
    fileprivate init?(_ listed: ListedSession, isCurrent: Bool) {
        // As deep as the payload of an earlier version may be.
        guard let object = (try? JSONValue.parse(listed.summary, maximumDepth: LoginSession.payloadDepth))?.object,
            let provider = object["provider"]?.string.flatMap({ ProviderName($0) }), let at = object["at"]?.integer
        else { return nil }
        self.init(
            handle: listed.handle, provider: provider, loggedInAt: Date(timeIntervalSince1970: TimeInterval(at)),
            lastUsedAt: listed.lastUsedAt, address: object["address"]?.string ?? "",
            userAgent: object["agent"]?.string, isCurrent: isCurrent)
    }
}
