import HTTPMessages
import Testing

@testable import OIDCDemo

@Suite("Static files")
struct StaticFileTests {
    private let file = StaticFile(path: "/a.css", contentType: "text/css; charset=utf-8", text: "a {}")

    private func answer(_ target: String, known: String? = nil) throws -> HTTPResponse {
        var request = try #require(HTTPRequest(method: .get, target: target))
        request.fields[.ifNoneMatch] = known
        return file.response(to: request)
    }

    @Test("a file has a tag, and comes only once where the browser has it")
    func tag() throws {
        let first = try answer("/a.css")
        let tag = try #require(first.fields[.eTag])
        #expect(first.status == 200)
        #expect(first.body == Array("a {}".utf8))
        #expect(first.fields[.contentType] == "text/css; charset=utf-8")
        for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let second = try answer("/a.css", known: known)
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
            #expect(second.fields[.eTag] == tag)
        }
        #expect(try answer("/a.css", known: "\"x\"").status == 200)
    }

    @Test("a file is kept for long under its version's address only")
    func caching() throws {
        #expect(try answer(file.versionedPath).fields[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(try answer("/a.css").fields[.cacheControl] == "public, max-age=3600")
        #expect(try answer("/a.css?v=old").fields[.cacheControl] == "public, max-age=3600")
    }

    @Test("another text has another version")
    func version() {
        #expect(StaticFile(path: "/a.css", contentType: "text/css", text: "b {}").versionedPath != file.versionedPath)
    }

    @Test("the style sheet and the mark need nothing from elsewhere")
    func own() {
        #expect(!Stylesheet.text.contains("url("))
        #expect(!Stylesheet.text.contains("@import"))
        #expect(!Artwork.favicon.markup.contains("href"))
    }
}
