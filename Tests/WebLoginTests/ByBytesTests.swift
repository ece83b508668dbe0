import HTTPMessages
import JOSE
import TestSupport
import Testing

@testable import WebLogin

/// A text with something behind a character that `String` takes for a part of it is read as if a letter stood there.
@Suite("What stands behind a character changes nothing about what browsers send")
struct ByBytesTests {
    @Test("in where a login leads back to")
    func returnPaths() {
        let texts = ["/a/b?c=d", "//evil.example/", "/\\evil.example", "/./x", "/../x", "/login", "/a//b"]
        #expect(firstDifference(of: texts) { [ReturnPath($0)?.string] } == nil)
        for text in texts {
            for extended in Extended.all(of: text) {
                let (encoded, plain) = (Extended.percentEncoded(extended.text), Extended.percentEncoded(extended.plain))
                #expect((ReturnPath(encoded) == nil) == (ReturnPath(plain) == nil), "\(encoded)")
            }
        }
    }

    @Test("in the segments of a path that a proxy asks about")
    func forwardedPaths() {
        let texts = ["/a/b", "/a//b", "/a/../b", "/a;b", "/a.", "/a?b"]
        for text in texts {
            for extended in Extended.all(of: text) {
                let own = ForwardedPath(target: Extended.percentEncoded(extended.text))?.segments
                let plain = ForwardedPath(target: Extended.percentEncoded(extended.plain))?.segments
                #expect(own?.map { Array($0.utf8) } == plain?.map(extended.bytes), "\(extended)")
            }
        }
    }

    @Test("in rules")
    func rules() {
        let texts = ["/a=role:admin; /b=anyone", "/=login+acr:x|role:y", "/c=claim:a.b=c"]
        #expect(
            firstDifference(of: texts) { text in
                // What they open for whom is text enough.
                let rules = try ForwardAuthRules(text)
                return ["/a", "/b", "/c", "/"].map { target in
                    ForwardedPath(target: target).map { "\(rules.access(to: $0))".utf8.count.description }
                }
            } == nil)
    }

    @Test("in claims' paths, demands and domains")
    func values() {
        #expect(firstDifference(of: ["realm_access.roles", "a.b.c"]) { [ClaimPath($0).description] } == nil)
        let claims: JSONObject = ["a": ["b": "inner"], "a.b": "outer"]
        #expect(firstDifference(of: ["a.b", "a"]) { [ClaimPath($0).value(in: claims)?.string] } == nil)
        #expect(
            firstDifference(of: ["gold silver", "a"]) { text in
                LoginDemand(["acr_values": text] as FormParameters)?.acrs ?? [nil]
            } == nil)
        #expect(
            firstDifference(of: ["ada@example.org", "\"a@b\"@example.org"]) { [EmailDomain(ofAddress: $0)?.string] }
                == nil)
        #expect(EmailDomain(ofAddress: "ada@\u{301}example.org") == nil)
        #expect(EmailDomain("\u{212A}.example") == nil)
    }

    @Test("in what says that a browser navigates")
    func navigation() throws {
        for name in [HTTPFields.Name.secPurpose, .secFetchMode, .secFetchDest, .accept, .secFetchSite, .origin] {
            let texts = ["navigate", "prefetch;prerender", "document", "text/html, */*", "same-origin", "none"]
            #expect(
                firstDifference(of: texts) { value in
                    let request = HTTPRequest(method: .get, target: "/", fields: [name: value])
                    return [request.map { "\($0.isNavigation) \($0.isSameSite(as: "same-origin") ?? false)" }]
                } == nil)
        }
    }
}
