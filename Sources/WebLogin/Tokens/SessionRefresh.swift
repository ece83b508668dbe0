import Cryptography
import FoundationEssentials
import OpenIDConnect
import Sessions
import Synchronization

/// Gets new tokens for one session: one process of all that share the sessions asks the provider, under a lease; the
/// others wait for what it keeps.
struct SessionRefresh: Sendable {
    /// How it ended for everybody who asked: the session with its new tokens, or why it is over.
    struct Outcome: Sendable {
        var token: SessionToken
        var signedIn: SignedIn?
        var refusal = ""
    }

    let login: WebLogin
    let provider: RegisteredProvider
    let token: SessionToken
    let margin: TimeInterval

    /// How long a lease lasts, in seconds: longer than a request to a token endpoint and keeping its answer may take. One
    /// whose holder was killed is over then.
    static let lease: TimeInterval = 60
    /// How often, and after how long, those who wait look again: for longer than a refresh takes that comes to an end.
    private static let looks = 400
    private static let pause = Duration.milliseconds(100)
    private static let purpose = "oidc session successor 1"

    private var shared: any SharedValues { login.sessions.shared }

    func run() async throws(LoginFailure) -> Outcome {
        do {
            guard let handle = login.sessions.handle(of: token) else { return ended("it is no session's") }
            var generator = SystemRandomNumberGenerator()
            let mine = randomBytes(16, using: &generator)
            let key = SharedKey(.refreshing, handle.string)
            for _ in 0..<Self.looks {
                if let outcome = try await alreadyDone(handle) { return outcome }
                let end = login.now().addingTimeInterval(Self.lease)
                guard try await shared.setFirst(mine, for: key, until: end) else {
                    try await login.wait(Self.pause)
                    continue
                }
                let result = await refreshUnderLease(handle)
                // A lease that cannot be given back ends by itself.
                try? await shared.remove(mine, for: key)
                return try result.get()
            }
        } catch let failure as LoginFailure {
            throw failure
        } catch {
            throw LoginFailure.store(error, provider.choice)
        }
        throw LoginFailure.refreshTookTooLong(provider.choice)
    }

    /// Somebody else may have refreshed the session, or ended it.
    private func alreadyDone(_ handle: SessionHandle) async throws -> Outcome? {
        guard let current = try await current(handle) else { return ended("the session is over") }
        if current.user.needsRefresh(at: login.now(), margin: margin) { return nil }
        return Outcome(token: current.token, signedIn: current)
    }

    /// The session as it is kept now; for one in a cookie its newest successor.
    private func current(_ handle: SessionHandle) async throws -> SignedIn? {
        if let sealed = try await shared.values(for: [successorKey(handle)]).first ?? nil,
            let opened = login.secretKeys.open(String(decoding: sealed, as: UTF8.self), purpose: Self.purpose),
            let token = SessionToken(String(decoding: opened, as: UTF8.self)),
            let found = try await login.load(token)
        {
            return found
        }
        return try await login.load(token)
    }

    private func refreshUnderLease(_ handle: SessionHandle) async -> Result<Outcome, any Error> {
        do {
            // Between the look and the lease another may have come and gone.
            if let outcome = try await alreadyDone(handle) { return .success(outcome) }
            guard var current = try await current(handle), let refreshToken = current.user.refreshToken else {
                return .success(ended("the session is over"))
            }
            var user = current.user
            do throws(OpenIDError) {
                user.renew(with: try await provider.client().refresh(refreshToken, of: user.original))
            } catch  where error.code.endsLogin {
                // Whoever was faster under a lease that ran out has newer tokens: those are the login's.
                if let newer = try await self.current(handle), newer.user.refreshToken != refreshToken {
                    return .success(Outcome(token: newer.token, signedIn: newer))
                }
                try await login.sessions.delete(current.token)
                login.report(.failed(LoginFailure.refreshRefused(provider.choice, actual: error.actual)))
                login.report(
                    .loggedOut(
                        provider.choice, by: .refreshRefused, issuer: current.user.issuer,
                        subject: current.user.subject))
                return .success(ended(error.actual))
            } catch {
                throw LoginFailure(error, provider: provider.choice)
            }
            var stored = current.stored
            stored.payload = user.payload
            let newToken = try await keep(stored, instead: current.token)
            if newToken != token {
                // Whoever reads what machines share must find no cookie there. That it cannot be kept for the older cookies is
                // no reason to lose it for this browser.
                let sealed = try login.secretKeys.seal(Array(newToken.string.utf8), purpose: Self.purpose)
                try? await shared.set(Array(sealed.utf8), for: successorKey(handle), until: stored.expiresAt)
            }
            login.report(.refreshed(provider.choice))
            current = SignedIn(token: newToken, stored: stored, user: user)
            return .success(Outcome(token: newToken, signedIn: current))
        } catch let error as SessionStoreError where error.code == .gone {
            return .success(ended("the session has ended meanwhile"))
        } catch {
            return .failure(error)
        }
    }

    /// Keeps the session with its new tokens. The provider may have taken the old refresh token back already: what does
    /// not work at once is tried again for a while, but not what is too large.
    private func keep(_ session: Session, instead token: SessionToken) async throws -> SessionToken {
        var pause = Duration.milliseconds(100)
        for _ in 0..<6 {
            do {
                return try await login.sessions.replace(token, with: session)
            } catch let error as SessionStoreError where [.gone, .tooLarge].contains(error.code) {
                throw error
            } catch {
                try await login.wait(pause)
                pause *= 2
            }
        }
        return try await login.sessions.replace(token, with: session)
    }

    /// By the session, not the cookie: it may have several, of which each notes another use.
    private func successorKey(_ handle: SessionHandle) -> SharedKey { SharedKey(.refreshed, handle.string) }

    private func ended(_ why: String) -> Outcome { Outcome(token: token, signedIn: nil, refusal: why) }
}

extension OpenIDError.Code {
    /// Whether a refresh that fails so shows that the login is over: the provider takes the refresh token no more, or what
    /// it gave in exchange is another login's (OIDC Core §12.2).
    fileprivate var endsLogin: Bool {
        switch self {
        case .tokenRequestRefused(let error): error.isAboutTheCode
        case .idToken: true
        default: false
        }
    }
}

/// The refreshes that are under way in this process: one a session.
final class Refreshes: Sendable {
    private typealias Flight = Task<Result<SessionRefresh.Outcome, LoginFailure>, Never>
    private let flights = Mutex<[SessionToken: Flight]>([:])

    /// Runs it, or waits for the one that runs already for this session. It runs to its end even when nobody waits any
    /// longer: new tokens must not be lost.
    func only(
        _ token: SessionToken, _ body: @escaping @Sendable () async throws(LoginFailure) -> SessionRefresh.Outcome
    ) async throws(LoginFailure) -> SessionRefresh.Outcome {
        let flight = flights.withLock { flights in
            if let known = flights[token] { return known }
            let flight = Flight {
                let result: Result<SessionRefresh.Outcome, LoginFailure>
                do throws(LoginFailure) {
                    result = .success(try await body())
                } catch {
                    result = .failure(error)
                }
                self.flights.withLock { $0[token] = nil }
                return result
            }
            flights[token] = flight
            return flight
        }
        return try await flight.value.get()
    }
}
