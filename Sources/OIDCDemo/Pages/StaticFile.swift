import ByteText
import Cryptography
import HTTPMessages
import JOSE

/// A file that is the same for everybody: its answers may be kept by caches, and name its content by an `ETag`.
struct StaticFile: Sendable {
    let path: String
    private let contentType: String
    private let body: [UInt8]
    /// Names the content; changes with it.
    private let version: String

    /// What the file may do where it is opened by itself; `nil`: what every answer may.
    private let contentSecurityPolicy: String?

    init(path: String, contentType: String, text: String) {
        self.init(path: path, contentType: contentType, body: Array(text.utf8))
    }

    init(path: String, contentType: String, body: [UInt8], contentSecurityPolicy: String? = nil) {
        self.path = path
        self.contentType = contentType
        self.body = body
        self.contentSecurityPolicy = contentSecurityPolicy
        version = Base64URL.encode(Array(digest(body, using: .sha256).prefix(12)))
    }

    /// The path with the content's version, so that a new one is fetched at once.
    var versionedPath: String { path + "?v=" + version }

    /// The file, or 304 where the browser has it already (RFC 9110 §13.1.2). Kept for a year under the present version's
    /// address, else for an hour.
    func response(to request: HTTPRequest) -> HTTPResponse {
        let tag = "\"\(version)\""
        let isKnown = request.fields[.ifNoneMatch].map { $0.isExactly("*") || $0.utf8.contains(tag) } ?? false
        var response = isKnown ? HTTPResponse(status: 304) : HTTPResponse(status: 200, body: body)
        response.fields[.contentType] = isKnown ? nil : contentType
        if let contentSecurityPolicy { response.fields[.contentSecurityPolicy] = contentSecurityPolicy }
        response.fields[.eTag] = tag
        response.fields[.cacheControl] =
            request.query.isExactly("v=" + version) ? "public, max-age=31536000, immutable" : "public, max-age=3600"
        return response
    }
}

/// The files of the pages.
enum StaticFiles {
    static let stylesheet = StaticFile(
        path: "/style.css", contentType: "text/css; charset=utf-8", text: Stylesheet.text)
    static let favicon = StaticFile(
        path: "/favicon.svg", contentType: "image/svg+xml", body: Artwork.favicon.bytes)
    /// What browsers ask for unasked.
    static let oldFavicon = StaticFile(
        path: "/favicon.ico", contentType: "image/svg+xml", body: Artwork.favicon.bytes)

    static let all = [stylesheet, favicon, oldFavicon]
}
