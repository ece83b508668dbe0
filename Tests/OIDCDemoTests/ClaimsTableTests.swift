import FoundationEssentials
import JOSE
import Testing

@testable import OIDCDemo

private func table(_ claims: JSONObject) -> String { ClaimsTable.html(claims).markup }

@Suite("The table of claims")
struct ClaimsTableTests {
    @Test("each claim has its value and its meaning, the standard ones first")
    func rows() throws {
        let html = table(["team": "Engine", "email": "ada@example.org", "sub": "42"])
        let order = try ["<bdi>sub</bdi>", "<bdi>email</bdi>", "<bdi>team</bdi>"].map {
            try #require(html.firstRange(of: $0)).lowerBound
        }
        #expect(order == order.sorted())
        #expect(html.contains("<bdi>ada@example.org</bdi></td><td role=\"cell\" class=\"meaning\">E-mail address"))
        #expect(html.contains("The provider&#39;s own claim") || html.contains("The provider's own claim"))
    }

    @Test("every standard claim has a meaning")
    func meanings() {
        for claim in [
            "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
            "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale",
            "phone_number", "phone_number_verified", "address", "updated_at",
        ] {
            #expect(ClaimMeaning.of(claim) != nil, "\(claim)")
        }
        #expect(ClaimMeaning.of("team") == nil)
    }

    @Test("a time is told as a date beside its number, one that is no time stays a number")
    func times() {
        #expect(
            table(["updated_at": 0]).contains(
                "<time datetime=\"1970-01-01T00:00:00Z\">1970-01-01 00:00 UTC</time> <span class=\"own\">0</span>"))
        for seconds in [-1, 253_402_300_800, .max, .min] as [Int64] {
            let html = table(["updated_at": .number(JSONNumber(seconds))])
            #expect(!html.contains("<time"))
            #expect(html.contains("<bdi>\(seconds)</bdi>"))
        }
        #expect(!table(["age": 7]).contains("<time"))
    }

    @Test("lists and plain objects are laid out, what is deeper is shown as JSON")
    func structures() {
        #expect(table(["roles": ["a", 1, true]]).contains("<li><bdi>a</bdi></li><li><code><bdi>1</bdi></code></li>"))
        #expect(table(["address": ["locality": "London"]]).contains("<dt><bdi>locality</bdi></dt><dd><bdi>London"))
        #expect(table(["x": [["a"]]]).contains("<code><bdi>[[&quot;a&quot;]]</bdi></code>"))
        #expect(table(["x": []]).contains("none"))
        #expect(table(["x": [:]]).contains("nothing"))
        #expect(table(["x": ""]).contains("empty"))
        #expect(table(["x": nil]).contains("<bdi>null</bdi>"))
        #expect(table(["x": false]).contains("<bdi>false</bdi>"))
    }

    @Test("claims without measure make a page of measure")
    func measure() {
        var many: JSONObject = [:]
        for index in 0..<1000 { many["claim\(index)"] = .array((0..<1000).map { .string("item \($0)") }) }
        let html = table(many)
        #expect(html.contains("… and 800 more claims"))
        #expect(html.contains("… and 950 more</li>"))
        #expect(html.components(separatedBy: "<tr").count == 202)
        #expect(table(["x": .string(String(repeating: "y", count: 100_000))]).utf8.count < 2000)
        var deep: JSONValue = .string(String(repeating: "z", count: 10_000))
        for _ in 0..<30 { deep = .array([deep]) }
        #expect(table(["x": deep]).utf8.count < 2000)
    }

    @Test("how long ago a moment was is told in words")
    func ago() {
        let now = Date(timeIntervalSince1970: 1_000_000_000)
        let expected: [(TimeInterval, String)] = [
            (-5, "just now"), (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"),
            (3600, "1 hour ago"), (86_399, "23 hours ago"), (86_400, "1 day ago"), (864_000, "10 days ago"),
        ]
        for (seconds, words) in expected {
            #expect(UTCTime(now.addingTimeInterval(-seconds)).ago(at: now) == words)
        }
        #expect(UTCTime(Date.distantPast).machine == "1970-01-01T00:00:00Z")
        #expect(UTCTime(Date(timeIntervalSince1970: .nan)).words == "1970-01-01 00:00 UTC")
        #expect(UTCTime(Date(timeIntervalSince1970: .infinity)).machine == "9999-12-31T23:59:59Z")
    }
}
