import HTTPMessages
import JOSE
import OpenIDConnect
import WebLogin

extension Pages {
    func forbidden(_ refusal: AccessRefusal) -> HTTPResponse {
        return PageFrame(
            title: "Not for you", forms: .logout,
            content: """
                <section class="card">
                <h1>This page is not for you</h1>
                <p class="lead">You are logged in as \
                <strong>\(.foreign(Visitor.name(in: refusal.claims) ?? refusal.subject.string, limit: 80))</strong> \
                with \(.foreign(refusal.provider.title)), and that is not enough here.</p>
                <div class="note warning"><p>It takes <strong>\(.foreign(refusal.missingText, limit: 600))</strong>.</p></div>
                <h2>Your roles</h2>
                \(roleList(refusal.roles.sorted()))
                <p class="own">They are those of your login. Given a role since then? Log out, and log in again.</p>
                <div class="actions">
                <a class="button primary" href="/">Start page</a>
                \(refusal.otherProvider.map(otherLogin))
                <form method="post" action="/logout"><button class="button">Log out</button></form>
                </div>
                </section>
                """
        ).response(status: 403)
    }

    private func otherLogin(_ provider: ProviderChoice) -> HTML {
        "<a class=\"button\" href=\"\(link: provider.loginPath)\">Log in with \(.foreign(provider.title))</a>"
    }
}
