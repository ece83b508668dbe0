import ByteText
import HTTPMessages

extension Endpoints {
    /// One button for each user, and one to cancel. The form carries the request as it came; it is checked again.
    func loginPage(_ asked: AuthorizationRequest, users: [DevelopmentUser]) -> HTTPResponse {
        let hinted = users.first { user in
            asked.loginHint.map { $0.isExactly(user.email) || $0.isExactly(user.preferredUsername) } ?? false
        }
        let buttons = users.enumerated().map { index, user in
            Self.button(user, hue: index % 6, isHinted: user == hinted)
        }
        let facts = asked.parameters.parameters.map { (name: $0.name, value: $0.value) }
        return page(
            "Log in",
            """
            <form class="card" method="post" action="\(url(.login))">
            <h1>Log in to <span class="application">\(asked.client.name)</span></h1>
            <p>Choose who you are.</p>
            <input type="hidden" name="request" value="\(asked.parameters.encoded)">
            <ul class="users">
            \(buttons)</ul>
            <button class="quiet" name="cancel" value="yes">Cancel</button>
            </form>
            <details class="card">
            <summary>What the application asked for</summary>
            \(Self.facts(facts))
            </details>
            """)
    }

    private static func button(_ user: DevelopmentUser, hue: Int, isHinted: Bool) -> Markup {
        """
        <li><button class="user" name="user" value="\(user.subject)"\(isHinted ? " autofocus" : "" as Markup)>\
        \(description(of: user, hue: hue))</button></li>

        """
    }

    /// Initials, name, e-mail address and roles.
    static func description(of user: DevelopmentUser, hue: Int) -> Markup {
        let initials = [user.givenName, user.familyName].compactMap(\.first).map(String.init).joined()
        let roles = user.roles.map { role -> Markup in "<span class=\"role\">\(role)</span>" }
        return """
            <span class="avatar hue-\(hue)" aria-hidden="true">\(initials)</span><span class="who">\
            <span class="name">\(user.name)</span>\
            <span class="email">\(user.email)\(user.isEmailVerified ? "" : " · not verified")</span></span>\
            <span class="roles">\(roles.isEmpty ? ["<span class=\"role none\">no roles</span>"] : roles)</span>
            """
    }
}
