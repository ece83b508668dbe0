import ByteText
import FoundationEssentials
public import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import Synchronization

extension WebLogin {
    /// The last login of a request's browser, within the last hour: `nil` where it is not known, or is not this browser's to
    /// see. A login that went well is shown as long as its session is there.
    ///
    /// Throws what the session store throws when it does not work.
    public func lastLogin(of request: HTTPRequest) async throws -> LoginTrace? {
        if case .off = tracing { return nil }
        guard let handle = request.cookies[cookieNames.trace], State(handle) != nil else { return nil }
        let kept = try await sessions.shared.values(for: [SharedKey(.trace, handle)])
        guard let sealed = kept.first ?? nil,
            let bytes = secretKeys.open(String(decoding: sealed, as: UTF8.self), purpose: Self.tracePurpose),
            let trace = (try? JSONObject(parsing: bytes)).flatMap({ LoginTrace(json: $0) })
        else { return nil }
        if case .finished(let issuer, let subject) = trace.outcome {
            guard let session = try await session(of: request), session.issuer.string.isExactly(issuer),
                session.subject.string.isExactly(subject),
                abs(session.loggedInAt.timeIntervalSince(trace.endedAt)) < 2, tracing.allows(session)
            else { return nil }
        } else if case .users = tracing {
            return nil
        }
        return trace
    }

    /// Whether the signed-in user may look at logins.
    public func mayTrace(_ session: LoginSession) -> Bool { tracing.allows(session) }

    private static var tracePurpose: String { "oidc login trace 1" }
    /// In seconds.
    private static var traceLifetime: TimeInterval { 3600 }

    /// Keeps how a login that went well did so.
    func keepTrace(of session: LoginSession, at provider: ProviderChoice, on response: inout HTTPResponse) async {
        guard tracing.allows(session), let record = LoginRecorder.current?.record else { return }
        await keep(
            LoginTrace(
                provider: provider, endedAt: session.loggedInAt,
                outcome: .finished(issuer: session.issuer.string, subject: session.subject.string), record: record),
            on: &response)
    }

    /// Keeps how a login failed, where one was under way.
    func keepTrace(of failure: LoginFailure, on response: inout HTTPResponse) async {
        guard case .everyone = tracing, let provider = failure.provider, let record = LoginRecorder.current?.record,
            !record.steps.isEmpty
        else { return }
        await keep(
            LoginTrace(
                provider: provider, endedAt: now(),
                outcome: .failed(
                    rule: failure.rule, summary: failure.summary,
                    remedy: [failure.remedy, provider.kind.remedy(for: failure)].compactMap(\.self).joined(
                        separator: " ")),
                record: record),
            on: &response)
    }

    /// Under a name that only this browser knows. A login is none the worse where its trace cannot be kept.
    private func keep(_ trace: LoginTrace, on response: inout HTTPResponse) async {
        guard traceBudget.withLock({ $0.spend(at: now()) }) else { return }
        var generator = SystemRandomNumberGenerator()
        let handle = State(using: &generator).string
        do {
            let sealed = try secretKeys.seal(JSONValue.object(trace.json).serialized(), purpose: Self.tracePurpose)
            try await sessions.shared.set(
                Array(sealed.utf8), for: SharedKey(.trace, handle), until: now().addingTimeInterval(Self.traceLifetime))
            response.setCookie(
                try Cookie(
                    name: cookieNames.trace, value: handle, isSecure: cookieNames.isSecure,
                    maxAge: Int(Self.traceLifetime)))
        } catch {}
    }
}

extension TracePolicy {
    func allows(_ session: LoginSession) -> Bool {
        switch self {
        case .off: false
        case .everyone: true
        case .users(let isAllowed): isAllowed(session)
        }
    }
}
