import Foundation
import JOSE
import OpenIDConnect
import Testing

@testable import OIDCDemo

@Suite("What a check writes and measures")
struct CheckTests {
    private let report = CheckReport(
        settings: [.warning(.settings, "COLOUR is no setting", remedy: "Leave it out.")],
        providers: [
            ProviderReport(
                name: "keycloak", title: "Keycloak",
                metadataURL: "https://idp.example/.well-known/openid-configuration",
                findings: [
                    .ok(.pkce, "the provider supports S256"),
                    CheckFinding(
                        check: .discovery, verdict: .problem, found: "expected a, came b", remedy: "Set it to b.",
                        rule: "metadata.issuer"),
                ],
                addresses: ProviderReport.Addresses(
                    redirectURI: "https://app.example/login/authorize", postLogoutRedirectURI: "https://app.example/",
                    logoutURI: "https://app.example/external-logout"))
        ])

    @Test("a reader sees each finding on a line, what to do below it, the addresses to register, and the verdict")
    func text() {
        #expect(
            report.text == """
                Settings

                  warning  settings               COLOUR is no setting
                                                  Leave it out.

                Keycloak (keycloak)

                  ok       pkce                   the provider supports S256
                  problem  discovery              expected a, came b
                                                  Set it to b.

                  To register there:
                    redirect URI                 https://app.example/login/authorize
                    post-logout redirect URI     https://app.example/
                    back-channel logout URI      https://app.example/external-logout
                    front-channel logout URI     https://app.example/external-logout

                A login would fail. (1 problem, 1 warning)

                """)
    }

    @Test("a program reads the same as JSON")
    func json() throws {
        let expected = """
            {"version":1,"exit_status":1,
             "settings":[{"check":"settings","verdict":"warning","found":"COLOUR is no setting","remedy":"Leave it out."}],
             "providers":[{"name":"keycloak","title":"Keycloak",
               "server_metadata_url":"https://idp.example/.well-known/openid-configuration","verdict":"problem",
               "findings":[
                 {"check":"pkce","verdict":"ok","found":"the provider supports S256"},
                 {"check":"discovery","verdict":"problem","found":"expected a, came b","remedy":"Set it to b.",
                  "rule":"metadata.issuer"}],
               "register":{"redirect_uri":"https://app.example/login/authorize",
                 "post_logout_redirect_uri":"https://app.example/",
                 "backchannel_logout_uri":"https://app.example/external-logout",
                 "frontchannel_logout_uri":"https://app.example/external-logout"}}]}
            """
        #expect(report.json == (try JSONObject(parsing: Array(expected.utf8))))
    }

    @Test("the exit status is 2 for settings, 1 for a provider's problem, else 0")
    func status() {
        #expect(report.exitStatus == 1)
        #expect(CheckReport(settings: report.settings).exitStatus == 0)
        let wrong = ConfigurationError([SettingProblem(.missing, "CLIENT_ID", "is not set", remedy: "Set it.")])
        #expect(CheckReport(wrong).exitStatus == 2)
        #expect(CheckReport(wrong).text.contains("problem  settings               CLIENT_ID is not set"))
    }

    @Test("a date of HTTP is read to the second, and nothing else is a date")
    func dates() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
            ("Wed, 01 Mar 2100 00:00:00 GMT", 4_107_542_400), ("Fri, 31 Dec 2027 23:59:60 GMT", 1_830_297_600),
        ] { #expect(secondsSince1970(httpDate: text) == Int64(seconds), "\(text)") }
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, ０6 Nov 1994 08:49:37 GMT",
        ] { #expect(secondsSince1970(httpDate: text) == nil, "\(text)") }
    }

    private func exchange(_ fields: [(String, String)], roundTrip: Double) throws -> ObservedTransport.Exchange {
        ObservedTransport.Exchange(
            url: try #require(EndpointURL("https://idp.example/")), sentAt: Date(timeIntervalSince1970: 784_111_777),
            roundTrip: roundTrip, response: TransportResponse(status: 200, fields: fields.map { ($0, $1) }, body: []))
    }

    @Test("the offset of a clock is measured in the middle of the round trip, by the answer that tells it best")
    func offset() throws {
        let ahead = ("Date", "Sun, 06 Nov 1994 08:50:37 GMT")
        let slow = try exchange([ahead], roundTrip: 8)
        let measured = try #require(ClockOffset([slow]))
        #expect(measured.seconds == 56.5 && measured.uncertainty == 4.5 && measured.atLeast == 52)
        let quick = try exchange([ahead], roundTrip: 0.25)
        #expect(ClockOffset([slow, quick, slow])?.seconds == 60.375)
        #expect(ClockOffset([try exchange([], roundTrip: 1)]) == nil)
        #expect(ClockOffset([try exchange([("Date", "now")], roundTrip: 1)]) == nil)
        // From a cache: a minute old, and less exact.
        let cached = try exchange([("date", ahead.1), ("age", "60")], roundTrip: 0.25)
        #expect(ClockOffset([cached])?.seconds == 120.375)
        #expect(ClockOffset([cached, quick]) == ClockOffset([quick]))
        let behind = try exchange([("Date", "Sun, 06 Nov 1994 08:48:37 GMT")], roundTrip: 0)
        #expect(ClockOffset([behind])?.atLeast == 59)
        #expect(try #require(ClockOffset([behind])).seconds < 0)
    }
}
