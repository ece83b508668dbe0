import HTTPMessages

extension HTTPRequest {
    /// Whether a user goes to a page, in a window of their own: not a script's request, an image, a frame, a prefetch. By
    /// Fetch Metadata where the browser sends them; else a script gives itself away by what it accepts.
    package var isNavigation: Bool {
        if fields[.secPurpose]?.contains("prefetch") ?? false { return false }
        if let mode = fields[.secFetchMode] {
            return mode == "navigate" && ["document", nil].contains(fields[.secFetchDest])
        }
        if fields[.xRequestedWith] != nil { return false }
        guard let accept = fields[.accept] else { return true }
        return accept.contains("text/html") || accept.contains("*/*")
    }

    /// Whether the request was caused by a page of this application, or by the user: typed, a bookmark. Unknown where an
    /// old browser does not say.
    func isSameSite(as origin: String) -> Bool? {
        if let site = fields[.secFetchSite] { return site == "same-origin" || site == "none" }
        return fields[.origin].map { $0 == origin }
    }
}
