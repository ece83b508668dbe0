import FoundationEssentials
import HTTPMessages
import TestSupport
import Testing

@testable import OIDCDemo
@testable import OpenIDConnect
@testable import WebLogin

/// A record with these parts in its ID Token's step.
private func record(_ parts: [LoginRecord.Part]) -> LoginRecord {
    let recorder = LoginRecorder(now: { Date(timeIntervalSince1970: 1_800_000_000) })
    recorder.add(.idToken, parts)
    return recorder.record
}

private func trace(_ record: LoginRecord, outcome: LoginTrace.Outcome? = nil) throws -> LoginTrace {
    let name = try #require(ProviderName("op"))
    return LoginTrace(
        provider: ProviderChoice(name: name, title: "<b>Provider", loginPath: "/login"),
        endedAt: Date(timeIntervalSince1970: 1_800_000_000),
        outcome: outcome ?? .finished(issuer: "https://op.example", subject: "<i>user"), record: record)
}

private let pages = Pages(isDevelopment: false, redirectURI: "x", now: { Date(timeIntervalSince1970: 1_800_000_060) })

private func html(_ trace: LoginTrace) -> String { String(decoding: pages.trace(trace).body, as: UTF8.self) }

@Suite("The page of a login")
struct TracePageTests {
    @Test(
        "shows what came from outside harmless and visible, whatever it is, in names and in values",
        arguments: [
            "<script>alert(1)</script>", "\" onload=\"x", "a\u{202E}b", "a\u{0}b\u{1B}[31m", "&amp;",
            "</textarea><img>",
            String(repeating: "x", count: 100_000), String(repeating: "e\u{301}\u{301}\u{301}", count: 300),
        ])
    func hostile(_ text: String) throws {
        let record = record([
            .init(.claim, text, text), .init(.header, text, text), .init(.sent, text, text), .init(.key, text, text),
            .init(.rule, text, text, expected: text, verdict: .failed), .init(.merged, text, text),
        ])
        let failed = LoginTrace.Outcome.failed(rule: text, summary: text, remedy: text)
        for page in [html(try trace(record)), html(try trace(record, outcome: failed))] {
            for markup in ["<script", "<img", "<b>", "<i>", "\" onload"] {
                #expect(!page.contains(markup), "\(markup)")
            }
            #expect(page.split(separator: "<textarea").count == 2 && page.split(separator: "</textarea>").count == 2)
            #expect(!page.unicodeScalars.contains { $0.value == 0x202E || ($0.value < 0x20 && $0.value != 0x0A) })
            #expect(page.utf8.count < 64 << 10)
        }
    }

    @Test("a record that is full makes a page that is small enough to read")
    func full() throws {
        let record = record((0..<10_000).map { .init(.claim, "claim \($0)", "value") })
        #expect(record.omittedPartCount > 0)
        let page = html(try trace(record))
        #expect(page.contains("more details that had no room"))
        #expect(page.utf8.count < 512 << 10)
    }

