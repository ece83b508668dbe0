import FoundationEssentials
import JOSE
import TestSupport
import Testing

@testable import OpenIDConnect

/// A text with something behind a character that `String` takes for a part of it is read as if a letter stood there.
@Suite("What stands behind a character changes nothing about what providers send")
struct ByBytesTests {
    @Test("in URLs, issuers and where their metadata lie")
    func urls() {
        let texts = [
            "https://op.example/a?b=c", "https://[::1]:8443/x", "http://localhost.:1/", "https://op.example:443",
        ]
        #expect(
            firstDifference(of: texts) { text in
                guard let url = EndpointURL(text, plainHTTP: .everywhere) else { return [nil] }
                return [url.host, "\(url.port)", url.path, url.query, url.origin, "\(url.isLoopback)"]
            } == nil)
        #expect(firstDifference(of: texts) { [Issuer($0)?.string, RedirectURI($0)?.description] } == nil)
        let location = "https://op.example/tenant/.well-known/openid-configuration"
        #expect(
            firstDifference(of: [location]) { MetadataLocation(metadataURL: $0)?.issuers.map(\.string) ?? [nil] } == nil
        )
        #expect(
            firstDifference(of: ["https://login.microsoftonline.com/common/v2.0", "https://x.okta.com/realms/a"]) {
                text in
                [Issuer(text).map { "\(ProviderKind(issuer: $0))" }]
            } == nil)
    }

    @Test("in Entra's issuers")
    func entra() throws {
        let metadata = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
        let issuers = try #require(
            MetadataLocation(metadataURL: metadata).flatMap { EntraIssuers($0, .every) })
        let tenant = "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0"
        #expect(issuers.contains(tenant))
        #expect(firstDifference(of: [tenant]) { ["\(issuers.contains($0))"] } == nil)
        #expect(EntraIssuers.filled("a{tenantid}{tenantid}", with: "b") == "abb")
        #expect(firstDifference(of: ["a{tenantid}b"]) { [EntraIssuers.filled($0, with: "t")] } == nil)
    }

    @Test("in a callback's parameters, and in those of a form")
    func parameters() {
        let names = ["code=c&state=s", "error=access_denied&state=s&iss=https://op.example"]
        #expect(
            firstDifference(of: names) { text in
                let pairs = text.utf8.split(separator: UInt8(ascii: "&")).map { part -> (name: String, value: String) in
                    let sign = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
                    return (String(Substring(part[..<sign])), String(Substring(part[sign...].dropFirst())))
                }
                let response = try AuthorizationResponse(parameters: pairs)
                return [response.state.string, response.issuer]
            } == nil)
        #expect(firstDifference(of: ["a+b%20c", "%C3%A9"]) { [formDecoded($0[...])] } == nil)
        #expect(firstDifference(of: ["a b&c=d~"]) { [formDecoded(formEncoded($0)[...])] } == nil)
    }

    @Test("in scopes, dates, content types and excerpts")
    func values() {
        #expect(firstDifference(of: ["openid profile  email", "a"]) { Scope.list($0)?.map(\.string) ?? [nil] } == nil)
        #expect(
            firstDifference(of: ["Sun, 06 Nov 1994 08:49:37 GMT"]) { text in
                [TransportResponse(status: 200, fields: [("Date", text)], body: []).date.map { "\($0)" }]
            } == nil)
        #expect(
            firstDifference(of: ["Content-Type"]) { name in
                TransportResponse(status: 200, fields: [(name, "x")], body: []).values("content-type")
            } == nil)
        #expect(
            firstDifference(of: ["a secret in a text"]) { text in
                [redacted(text, [Array("secret".utf8)])]
            } == nil)
    }

    @Test("and what is only canonically equivalent is not the same")
    func equivalence() {
        #expect(ClientAuthenticationMethod(exactly: "client_secret_basic") != nil)
        #expect(TransportResponse(status: 200, fields: [("\u{212A}ey", "x")], body: []).values("Key").isEmpty)
        #expect(Issuer("https://op.example/caf\u{E9}") == nil)
    }
}
