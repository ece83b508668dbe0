import FoundationEssentials
import HTTPMessages
import JOSE
import WebLogin

/// Who is logged in, as the start page shows it.
struct Visitor: Sendable {
    let providerTitle: String
    let issuer: String
    let subject: String
    /// The user info.
    let claims: JSONObject
    let loggedInAt: Date
    /// Whether the page watches the session at the provider.
    var isWatched = false
    /// Whether the user may look at how the login went.
    var mayTrace = false
    /// Whether the user sees the page for admins.
    var isAdmin = false

    /// The claims by which people are called, the best first.
    private static let names = ["name", "given_name", "nickname", "preferred_username", "email"]

    /// What to call the user: the first of the above that is a text, else the subject.
    var name: String { Self.name(in: claims) ?? subject }

    static func name(in claims: JSONObject) -> String? {
        names.lazy.compactMap { claims[$0]?.string }.map(trimmed).first { !$0.isEmpty }
    }
}

extension Pages {
    /// The start page for somebody who is logged in.
    func home(_ visitor: Visitor) -> HTTPResponse {
        let since = UTCTime(visitor.loggedInAt)
        let name = visitor.name
        let picture: HTML = Initials.of(name).map { "\($0)" } ?? Artwork.person
        return PageFrame(
            title: "Logged in", forms: .logout, hasFrame: visitor.isWatched,
            content: """
                <section class="greeting">
                <div class="avatar" aria-hidden="true">\(picture)</div>
                <div class="words">
                <h1>Hello, \(.foreign(name, limit: 80))</h1>
                <p>Logged in with <strong>\(.foreign(visitor.providerTitle))</strong>, \(since.ago(at: now()))
                <span class="own">(\(since.html))</span></p>
                </div>
                <div class="actions">
                \(visitor.isAdmin ? Self.adminLink : nil)\(visitor.mayTrace ? Self.traceLink : nil)<a class="button" href="/sessions">Sessions</a>
                <form method="post" action="/logout"><button class="button">Log out</button></form>
                </div>
                </section>
                <section class="card wide" aria-labelledby="claims">
                <h2 id="claims">What the provider says about you</h2>
                <p class="lead">The user info of <code>\(.foreign(visitor.subject))</code>, as \
                <code>\(.foreign(visitor.issuer))</code> gave it at this login.</p>
                \(ClaimsTable.html(visitor.claims))
                </section>
                \(visitor.isWatched ? Self.sessionFrame : nil)
                """
        ).response()
    }

    private static let traceLink: HTML = "<a class=\"button\" href=\"/login/trace\">How this login went</a>\n"

    private static let adminLink: HTML = "<a class=\"button\" href=\"/admin\">Admin</a>\n"

    private static let sessionFrame: HTML = """
        <iframe src="\(link: WebLogin.sessionFramePath)" title="Watches your session at the provider" hidden></iframe>
        """

    /// The start page for everybody else.
    func welcome(_ providers: [ProviderChoice], after logout: LogoutReturn? = nil) -> HTTPResponse {
        PageFrame(
            title: "Log in",
            content: """
                <section class="card">
                \(logout.map(words))
                <h1>Log in, and see what a provider says about you</h1>
                <p class="lead">This app shows one whole OpenID Connect login: you log in at a provider, and come back \
                here with what it tells apps about its users.</p>
                \(loginLinks(providers))
                \(isDevelopment ? developmentHint : nil)
                </section>
                """
        ).response()
    }

    /// What is known of a logout from which the browser comes back.
    private func words(_ logout: LogoutReturn) -> HTML {
        switch logout {
        case .confirmed(let provider):
            """
            <div class="note" role="status"><p><strong>You are logged out</strong>, here and at \
            \(.foreign(provider.title)).</p></div>
            """
        case .unconfirmed(let provider):
            """
            <div class="note warning" role="status"><p><strong>You are logged out here.</strong> Whether \
            \(.foreign(provider.title)) has logged you out too is not known: it did not say so.</p></div>
            """
        case .foreign:
            """
            <div class="note warning" role="status"><p><strong>This browser has not asked for a logout</strong> that the \
            address speaks of. Nothing has happened.</p></div>
            """
        }
    }

    private var developmentHint: HTML {
        """
        <div class="note"><p><strong>No provider is configured</strong>, so a development provider runs beside the app, \
        on this machine only. You will pick one of three ready users; there is no password.</p>
        <details><summary>Use your own provider</summary>
        <ol>
        <li>Register an application there, with this redirect URI:<br><code>\(redirectURI)</code></li>
        <li>Start the app again with what the provider gave you:
        <pre>CLIENT_ID=…
        CLIENT_SECRET=…
        SERVER_METADATA_URL=https://…/.well-known/openid-configuration</pre></li>
        </ol>
        </details></div>
        """
    }
}
