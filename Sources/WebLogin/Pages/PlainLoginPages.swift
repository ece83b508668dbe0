public import HTTPMessages
import OpenIDConnect

/// Pages without looks, for applications that draw none of their own.
public struct PlainLoginPages: LoginPages {
    /// The pages.
    public init() {}

    /// A list of links.
    public func chooser(_ providers: [ProviderChoice]) -> HTTPResponse { page("Log in", links(providers)) }

    /// A field for an e-mail address, and a list of links.
    public func chooser(_ providers: [ProviderChoice], email: EmailField) -> HTTPResponse {
        let hidden = email.hidden.parameters.map {
            "<input type=\"hidden\" name=\"\(htmlEscaped($0.name))\" value=\"\(htmlEscaped($0.value))\">"
        }
        let note = email.isUnknown ? "<p role=\"status\">No provider here has that address: choose one.</p>" : ""
        return page(
            "Log in",
            """
            \(note)<form action="\(htmlEscaped(email.action))"><label>E-mail address
            <input type="email" name="\(email.name)" autocomplete="email" required></label>\(hidden.joined())
            <button>Log in</button></form>\(links(providers))
            """)
    }

    private func links(_ providers: [ProviderChoice]) -> String {
        let items = providers.map { "<li><a href=\"\(htmlEscaped($0.loginPath))\">\(htmlEscaped($0.title))</a></li>" }
        return "<ul>\(items.joined())</ul>"
    }

    /// What failed, what to do, and a way on; for the operator, the rule.
    public func failure(_ failure: LoginFailure) -> HTTPResponse {
        let detail = [failure.expected.map { "expected \($0)" }, failure.actual.map { "came \($0)" }]
            .compactMap { $0 }.joined(separator: ", ")
        return page(
            "The login failed",
            """
            <p>\(htmlEscaped(failure.summary))</p><p>\(htmlEscaped(failure.remedy))</p>
            <p><a href="\(htmlEscaped(failure.retryPath))">Try again</a></p>
            <p><small>\(htmlEscaped(failure.rule)): \(htmlEscaped(detail))</small></p>
            """, status: failure.status)
    }

    /// Who the user is, what they lack, and ways on.
    public func forbidden(_ refusal: AccessRefusal) -> HTTPResponse {
        let other = refusal.otherProvider.map {
            "<a href=\"\(htmlEscaped($0.loginPath))\">Log in at \(htmlEscaped($0.title))</a> · "
        }
        return page(
            "This page is not for you",
            """
            <p>You are logged in as \(htmlEscaped(excerpt(refusal.userName))) at \(htmlEscaped(refusal.provider.title)).</p>
            <p>The page is only for who has \(htmlEscaped(refusal.missingText)).</p>
            <p>\(other ?? "")<a href="/">Start page</a> · <a href="/logout">Log out</a></p>
            """, status: 403)
    }

    /// A question with a button.
    public func confirmLogout(_ confirmation: LogoutConfirmation) -> HTTPResponse {
        page(
            "Log out?",
            """
            <form method="post" action="\(htmlEscaped(confirmation.action))"><button>Log out</button></form>
            <p><a href="\(htmlEscaped(confirmation.cancel))">Stay logged in</a></p>
            """)
    }

    /// A form with a button.
    public func continueLogout(_ form: EndSessionForm) -> HTTPResponse {
        let fields = form.fields.map {
            "<input type=\"hidden\" name=\"\(htmlEscaped($0.name))\" value=\"\(htmlEscaped($0.value))\">"
        }
        let button = "<button>Log out at \(htmlEscaped(form.provider.title)) too</button>"
        var response = page(
            "Logged out",
            "<p>You are logged out here.</p><form method=\"post\" action=\"\(htmlEscaped(form.action))\">"
                + "\(fields.joined())\(button)</form>")
        // Without the referrer, since some providers look at it. The policy has no form-action: the form may go on.
        response.fields.append(.referrerPolicy, "no-referrer")
        return response
    }

    /// That it is over here, and whether it is over there.
    public func loggedOut(_ outcome: LogoutOutcome) -> HTTPResponse {
        var text = "<p>You are logged out here.</p>"
        if outcome.providerSessionGoesOn, let title = outcome.providerTitle {
            let place = htmlEscaped(title)
            let link = outcome.providerAddress.map { "<a href=\"\(htmlEscaped($0))\">\(place)</a>" } ?? place
            text += "<p>Your session at \(link) goes on; end it there.</p>"
            if let endpoint = outcome.unusableEndpoint {
                text +=
                    "<p>It names an end_session_endpoint that cannot be used: <code>\(htmlEscaped(endpoint))</code></p>"
            }
        }
        return page("Logged out", text + "<p><a href=\"/\">Start page</a></p>")
    }

    private func page(_ title: String, _ body: String, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse.html(
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>\(htmlEscaped(title))</title>"
                + "<h1>\(htmlEscaped(title))</h1>\(body)</html>\n", status: status)
        response.fields.append(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
        response.fields.append(.xContentTypeOptions, "nosniff")
        return response
    }
}
