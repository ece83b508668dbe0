import ByteText
import FoundationEssentials
public import HTTPMessages
import OpenIDConnect

extension WebLogin {
    /// Mounts `GET /auth`, by which a proxy asks whether a request may pass: nginx with `auth_request`, Traefik with
    /// `ForwardAuth`, Caddy with `forward_auth`. It lets pass with 202, and says who the user is in `X-Auth-Request-User`
    /// (`sub`), `-Issuer`, `-Provider`, `-Email`, `-Preferred-Username`, `-Name` and `-Groups` (the roles, with commas
    /// between), each in visible ASCII with everything else percent-encoded.
    ///
    /// The proxy names what is asked for: nginx in `X-Original-URI` and `X-Original-Method`, the others in
    /// `X-Forwarded-Uri` and `X-Forwarded-Method`. Only `proxies` are believed; what contradicts itself, or is no plain path,
    /// is refused with 403. Where a login is needed, nginx gets 401, with the login's address in `X-Auth-Request-Redirect`
    /// if the user is on the way to a page; the others get the redirect itself. Where no login helps: 403.
    ///
    /// A request with a field that is another spelling of one of these to CGI, PHP and the like (`X_Auth_Request_User`), or
    /// whose `Connection` names one of these, is refused with 403: the proxy overwrites only what is spelled exactly so.
    ///
    /// The protected site has to be on the host of `publicURL`, since the session's cookie is sent to no other: a request
    /// for another, by `X-Forwarded-Host`, is refused.
    public func mountForwardAuth(on router: inout Router, rules: ForwardAuthRules, trusting proxies: TrustedProxies) {
        router.add(.get, Self.forwardAuthPath) { await self.forwardAuth($0, rules, proxies) }
    }

    static let forwardAuthPath = "/auth"

    private func forwardAuth(
        _ request: HTTPRequest, _ rules: ForwardAuthRules, _ proxies: TrustedProxies
    ) async -> HTTPResponse {
        guard let peer = IPAddress(request.peerAddress), proxies.contains(peer) else {
            return Self.closed("Only a trusted proxy may ask here.")
        }
        if let violation = ProtectedFields.violation(in: request.fields) {
            return Self.closed("\(violation) Only the proxy may set that one, and only exactly so.")
        }
        guard let question = ForwardedQuestion(request) else {
            return Self.closed("The proxy does not say, once and without contradiction, what is asked for.")
        }
        guard question.isFor(host: publicURL) else {
            return Self.closed("Only \(publicURL.origin) is protected here: a session is on no other host.")
        }
        guard let path = ForwardedPath(target: question.target) else {
            return Self.closed("The path can be read in more than one way, and stays closed.")
        }
        let user: LoginSession?
        do {
            user = try await session(of: request)
        } catch {
            return refusal(LoginFailure.store(error, nil))
        }
        let requirement: Requirement
        switch rules.access(to: path) {
        case .anyone: return Self.open(user)
        case .nobody: return Self.closed("No rule opens this path.")
        case .whoMeets(let needed): requirement = needed
        }
        switch verdict(on: user, requirement) {
        case .granted(let user): return Self.open(user)
        case .login(let wanted): return loginAnswer(question, wanted, request)
        case .insufficient(let failure): return refusal(failure)
        case .forbidden(let refusal):
            report(.forbidden(refusal))
            var response = pages.forbidden(refusal)
            response.status = 403
            return response.uncached()
        }
    }

    private static func open(_ user: LoginSession?) -> HTTPResponse {
        var response = HTTPResponse(status: 202)
        for (name, value) in IdentityFields(user).lines { response.fields.append(name, value) }
        return response.uncached()
    }

    private static func closed(_ why: String) -> HTTPResponse { HTTPResponse.text(why + "\n", status: 403).uncached() }

    private func loginAnswer(
        _ question: ForwardedQuestion, _ wanted: WantedLogin, _ request: HTTPRequest
    ) -> HTTPResponse {
        var response = HTTPResponse.text("Log in first.\n", status: 401)
        response.fields.append(.wwwAuthenticate, "OpenID realm=\"\(publicURL.origin)\"")
        if request.isNavigation, question.isRead {
            let path = wanted.path(next: ReturnPath(question.target)?.string)
            if !question.isByNginx { return HTTPResponse.seeOther(publicURL.origin + path).uncached() }
            if let name = HTTPFields.Name("X-Auth-Request-Redirect") { response.fields.append(name, path) }
        }
        return response.uncached()
    }
}

/// What a proxy asks about.
private struct ForwardedQuestion {
    /// The target as it stood in the request line.
    let target: String
    let method: String
    let host: String?
    /// Whether it came as nginx is configured to send it: nginx takes no redirect for an answer.
    let isByNginx: Bool

    var isRead: Bool { method.isExactly("GET") || method.isExactly("HEAD") }

    /// `nil` where it is not told, or told twice: a client's own field beside the proxy's.
    init?(_ request: HTTPRequest) {
        let original = request.fields.values("X-Original-URI") + request.fields.values("X-Forwarded-Uri")
        isByNginx = !request.fields.values("X-Original-URI").isEmpty
        let methods = request.fields.values(isByNginx ? "X-Original-Method" : "X-Forwarded-Method")
        let hosts = request.fields.values("X-Forwarded-Host")
        guard original.count == 1, methods.count == 1, hosts.count <= 1 else { return nil }
        target = original[0]
        method = methods[0]
        host = hosts.first
    }

    func isFor(host url: EndpointURL) -> Bool {
        guard let host else { return true }
        let own = url.origin.utf8.cut(atLast: "/")?.after ?? ""
        return host.asciiLowercased.isExactly(own.asciiLowercased)
    }
}

extension HTTPFields {
    fileprivate func values(_ name: String) -> [String] { Name(name).map { values($0) } ?? [] }
}
