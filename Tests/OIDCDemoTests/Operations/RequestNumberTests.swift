import Foundation
import HTTPMessages
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("The number of a request")
struct RequestNumberTests {
    @Test("is made of a number that is another for each request of a process, and in another process")
    func numbers() {
        let numbers = RequestNumbers(startingAt: 0)
        // The first numbers of SplitMix64 from zero (Vigna, splitmix64.c).
        #expect(numbers.next() == 0xE220_A839_7B1D_CDAF)
        #expect(numbers.next() == 0x6E78_9E6A_A1B9_65F4)
        #expect(RequestNumbers().next() != RequestNumbers().next())
    }

    @Test("is all that shows of a request which is written out")
    func writtenOut() throws {
        let request = try #require(
            HTTPRequest(method: .get, target: "/?code=canary", fields: [.cookie: "session=canary"]))
        let current = CurrentRequest(request, trusting: TrustedProxies(), number: 7)
        var text = String(reflecting: current)
        dump(current, to: &text)
        #expect(text.contains(current.id) && !text.contains("canary"))
    }

    @Test("stands in the answer, on a failure's page and in every line of the log, and is another for each request")
    func endToEnd() async throws {
        let world = try OperatedWorld(logsRequests: true)
        let refused = try await world.send("/login/authorize?code=x&state=" + String(repeating: "A", count: 43))
        let number = try #require(refused.fields[.xRequestID])
        #expect(number.wholeMatch(of: /[2-9a-km-np-z]{12}/) != nil)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("quote this number: <code>\(number)</code>"))
        let entries = try world.entries()
        #expect(entries.map { $0["event"] } == ["login.failed", "request.answered"])
        #expect(entries.allSatisfy { $0["request"] == number })
        #expect(try await world.send("/").fields[.xRequestID] != number)
    }

    @Test("is a trusted proxy's where it has the form of one")
    func fromProxy() async throws {
        let world = try OperatedWorld(proxies: "10.0.0.0/8", logsRequests: true)
        world.address = "10.1.2.3"
        let uuid = "0b6c1f0e-7a4e-4d57-8f6a-1d2c3b4a5f60"
        world.more = [(.xRequestID, uuid), (.xForwardedFor, "203.0.113.9")]
        #expect(try await world.send("/").fields[.xRequestID] == uuid)
        let entry = try #require(try world.entries().last)
        #expect(entry["request"] == uuid)
        #expect(entry["client"] == "203.0.113.9")
    }

    @Test("is our own where a stranger gives one")
    func fromStranger() async throws {
        let world = try OperatedWorld(proxies: "10.0.0.0/8")
        world.more = [(.xRequestID, "0b6c1f0e-7a4e-4d57")]
        #expect(try await world.send("/").fields[.xRequestID]?.count == 12)
    }

    @Test(
        "is our own where a proxy's has another form, or there are two",
        arguments: [
            ["1234567"], [String(repeating: "a", count: 65)], ["abcdefgh\" x=\""], ["abcdefgh\u{202E}"],
            ["abc<b>defgh"],
            ["abcdefgh, abcdefgh"], ["abcdefgh", "abcdefgh"], [""], ["äbcdefgh"], ["abcdefgh.x"],
        ])
    func malformed(_ values: [String]) async throws {
        let world = try OperatedWorld(proxies: "192.0.2.7")
        world.more = values.map { (.xRequestID, $0) }
        #expect(try await world.send("/").fields[.xRequestID]?.count == 12)
    }

    @Test(
        "is taken at the ends of its form",
        arguments: ["12345678", String(repeating: "a", count: 64), "AZaz09-_"])
    func wellFormed(_ value: String) async throws {
        let world = try OperatedWorld(proxies: "192.0.2.7")
        world.more = [(.xRequestID, value)]
        #expect(try await world.send("/").fields[.xRequestID] == value)
    }

    @Test("a request's line has its path without the query, and is there only where it is asked for")
    func accessLine() async throws {
        let quiet = try OperatedWorld()
        try await quiet.send("/healthz?CANARY")
        #expect(quiet.lines.value.isEmpty)
        let world = try OperatedWorld(logsRequests: true)
        try await world.send("/p%0Aa%22th?CANARY#".replacing("%0A", with: "%C2%85").replacing("#", with: ""))
        let entry = try #require(try world.entries().last)
        #expect(entry["event"] == "request.answered")
        #expect(entry["method"] == "GET")
        #expect(entry["path"] == "/p\u{FFFD}a\"th")
        #expect(entry["status"] == "404")
        #expect(entry["milliseconds"] == "250")
        #expect(entry["client"] == "192.0.2.7")
        #expect(!world.lines.value.contains("CANARY"))
    }
}
