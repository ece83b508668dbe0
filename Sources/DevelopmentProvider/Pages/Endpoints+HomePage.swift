import HTTPMessages
import JOSE

extension Endpoints {
    /// What stands here, for somebody who follows the issuer's URL.
    func home() -> HTTPResponse {
        let people = users.enumerated().map { index, user -> Markup in
            "<li class=\"user\">\(Self.description(of: user, hue: index % 6))</li>\n"
        }
        let applications = clients.values.sorted { $0.id < $1.id }.map { client -> Markup in
            let kind = client.secret == nil ? "public client" : "with a secret"
            return """
                <h3>\(client.name)</h3>
                \(Self.facts(
                    [("client_id", client.id), ("authentication", kind),
                     ("ID Token", client.idTokenAlgorithm.rawValue)]
                        + client.redirectURIs.map { ("redirect_uri", $0) }
                        + client.postLogoutRedirectURIs.map { ("post_logout_redirect_uri", $0) }))

                """
        }
        return page(
            "Home",
            """
            <section class="card">
            <h1>A provider to develop against</h1>
            <p>Applications on this machine log their users in here. Nobody else can reach it, its keys and logins end \
            when it stops.</p>
            \(Self.facts([("issuer", issuer.string), ("discovery", url(.discovery))]))
            </section>
            <section class="card">
            <h2>Users</h2>
            <ul class="users">
            \(people)</ul>
            </section>
            <section class="card">
            <h2>Applications</h2>
            \(applications)
            </section>
            """)
    }
}
