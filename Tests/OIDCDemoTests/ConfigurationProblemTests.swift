import HTTPMessages
import JOSE
import OpenIDConnect
import ProgramSupport
import Testing
import WebLogin

@testable import OIDCDemo

@Suite("Problems of the configuration")
struct ConfigurationProblemTests {
    @Test(
        "a missing setting is named",
        arguments: ["CLIENT_ID", "CLIENT_SECRET", "SERVER_METADATA_URL"])
    func missing(_ setting: String) {
        #expect(problems(environment([setting: ""])) == [problem(.missing, setting)])
    }

    @Test(
        "a malformed setting is named",
        arguments: [
            ("LOG_FORMAT", "xml"), ("ACCESS_LOG", "yes"), ("METRICS_ALLOW", "everybody"), ("PORT", "0"),
            ("PORT", "65536"), ("PORT", "eighty"), ("PORT", "+80"),
            ("HOST", "somewhere"), ("HOST", "1.2.3"), ("HOST", "[::1]"),
            ("PUBLIC_URL", "demo.example"), ("PUBLIC_URL", "http://demo.example"),
            ("PUBLIC_URL", "https://demo.example/app"), ("PUBLIC_URL", "https://demo.example?x"),
            ("TRUSTED_PROXIES", "proxy.example"), ("TRUSTED_PROXIES", "10.0.0.1/8"), ("SECRET_KEY", "short"),
            ("MAX_CONNECTIONS", "1"), ("MAX_CONNECTIONS", "100001"), ("MAX_CONNECTIONS", "many"),
            ("MAX_CONNECTIONS_PER_CLIENT", "0"), ("MAX_CONNECTIONS_PER_CLIENT", "513"),
            ("SECRET_KEY", "0123456789abcdef0123456789abcdef,short"),
            ("CLIENT_ID", "café"), ("CLIENT_SECRET", "sécret"),
            ("SERVER_METADATA_URL", "https://op.example"), ("SERVER_METADATA_URL", "op"),
            ("SERVER_METADATA_URL", "http://op.example/.well-known/openid-configuration"),
            ("SCOPE", "openid \"x\""), ("SCOPE", "profile email"), ("LOGOUT_URL", "/logout"),
            ("TOKEN_ENDPOINT_AUTH_METHOD", "tls_client_auth"), ("ID_TOKEN_SIGNED_RESPONSE_ALG", "none"),
            ("MAX_AGE", "-1"), ("MAX_AGE", "1.5"), ("PROMPT", "never"), ("UI_LOCALES", "de_AT"),
            ("USERINFO", "maybe"), ("CLOCK_SKEW", "601"), ("CLOCK_SKEW", "a minute"),
        ])
    func malformed(_ setting: String, _ value: String) {
        #expect(problems(environment([setting: value])) == [problem(.malformed, setting)])
    }

    @Test("names of providers are refused where they are malformed, or two of them share their settings")
    func providerNames() {
        for names in ["google,,keycloak", "my idp", "a-b,a_b", "google,Google"] {
            #expect(problems(["HOME": "/h", "PROVIDERS": names]) == [problem(.malformed, "PROVIDERS")], "\(names)")
        }
    }

    @Test(
        "what a later version will do is refused in words",
        arguments: [
            ("RESPONSE_TYPE", "code id_token"), ("RESOURCE", "https://api.example"),
        ])
    func unsupported(_ setting: String, _ value: String) {
        #expect(problems(environment([setting: value])) == [problem(.unsupported, setting)])
    }

    @Test("settings that contradict each other are refused")
    func conflicts() {
        #expect(
            problems(environment(["TOKEN_ENDPOINT_AUTH_METHOD": "none"])) == [problem(.conflicting, "CLIENT_SECRET")])
        #expect(problems(environment(["PROMPT": "none login"])) == [problem(.conflicting, "PROMPT")])
        #expect(
            problems(
                environment([
                    "CLIENT_SECRET": "", "TOKEN_ENDPOINT_AUTH_METHOD": "none",
                    "ID_TOKEN_SIGNED_RESPONSE_ALG": "HS256",
                ])) == [problem(.conflicting, "ID_TOKEN_SIGNED_RESPONSE_ALG")])
        let several = [
            "HOME": "/h", "PROVIDERS": "a", "A_CLIENT_ID": "a", "A_CLIENT_SECRET": "a", "SCOPE": "openid",
            "A_SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
        ]
        #expect(problems(several) == [problem(.conflicting, "SCOPE")])
    }

    @Test("all problems are told at once, each in one line that names its setting and a remedy")
    func allAtOnce() {
        let found = problems(["PORT": "x", "SCOPE": "openid", "USERINFO": "x"])
        #expect(
            found.map(\.setting) == [
                "CLIENT_ID", "SERVER_METADATA_URL", "CLIENT_SECRET", "USERINFO", "PORT", "DATA_DIR",
            ])
        for problem in found {
            #expect(problem.description.hasPrefix(problem.setting))
            #expect(!problem.description.contains("\n"))
            #expect(problem.remedy.count > 10)
        }
    }

    @Test("no message and no description shows a secret")
    func secrets() throws {
        let marker = "CANARY"
        let refused = problems([
            "CLIENT_SECRET": "\(marker)é", "SECRET_KEY": marker, "TOKEN_ENDPOINT_AUTH_METHOD": "none",
        ])
        #expect(!refused.map(\.description).joined().contains(marker))
        var shown = ""
        dump(
            try Configuration(
                environment: environment([
                    "CLIENT_SECRET": marker, "SECRET_KEY": marker + "0123456789abcdef0123456789abcdef",
                ])), to: &shown)
        #expect(!shown.contains(marker))
    }

    @Test("a message shows a value from outside without control characters")
    func messages() {
        let found = problems(environment(["PORT": "1\u{1B}[31m\u{202E}"]))
        #expect(found.first?.description.contains("\u{1B}") == false)
        #expect(found.first?.description.contains("\u{202E}") == false)
    }
}
