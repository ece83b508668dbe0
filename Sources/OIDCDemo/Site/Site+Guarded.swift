import HTTPMessages
import OpenIDConnect
import WebLogin

/// Who may see what, as the settings say.
struct SiteAccess: Sendable {
    /// The role of whoever runs the app.
    var adminRole = "admin"
    /// Who may see which paths behind a proxy that asks; `nil`: it may not ask.
    var forwardAuthRules: ForwardAuthRules?
    var trustedProxies = TrustedProxies()
}

extension Site {
    /// What only some may see, and the answers to a proxy that asks.
    func mountGuarded(on router: inout Router) {
        let site = self
        router.add(.get, "/admin", login.requireRole(access.adminRole) { _, user in await site.admin(user) })
        if let rules = access.forwardAuthRules {
            login.mountForwardAuth(on: &router, rules: rules, trusting: access.trustedProxies)
        }
    }

    /// `GET /admin`: how the providers are, and the roles by which this user may see it.
    private func admin(_ user: LoginSession) async -> HTTPResponse {
        let providers = await login.readiness().map { provider, problem in
            (title: provider.title, state: problem.map { "\($0)" } ?? "ready")
        }
        return pages.admin(providers, role: access.adminRole, roles: user.roles.sorted())
    }
}
