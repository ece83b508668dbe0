import ByteText
import HTTPMessages

extension HTTPRequest {
    /// Whether a user goes to a page, in a window of their own: not a script's request, an image, a frame, a prefetch. By
    /// Fetch Metadata where the browser sends them; else a script gives itself away by what it accepts.
    package var isNavigation: Bool {
        if fields[.secPurpose]?.utf8.contains("prefetch") ?? false { return false }
        if let mode = fields[.secFetchMode] {
            return mode.isExactly("navigate") && (fields[.secFetchDest] ?? "document").isExactly("document")
        }
        if fields[.xRequestedWith] != nil { return false }
        guard let accept = fields[.accept] else { return true }
        return accept.utf8.contains("text/html") || accept.utf8.contains("*/*")
    }

    /// Whether the request was caused by a page of this application, or by the user: typed, a bookmark. Unknown where an
    /// old browser does not say.
    func isSameSite(as origin: String) -> Bool? {
        if let site = fields[.secFetchSite] { return ["same-origin", "none"].containsExactly(site) }
        return fields[.origin].map { $0.isExactly(origin) }
    }
}
