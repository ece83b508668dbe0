import HTTPMessages

extension Pages {
    /// The page for whoever runs the app: whether each provider could log somebody in now, in words.
    func admin(_ providers: [(title: String, state: String)], role: String, roles: [String]) -> HTTPResponse {
        let pairs: [HTML] = providers.map {
            "<dt>\(.foreign($0.title))</dt><dd>\(.foreign($0.state, limit: 600))</dd>\n"
        }
        return PageFrame(
            title: "For admins",
            content: """
                <section class="card">
                <h1>For admins</h1>
                <p class="lead">Only who has the role <code>\(.foreign(role))</code> sees this page.</p>
                <h2>The providers</h2>
                <dl class="parts">
                \(pairs)</dl>
                <h2>Your roles</h2>
                \(roleList(roles))
                <p class="actions"><a class="button primary" href="/">Start page</a></p>
                </section>
                """
        ).response()
    }

    private static let shownRoleCount = 20

    /// A user's roles.
    func roleList(_ roles: [String]) -> HTML {
        if roles.isEmpty { return "<p>The provider names none.</p>" }
        let items: [HTML] = roles.prefix(Self.shownRoleCount).map {
            "<li><code>\(.foreign($0, limit: 80))</code></li>\n"
        }
        let more = roles.count - items.count
        let rest: HTML? = more > 0 ? "<p class=\"own\">And \(more) more.</p>" : nil
        return "<ul>\n\(items)</ul>\(rest)"
    }
}
