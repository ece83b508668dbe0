import ByteText
import FoundationEssentials
import HTTPMessages
import Sessions
import WebLogin

extension Pages {
    /// Where a user is logged in, with a way to end each session and all.
    func sessions(_ sessions: ActiveSessions, titles: [ProviderName: String]) -> HTTPResponse {
        let rows: [HTML] = sessions.sessions.map { row($0, title: titles[$0.provider] ?? $0.provider.string) }
        let isOnly = sessions.count == 1
        let others = sessions.count - sessions.sessions.count
        let rest: HTML? =
            others > 0
            ? """
            <p>\(others) older sessions are not shown. Logging out everywhere ends them as well.</p>

            """ : nil
        return PageFrame(
            title: "Your sessions", forms: .logout,
            content: """
                <section class="card wide">
                <h1>Where you are logged in</h1>
                <p class="lead">\(isOnly ? "This is the only session that this app knows of you." : """
                    \(sessions.count) browsers have a session of yours in this app. End what you do not know.
                    """)</p>
                <table class="claims sessions" role="table">
                <caption class="unseen">Your sessions</caption>
                <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Browser</th>\
                <th role="columnheader" scope="col">Logged in</th><th role="columnheader" scope="col">Last used</th>\
                <th role="columnheader" scope="col"><span class="unseen">End it</span></th></tr></thead>
                <tbody role="rowgroup">
                \(rows)</tbody>
                </table>
                \(rest)<form method="post" action="/sessions/end-all" class="actions">
                <button class="button primary">Log out everywhere</button>
                <a class="button" href="/">Start page</a>
                </form>
                </section>
                """
        ).response()
    }

    private func row(_ session: ActiveSession, title: String) -> HTML {
        let browser = session.userAgent.map { BrowserName.of($0) } ?? "An unknown browser"
        let place: HTML? = session.address.isEmpty ? nil : " at <code>\(.foreign(session.address, limit: 60))</code>"
        let mark: HTML? = session.isCurrent ? " <span class=\"tag\">this browser</span>" : nil
        let (loggedIn, lastUsed) = (UTCTime(session.loggedInAt), UTCTime(session.lastUsedAt))
        return """
            <tr role="row"><th role="rowheader" scope="row"><strong>\(.foreign(browser, limit: 80))</strong>\(mark)<br>\
            <span class="own">through \(.foreign(title, limit: 60))\(place)</span></th>\
            <td role="cell"><span class="narrow">Logged in </span>\(loggedIn.ago(at: now()))<br>\
            <span class="own">\(loggedIn.html)</span></td>\
            <td role="cell"><span class="narrow">Last used </span>\(lastUsed.ago(at: now()))</td>\
            <td role="cell"><form method="post" action="/sessions/end"><input type="hidden" name="session" \
            value="\(session.handle.string)"><button class="button">End<span class="unseen"> the session of \
            \(.foreign(browser, limit: 80))</span></button></form></td></tr>

            """
    }
}

/// What a browser calls itself, in words: `Firefox on Linux`. A hint for a person, nothing to rely on.
enum BrowserName {
    /// In the order in which they are looked for: most browsers also name those that they descend from.
    private static let browsers = [
        ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]
    private static let systems = [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]

    /// The names, or the text's beginning where it names neither.
    static func of(_ userAgent: String) -> String {
        let browser = browsers.first { userAgent.utf8.contains($0.0) }?.1
        let system = systems.first { userAgent.utf8.contains($0.0) }?.1
        switch (browser, system) {
        case (let browser?, let system?): return "\(browser) on \(system)"
        case (let browser?, nil): return browser
        default: return String(userAgent.unicodeScalars.prefix(60))
        }
    }
}