    @Test("opens the step that failed and no other, and says it in words and not by colour alone")
    func failed() throws {
        let recorder = LoginRecorder(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        recorder.add(.tokenRequest, [.init(.sent, "code", "…")])
        recorder.add(.idToken, [.init(.rule, "idToken.nonce", "another", expected: "the nonce", verdict: .failed)])
        let page = html(try trace(recorder.record))
        #expect(page.split(separator: "<details class=\"step\" open>").count == 2)
        #expect(page.contains("✗ failed"))
        #expect(page.contains("It was made for this very login"))
        #expect(page.contains("which failed"))
        #expect(page.contains("OIDC Core §3.1.3.7 (11)"))
    }

    @Test("every rule, and every step, has its meaning and where it is specified")
    func meanings() throws {
        for rule in IDTokenRule.allCases {
            let meaning = try #require(RuleMeaning.of("idToken.\(rule.rawValue)"))
            #expect(!meaning.text.isEmpty && meaning.specification.contains("§"))
        }
        #expect(
            Set(IDTokenRule.allCases.compactMap { RuleMeaning.of("idToken.\($0.rawValue)")?.text }).count
                == IDTokenRule.allCases.count)
        for kind in LoginRecord.Step.Kind.allCases { #expect(StepMeaning(kind).specification.contains("§")) }
    }

    @Test("the text for a ticket has the names of the user's claims, and nothing of what they say")
    func supportText() throws {
        let record = record([
            .init(.claim, "email", "ada@canary.example"), .init(.claim, "sub", "canary-subject"),
            .init(.claim, "iss", "https://op.example"), .init(.header, "alg", "ES256"),
            .init(.rule, "idToken.subject", "canary-subject", expected: "1 to 255", verdict: .passed),
            .init(.rule, "idToken.audience", "other", expected: "app", verdict: .failed),
        ])
        let text = SupportText(try trace(record)).text
        #expect(!text.contains("canary") && !text.contains("<i>user"))
        #expect(text.contains("email: (18 characters)"))
        #expect(text.contains("iss: https://op.example"))
        #expect(text.contains("[FAILED] idToken.audience: expected (3 characters), came (5 characters)"))
    }

    /// Where something about the user can stand in a record: the role, and the names under which it may.
    static let places: [(role: LoginRecord.Part.Role, names: [String])] = [
        (.sent, ["login_hint", "hd", "id_token_hint", "unknown"]),
        (.received, ["error_description", "error_uri", "user", "email", "unknown"]),
        (.header, ["x5c", "jwk", "sub", "unknown"]),
        (.claim, ["sub", "email", "name", "exp", "iat", "nbf", "auth_time", "iss", "unknown"]),
        (.rule, IDTokenRule.allCases.map { "idToken.\($0.rawValue)" }),
        (.rule, ["userInfo.subject", "authorizationResponse.error.access_denied", "tokenResponse.form"]),
    ]

    @Test("the text for a ticket has nothing about the user, whichever rule failed", arguments: places.map(\.names))
    func supportTextOfFailures(_ names: [String]) throws {
        for place in Self.places where place.names == names {
            for name in names {
                let part = LoginRecord.Part(
                    place.role, name, "ada@canary.example… canary (30 characters)", expected: "sub canary-subject",
                    verdict: .failed)
                let text = SupportText(try trace(record([part]))).text
                #expect(!text.contains("canary"), "\(place.role.rawValue) \(name)")
                #expect(text.contains(name))
            }
        }
    }

    @Test(
        "clocks that agree, differ, or are wrong are told apart",
        arguments: [
            (0.4, "agree"), (-1.4, "agree"), (5, "5 s ahead of"), (-30, "30 s behind"),
            (300, "one of the two is wrong"),
            (1e300, "one of the two is wrong"),
        ])
    func clocks(_ seconds: Double, _ words: String) { #expect(ClockWords.of(seconds).contains(words)) }

    @Test(
        "a failure's page tells how far the login came, the rule, the clocks, and leads to the whole where it is kept")
    func failurePage() throws {
        var failure = LoginFailure(
            .idTokenRefused, status: 400, provider: nil, summary: "s", rule: "idToken.expiry", expected: "e",
            actual: "a",
            remedy: "r", retryPath: "/login")
        let recorder = LoginRecorder(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        recorder.add(
            .tokenRequest, requestSince: Date(timeIntervalSince1970: 1_800_000_000),
            providerTime: Date(timeIntervalSince1970: 1_800_000_600))
        recorder.add(
            .idToken,
            [
                .init(.rule, "idToken.issuer", "x", expected: "x", verdict: .passed),
                .init(.rule, "idToken.expiry", "<came>", expected: "<wanted>", verdict: .failed),
            ])
        failure.record = recorder.record
        let page = String(decoding: pages.failure(failure).body, as: UTF8.self)
        for words in ["exchanges the code", "1 rule passed", "It has not ended", "601 s ahead"] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("/login/trace"))
        var tracing = pages
        tracing.showsTraces = true
        #expect(String(decoding: tracing.failure(failure).body, as: UTF8.self).contains("href=\"/login/trace\""))
    }
}
