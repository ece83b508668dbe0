import HTTPMessages
import JOSE
import Sessions
import TestSupport
import Testing

@testable import WebLogin

/// To which origin a browser goes from a page of this origin, by a `Location` (URL Standard §4.4, as much of the basic URL
/// parser as the origin takes); `nil` for its own. Every character that would be percent-encoded stays as it is.
private func foreignOrigin(_ location: String) -> String? {
    // C0 control or space at both ends, tab and newline anywhere.
    var scalars = Array(location.unicodeScalars)
    while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
    scalars = Array(scalars.drop { $0.value <= 0x20 }).filter { !["\t", "\n", "\r"].contains($0) }
    let isSlash = { (scalar: Unicode.Scalar?) in scalar == "/" || scalar == "\\" }
    if let first = scalars.first, first.properties.isAlphabetic, first.isASCII,
        let end = scalars.firstIndex(where: {
            !$0.isASCII || !($0.properties.isAlphabetic || "0123456789+-.".unicodeScalars.contains($0))
        }),
        scalars[end] == ":"
    {
        return String(String.UnicodeScalarView(scalars))
    }
    guard scalars.count > 1, isSlash(scalars[0]), isSlash(scalars[1]) else { return nil }
    return String(String.UnicodeScalarView(scalars))
}

@Suite("A return path")
struct ReturnPathTests {
    @Test(
        "that browsers take for another site's is refused",
        arguments: [
            "//%EF%B8%8Fevil.example/", "//%CD%8Fevil.example", "//%F3%A0%84%80evil.example/x?y", "//evil.example",
            "/\\evil.example", "/%5Cevil.example", "/%2Fevil.example", "%2Fevil.example", "/%2F%EF%B8%8Fevil", "evil",
            "",
            "https://evil.example/", "/.//evil.example", "/%2e%2e//evil.example", "/\u{FE0F}/evil.example",
        ])
    func refused(_ text: String) { #expect(ReturnPath(text)?.string == nil) }

    @Test("stays at the application's origin, whatever it is made of")
    func origin() {
        let alphabet = [
            "/", "\\", ".", "%", "?", "#", "@", ":", "a", "2F", "5c", "%2e", "\u{FE0F}", "%EF%B8%8F", "%CC%81",
            "\u{200D}",
        ]
        var accepted = 0
        // All texts of up to four of them, behind a slash and without.
        var texts = [""]
        for _ in 0..<4 {
            texts += texts.filter { $0.unicodeScalars.count < 24 }.flatMap { text in alphabet.map { text + $0 } }
        }
        for text in Set(texts.map { Array($0.utf8) }) {
            for candidate in [String(decoding: text, as: UTF8.self), "/" + String(decoding: text, as: UTF8.self)] {
                guard let path = ReturnPath(candidate) else { continue }
                accepted += 1
                let origin = foreignOrigin(path.string)
                #expect(origin == nil, "\(candidate.debugDescription)")
            }
        }
        #expect(accepted > 1000)
    }

    @Test(
        "in a login's sealed cookie is looked at again before it becomes a Location",
        arguments: ["//evil.example/", "/ok"])
    func sealed(_ next: String) async throws {
        let world = try World()
        let browser = PlayedBrowser(world)
        let callback = try await browser.callback()
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef"])
        let purpose = "oidc login transaction 1"
        let (name, value) = try #require(
            browser.applicationCookies.first { $0.key.utf8.starts(with: "oidc-login-".utf8) })
        var transaction = try JSONObject(parsing: try #require(keys.open(value, purpose: purpose)))
        transaction["next"] = .string(next)
        browser.applicationCookies[name] = try keys.seal(transaction.serialized(), purpose: purpose)
        let response = try await browser.send(callback)
        #expect(response.fields[.location] == (next == "/ok" ? "/ok" : nil))
        #expect(response.status == (next == "/ok" ? 303 : 400))
    }
}
