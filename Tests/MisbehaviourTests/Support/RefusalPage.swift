/// What the page of a failed login says.
struct RefusalPage: Sendable {
    let rule: String
    let summary: String
    let remedy: String

    /// `nil` for another page.
    init?(_ page: String) {
        let pattern =
            /<p class="lead">(.*?)<\/p>\s*<h2>What to do<\/h2>\s*<p>(.*?)<\/p>.*?<dt>Rule<\/dt><dd>(.*?)<\/dd>/
            .dotMatchesNewlines()
        guard let match = page.firstMatch(of: pattern) else { return nil }
        summary = Self.plain(match.1)
        remedy = Self.plain(match.2)
        rule = Self.plain(match.3)
    }

    private static func plain(_ html: Substring) -> String {
        let text = String(html.replacing(/<[^>]*>/, with: "")).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        let decoded = text.replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        return decoded.replacing("|", with: "\\|")
    }
}
