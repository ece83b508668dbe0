import FoundationEssentials
import HTTPMessages
import WebLogin

/// The pages of the app. They know what to show and nothing of how it came about.
struct Pages: LoginPages {
    /// Whether the embedded provider stands in, because none is configured.
    let isDevelopment: Bool
    /// What to register as redirect URI at a provider that is configured as the only one.
    let redirectURI: String
    let now: @Sendable () -> Date
    /// Whether `/login/trace` shows failed logins.
    var showsTraces = false

    init(isDevelopment: Bool, redirectURI: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.isDevelopment = isDevelopment
        self.redirectURI = redirectURI
        self.now = now
    }

    func chooser(_ providers: [ProviderChoice]) -> HTTPResponse { chooser(providers, form: nil) }

    func chooser(_ providers: [ProviderChoice], email: EmailField) -> HTTPResponse {
        let hidden: [HTML] = email.hidden.parameters.map {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n"
        }
        let note: HTML? =
            email.isUnknown
            ? "<p class=\"note\" role=\"status\">No provider here has that address. Choose one below.</p>\n" : nil
        return chooser(
            providers,
            form: """
                \(note)<form class="email" action="\(link: email.action)">
                <label for="email">Your e-mail address</label>
                <div><input id="email" type="email" name="\(email.name)" autocomplete="email" required>
                <button class="button primary">Continue</button></div>
                \(hidden)</form>
                <p class="lead">Or choose yourself:</p>

                """)
    }

    private func chooser(_ providers: [ProviderChoice], form: HTML?) -> HTTPResponse {
        PageFrame(
            title: "Choose where to log in", forms: form == nil ? .none : .logout,
            content: """
                <section class="card">
                <h1>Where do you want to log in?</h1>
                <p class="lead">You log in there, not here: this app never sees your password.</p>
                \(form)\(loginLinks(providers))
                </section>
                """
        ).response()
    }

    func confirmLogout(_ confirmation: LogoutConfirmation) -> HTTPResponse {
        PageFrame(
            title: "Log out?", forms: .logout,
            content: """
                <section class="card">
                <h1>Do you want to log out?</h1>
                <p class="lead">Another site sent you here to log you out. Nothing has happened yet.</p>
                <form method="post" action="\(link: confirmation.action)" class="actions">
                <button class="button primary">Log out</button>
                <a class="button" href="\(link: confirmation.cancel)">Stay logged in</a>
                </form>
                </section>
                """
        ).response()
    }

    func continueLogout(_ form: EndSessionForm) -> HTTPResponse {
        let fields: [HTML] = form.fields.map { "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">\n" }
        return PageFrame(
            title: "Logged out", forms: .logout,
            content: """
                <section class="card">
                <h1>You are logged out here</h1>
                <p class="lead">One step is left: \(.foreign(form.provider.title)) still knows you.</p>
                <form method="post" action="\(link: form.action)" class="actions">
                \(fields)<button class="button primary">Log out at \(.foreign(form.provider.title)) too</button>
                <a class="button" href="/">Start page</a>
                </form>
                </section>
                """
        ).response()
    }

    func loggedOut(_ outcome: LogoutOutcome) -> HTTPResponse {
        PageFrame(
            title: "Logged out",
            content: """
                <section class="card">
                <h1>You are logged out</h1>
                \(words(outcome))
                <p class="actions"><a class="button primary" href="/login">Log in again</a>
                <a class="button" href="/">Start page</a></p>
                </section>
                """
        ).response()
    }

    private func words(_ outcome: LogoutOutcome) -> HTML {
        guard let title = outcome.providerTitle else {
            return "<p class=\"lead\">There was nobody to log out in this browser.</p>"
        }
        guard outcome.providerSessionGoesOn else {
            return "<p class=\"lead\">Your session here has ended, and the one at \(.foreign(title)) too.</p>"
        }
        let way: HTML? = outcome.providerAddress.map { address in
            " <a href=\"\(link: address)\" rel=\"noreferrer\">Go to \(.foreign(title))</a>"
        }
        let reason: HTML =
            outcome.unusableEndpoint.map { endpoint in
                """
                The address that it gives apps to log you out there, <code>\(.foreign(endpoint))</code>, cannot be used; the \
                app’s operator can set <code>END_SESSION_ENDPOINT</code>.
                """
            } ?? "It offers apps no way to log you out there."
        return """
            <p class="lead">Your session here has ended.</p>
            <div class="note warning"><p><strong>You are still logged in at \(.foreign(title)).</strong> \(reason) \
            On a computer that others use, log out there too.\(way)</p></div>
            """
    }

    /// The provider's picture, or its initials. The title stands beside it: a screen reader needs no second one.
    private func badge(_ provider: ProviderChoice) -> HTML {
        if let path = provider.logoPath {
            return "<img class=\"logo\" src=\"\(link: path)\" alt=\"\" width=\"40\" height=\"40\">"
        }
        return "<span class=\"badge\" aria-hidden=\"true\">\(Initials.of(provider.title) ?? "?")</span>"
    }

    /// A link for each provider. Links, not forms: what a form leads to falls under the page's `form-action`.
    func loginLinks(_ providers: [ProviderChoice]) -> HTML {
        let items: [HTML] = providers.map { provider in
            """
            <li><a class="provider" href="\(link: provider.loginPath)">\(badge(provider))<span>Log in with <strong>\(.foreign(provider.title))</strong>\
            </span>\(Artwork.arrow)</a></li>

            """
        }
        return "<ul class=\"providers\">\n\(items)</ul>"
    }
}
