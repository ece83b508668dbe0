import HTTPMessages

extension Endpoints {
    /// A page, with the words on every one of them that say what this provider is.
    func page(_ title: String, status: Int = 200, _ content: Markup) -> HTTPResponse {
        let markup: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · Development provider</title>
            <link rel="icon" href="\(url(.icon))" type="image/svg+xml">
            <link rel="stylesheet" href="\(url(.style))">
            </head>
            <body>
            <header class="banner"><strong>For development only.</strong> \
            This provider accepts everyone, without a password.</header>
            <main>
            \(content)
            </main>
            <footer>OpenID Provider <a href="\(url(.home))">\(issuer.string)</a></footer>
            </body>
            </html>

            """
        var response = HTTPResponse.html(markup.html, status: status).kept(.not)
        // No form-action: Chromium holds it against every redirect after a form, and those lead to the applications.
        response.fields.append(
            .contentSecurityPolicy,
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
        return response
    }

    /// An error that no application can be told of (RFC 6749 §4.1.2.1).
    func problemPage(_ problem: Problem) -> HTTPResponse {
        page(
            problem.title, status: 400,
            """
            <section class="card problem">
            <h1>\(problem.title)</h1>
            <p>\(problem.reason)</p>
            \(Self.facts(problem.facts))
            <p class="remedy">\(problem.remedy)</p>
            </section>
            """)
    }

    static func facts(_ facts: [(name: String, value: String)]) -> Markup {
        if facts.isEmpty { return "" }
        let rows = facts.map { fact -> Markup in "<div><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>\n" }
        return "<dl class=\"facts\">\n\(rows)</dl>"
    }
}
