import HTTPMessages

extension Endpoints {
    /// Asks whether to log out (OIDC RP-Initiated Logout §2).
    func confirmationPage(_ asked: EndSessionRequest, user: DevelopmentUser) -> HTTPResponse {
        let who: Markup = asked.client.map { "<span class=\"application\">\($0.name)</span> asks" } ?? "Somebody asks"
        let why: Markup =
            asked.parameters["id_token_hint"] == nil
            ? "and does not show that it means this login."
            : "and shows another login, or one from before this provider was started."
        return page(
            "Log out?",
            """
            <form class="card" method="post" action="\(url(.confirmedEndSession))">
            <h1>Log out?</h1>
            <p>You are logged in at this provider as <strong>\(user.name)</strong>.</p>
            <p>\(who) to log you out, \(why)</p>
            <input type="hidden" name="request" value="\(asked.parameters.encoded)">
            <p class="actions"><button class="primary" name="leave" value="yes">Log out</button>
            <button class="quiet" name="stay" value="yes">Stay logged in</button></p>
            </form>
            """)
    }

    func stayedPage(_ asked: EndSessionRequest) -> HTTPResponse {
        let back: Markup = asked.location.map { "<p><a href=\"\($0)\">Back to the application</a></p>" } ?? ""
        return page(
            "Still logged in",
            """
            <section class="card">
            <h1>Still logged in</h1>
            <p>You stay logged in at this provider.</p>
            \(back)
            </section>
            """)
    }

    func loggedOutPage() -> HTTPResponse {
        page(
            "Logged out",
            """
            <section class="card">
            <h1>Logged out</h1>
            <p>You are no longer logged in at this provider.</p>
            </section>
            """)
    }
}
