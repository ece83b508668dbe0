import HTTPMessages

/// A page with all that the pages have in common.
struct PageFrame: Sendable {
    /// What a page's forms may lead to (Content Security Policy 3, `form-action`).
    enum Forms: Sendable {
        /// It has none.
        case none
        /// The log-out form, which goes on from here to the provider, and perhaps from there to another. Chromium holds
        /// every address on that way against `form-action`, and nobody can know them all: hence any `https` address, and
        /// `http` on this machine.
        case logout
    }

    /// The title in the browser's tab.
    let title: StaticString
    var forms = Forms.none
    /// Whether it has a frame of this app's.
    var hasFrame = false
    /// What stands between header and footer.
    let content: HTML

    /// The page as an answer that no cache keeps.
    func response(status: Int = 200) -> HTTPResponse {
        let page = HTML(joining: [Self.start, HTML(stringLiteral: title), Self.middle, content, Self.end])
        return HTTPResponse(status: status, fields: Self.fields(forms, hasFrame: hasFrame), body: page.bytes)
    }

    private static func fields(_ forms: Forms, hasFrame: Bool) -> HTTPFields {
        switch (forms, hasFrame) {
        case (.none, false): plainFields
        case (.logout, false): formFields
        default: makeFields(forms, hasFrame: hasFrame)
        }
    }

    private static let plainFields = makeFields(.none, hasFrame: false)
    private static let formFields = makeFields(.logout, hasFrame: false)

    private static func makeFields(_ forms: Forms, hasFrame: Bool) -> HTTPFields {
        [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: contentSecurityPolicy(forms, hasFrame: hasFrame),
            // With `no-referrer`, a form's POST would say `Origin: null` (Fetch §3.1), and could not be told from a
            // foreign one.
            .referrerPolicy: forms == .none ? "no-referrer" : "same-origin", .xContentTypeOptions: "nosniff",
        ]
    }

    /// The policy of a page: nothing but our own style sheet and pictures, no script at all, in nobody's frame.
    static func contentSecurityPolicy(_ forms: Forms, hasFrame: Bool) -> String {
        let targets = forms == .none ? "'none'" : "'self' https: http://localhost:* http://127.0.0.1:*"
        let frames = hasFrame ? "frame-src 'self'; " : ""
        return
            "default-src 'none'; style-src 'self'; img-src 'self'; \(frames)form-action \(targets); base-uri 'none'; "
            + "frame-ancestors 'none'"
    }

    // What is the same in every page is put together once.

    private static let start: HTML = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>
        """

    private static let middle: HTML = """
         · oidc-demo</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="\(link: StaticFiles.stylesheet.versionedPath)">
        </head>
        <body>
        <header><a class="brand" href="/">\(Artwork.mark)<span>oidc-demo</span></a></header>
        <main>

        """

    private static let end: HTML = """

        </main>
        <footer>swift-openid-connect \(About.version)</footer>
        </body>
        </html>

        """
}
