import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE
import Synchronization

/// The paths below the issuer's.
enum Path: String, CaseIterable, Sendable {
    case home = "/"
    case discovery = "/.well-known/openid-configuration"
    case keys = "/jwks"
    case authorization = "/authorize"
    case login = "/login"
    case token = "/token"
    case userInfo = "/userinfo"
    case endSession = "/logout"
    case confirmedEndSession = "/logout/confirmed"
    case style = "/style.css"
    case icon = "/icon.svg"
}

/// All that the endpoints share; their handlers stand in extensions, one file each.
final class Endpoints: Sendable {
    let issuer: LoopbackIssuer
    let clients: [String: DevelopmentClient]
    /// In the order of the login page.
    let users: [DevelopmentUser]
    let keys: SigningKeys
    let state: Mutex<ProviderState>
    let now: @Sendable () -> Date

    init(
        issuer: LoopbackIssuer, clients: [String: DevelopmentClient], users: [DevelopmentUser], capacity: Int,
        now: @escaping @Sendable () -> Date, using generator: some RandomNumberGenerator & Sendable
    ) {
        self.issuer = issuer
        self.clients = clients
        self.users = users
        self.now = now
        state = Mutex(ProviderState(capacity: capacity, using: generator))
        keys = SigningKeys(for: Set(clients.values.map(\.idTokenAlgorithm)))
    }

    var router: Router {
        var router = Router()
        func add(_ methods: [HTTPMethod], _ path: Path, _ handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) {
            for method in methods { router.add(method, issuer.path + path.rawValue) { request in handler(request) } }
        }
        add([.get], .home) { _ in self.home() }
        add([.get], .discovery) { _ in self.discovery() }
        add([.get], .keys) { _ in self.keySet() }
        add([.get, .post], .authorization, authorize)
        add([.post], .login, logIn)
        add([.post], .token, token)
        add([.get, .post], .userInfo, userInfo)
        add([.get, .post], .endSession, endSession)
        add([.post], .confirmedEndSession, endSessionConfirmed)
        add([.get], .style) { _ in .text(stylesheet, contentType: "text/css; charset=utf-8").kept(.anHour) }
        add([.get], .icon) { _ in .text(icon, contentType: "image/svg+xml").kept(.anHour) }
        return router
    }

    func url(_ path: Path) -> String { issuer.base + path.rawValue }

    func user(_ subject: String) -> DevelopmentUser? { users.first { $0.subject.isExactly(subject) } }
}

extension HTTPRequest {
    /// The parameters of the query, or of the body for POST.
    var parameters: FormParameters {
        get throws(FormError) { method == .post ? try formParameters : try queryParameters }
    }
}

extension HTTPResponse {
    /// JSON that no cache keeps (RFC 6749 §5.1).
    static func json(_ object: JSONObject, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse(status: status, body: JSONValue.object(object).serialized())
        response.fields.append(.contentType, "application/json")
        return response.kept(.not)
    }

    enum Keeping: String {
        case not = "no-store"
        case anHour = "public, max-age=3600"
    }

    func kept(_ keeping: Keeping) -> HTTPResponse {
        var response = self
        response.fields[.cacheControl] = keeping.rawValue
        response.fields[.xContentTypeOptions] = "nosniff"
        response.fields[.referrerPolicy] = "no-referrer"
        return response
    }
}
