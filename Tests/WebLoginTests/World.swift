import DevelopmentProvider
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import Synchronization
import TestSupport
import Testing

@testable import WebLogin

/// The application under test with the development provider beside it, both without sockets.
final class World: Sendable {
    static let providerOrigin = "http://127.0.0.1:9001"
    static let applicationOrigin = "http://127.0.0.1:8000"
    static let metadataURL = providerOrigin + "/.well-known/openid-configuration"

    /// The application's first machine.
    var login: WebLogin { machines[0].login }
    let transport: ScriptedTransport
    let clock: Mutexed<Date>
    let events = Mutexed<[LoginEvent]>([])
    /// What the network does instead of asking the provider.
    let interference = Mutexed<(@Sendable (TransportRequest) throws -> TransportResponse?)?>(nil)
    /// What becomes of the provider's answers on their way.
    let alteration = Mutexed<(@Sendable (TransportRequest, TransportResponse) -> TransportResponse)?>(nil)
    private let provider: DevelopmentProvider
    private let machines: [(login: WebLogin, router: Router)]

    init(
        store: (any SessionStore)? = nil,
        clock: Mutexed<Date> = Mutexed(Date(timeIntervalSince1970: 1_800_000_000)), machines count: Int = 1,
        providers: [String] = ["oidc_entry"], kind: ProviderKind? = nil, tracing: TracePolicy = .off,
        publicURL: String = applicationOrigin, configure: (inout ProviderRegistration) -> Void = { _ in },
        routes: (WebLogin, inout Router) -> Void = { _, _ in }
    ) throws {
        self.clock = clock
        let callbacks = ["/login/authorize"] + providers.map { "/login/authorize/\($0)" }
        let client = DevelopmentClient(
            id: "app", secret: "canary-client-secret", redirectURIs: callbacks.map { publicURL + $0 },
            postLogoutRedirectURIs: [publicURL + "/"], idTokenAlgorithm: .es256)
        let provider = try DevelopmentProvider(
            issuer: Self.providerOrigin, clients: [client], now: { clock.value })
        self.provider = provider
        let (interference, alteration) = (interference, alteration)
        transport = ScriptedTransport { request in
            if let answer = try interference.value?(request) { return answer }
            let answer = await Self.ask(provider, request)
            return alteration.value?(request, answer) ?? answer
        }
        let (events, transport) = (events, transport)
        let sessions = store ?? MemorySessionStore(now: { clock.value })
        machines = try (0..<count).map { _ in
            let login = try WebLogin(
                publicURL: publicURL, secretKeys: try SecretKeys(["0123456789abcdef0123456789abcdef"]),
                sessions: sessions, transport: transport, tracing: tracing, now: { clock.value },
                wait: { _ in try await Task.sleep(for: .milliseconds(1)) },
                report: { event in events.change { $0.append(event) } })
            for name in providers {
                try login.register(
                    name, clientID: "app", clientSecret: "canary-client-secret", serverMetadataURL: Self.metadataURL,
                    kind: kind,
                    configure: configure)
            }
            var router = Self.routes(login)
            routes(login, &router)
            return (login, router)
        }
    }

    /// An application.
    private static func routes(_ login: WebLogin) -> Router {
        var router = Router()
        login.mount(on: &router)
        router.add(.get, "/") { request in
            guard let session = try? await login.session(of: request) else { return .text("nobody") }
            return .text("\(session.subject) \(session.name ?? "")")
        }
        router.add(.get, "/sid") { request in
            .text((try? await login.session(of: request))?.providerSessionID ?? "")
        }
        router.add(.get, "/private") { request in
            guard (try? await login.session(of: request)) != nil else { return login.loginRequired(request) }
            return .text("private")
        }
        router.add(.get, "/token") { request in
            do throws(LoginFailure) {
                guard let user = try await login.freshSession(of: request) else { return .text("nobody", status: 401) }
                return .text(user.accessToken.secretString)
            } catch {
                return .text(error.rule, status: error.status)
            }
        }
        router.add(.get, "/id-token-hint") { .text((try? await login.session(of: $0))?.idTokenHint ?? "none") }
        router.add(.get, "/back") { request in .text("\(login.logoutReturn(of: request).map { "\($0)" } ?? "nothing")")
        }
        router.add(.get, "/sessions") { request in
            guard let sessions = try? await login.activeSessions(of: request) else { return .text("nobody") }
            let others = sessions.count - sessions.sessions.count
            return .text(
                sessions.sessions.map { "\($0.handle) \($0.isCurrent) \($0.userAgent ?? "")\n" }.joined()
                    + (others > 0 ? "\(others) more" : ""))
        }
        router.add(.post, "/sessions/end-all") { request in
            do throws(LoginFailure) {
                return try await login.logoutEverywhere(request)
            } catch {
                return .text(error.rule, status: error.status)
            }
        }
        router.add(.post, "/sessions/end") { request in
            do throws(LoginFailure) {
                let handle = (try? request.formParameters["session"]).flatMap { $0.flatMap { SessionHandle($0) } }
                if let handle { try await login.endSession(handle, for: request) }
                return .text("done")
            } catch {
                return .text(error.rule, status: error.status)
            }
        }
        return router
    }

    private static func ask(_ provider: DevelopmentProvider, _ request: TransportRequest) async -> TransportResponse {
        var fields = HTTPFields()
        for field in request.fields { HTTPFields.Name(field.name).map { fields.append($0, field.value) } }
        let target = request.url.path + (request.url.query.map { "?" + $0 } ?? "")
        let method: HTTPMethod = request.method == .get ? .get : .post
        guard let message = HTTPRequest(method: method, target: target, fields: fields, body: request.body) else {
            return TransportResponse(status: 400, fields: [], body: [])
        }
        let answer = await provider.respond(to: message)
        let lines = answer.fields.lines.map { (name: $0.name.canonical, value: $0.value) }
        return TransportResponse(status: answer.status, fields: lines, body: answer.body)
    }

    func answer(_ request: HTTPRequest, at origin: String, machine: Int) async -> HTTPResponse {
        if origin == Self.providerOrigin { return await provider.respond(to: request) }
        return await machines[machine].router.respond(to: request)
    }
}

extension World {
    /// The failures that were reported, in order.
    var failures: [LoginFailure] {
        events.value.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
    }

    /// The users who were refused a page, in order.
    var refusals: [AccessRefusal] {
        events.value.compactMap { if case .forbidden(let refusal) = $0 { refusal } else { nil } }
    }
}

extension World {
    /// Changes the JSON objects that the provider answers with at a path.
    func alter(_ path: String, _ change: @escaping @Sendable (inout JSONObject) -> Void) {
        alteration.value = { request, answer in
            guard request.url.path == path, var object = try? JSONObject(parsing: answer.body) else { return answer }
            change(&object)
            return .json(JSONValue.object(object).text)
        }
    }
}
