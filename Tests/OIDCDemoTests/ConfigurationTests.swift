import HTTPMessages
import HTTPServer
import JOSE
import OpenIDConnect
import ProgramSupport
import Testing
import WebLogin

@testable import OIDCDemo

/// An environment with one provider, and more as given; an empty value takes a setting away.
func environment(_ more: [String: String] = [:]) -> [String: String] {
    [
        "HOME": "/home/somebody", "CLIENT_ID": "app", "CLIENT_SECRET": "s3cret-of-the-client",
        "SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
    ].merging(more) { $1 }
}

/// The problems of an environment, empty where it is right.
func problems(_ environment: [String: String], file: [String: String] = [:]) -> [SettingProblem] {
    do {
        _ = try Configuration(environment: environment, file: file)
        return []
    } catch {
        return error.problems
    }
}

func problem(_ code: SettingProblem.Code, _ setting: String) -> SettingProblem {
    SettingProblem(code, setting, "", remedy: "")
}

@Suite("Configuration")
struct ConfigurationTests {
    @Test("without settings, the development provider is to stand in and everything has its usual value")
    func usual() throws {
        let configuration = try Configuration(environment: ["HOME": "/home/somebody"])
        #expect(configuration.providers.isEmpty)
        #expect(configuration.publicURL.string == "http://localhost:8000")
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 8000)
        #expect(configuration.secretKeys == nil)
        #expect(configuration.dataDirectory == "/home/somebody/.local/state/oidc-demo")
        #expect(
            configuration.sessionStore == .sqlite(path: "/home/somebody/.local/state/oidc-demo/sessions.sqlite"))
        #expect(configuration.certificateAuthorityFile == nil)
        #expect(configuration.warnings.isEmpty)
    }

    @Test(
        "an address that others reach is refused without a provider, and what to set is said",
        arguments: [
            "https://app.example", "https://192.0.2.7:8000", "https://localhost.example", "https://[2001:db8::1]",
        ])
    func publicWithoutProvider(_ address: String) {
        let found = problems(["HOME": "/h", "PUBLIC_URL": address])
        #expect(found == [problem(.missing, "CLIENT_ID")])
        for word in [address, "CLIENT_ID", "CLIENT_SECRET", "SERVER_METADATA_URL", "PROVIDERS", "unset PUBLIC_URL"] {
            #expect(found.first?.description.contains(word) == true, "\(word)")
        }
        // With a provider, it is what every deployment has; of one that is not all there, only that is told.
        #expect(problems(environment(["PUBLIC_URL": address])).isEmpty)
        #expect(problems(environment(["PUBLIC_URL": address, "CLIENT_ID": ""])).count == 1)
        #expect(
            problems(["HOME": "/h", "PUBLIC_URL": address, "PROVIDERS": "a,a"]) == [problem(.malformed, "PROVIDERS")])
    }

    @Test(
        "an address of this machine does without a provider",
        arguments: [
            "http://localhost:8000", "https://localhost", "http://app.localhost:8000", "http://127.0.0.1:81",
            "https://127.1.2.3", "http://[::1]:8000",
        ])
    func ownMachineWithoutProvider(_ address: String) throws {
        let configuration = try Configuration(environment: ["HOME": "/h", "PUBLIC_URL": address])
        #expect(configuration.providers.isEmpty)
        #expect(configuration.publicURL.string == address)
    }

    @Test("one provider is registered as oidc_entry")
    func oneProvider() throws {
        let provider = try #require(try Configuration(environment: environment()).providers.first)
        #expect(provider.name.string == "oidc_entry")
        #expect(provider.title == "op.example")
        #expect(provider.clientID.string == "app")
        #expect(provider.clientSecret != nil)
        #expect(provider.scopes == nil)
        #expect(provider.tokenEndpointAuthMethod == nil)
        #expect(provider.idTokenSignedResponseAlg == nil)
        #expect(provider.userInfo == .header)
        #expect(provider.clientKeyFile == nil)
        #expect(provider.clientAssertionAudience == .issuer)
        #expect(provider.clockSkew == 60)
    }

    @Test("every setting of a provider arrives")
    func everySetting() throws {
        let provider = try #require(
            try Configuration(
                environment: environment([
                    "TITLE": "Our login", "SCOPE": "openid groups", "LOGOUT_URL": "https://op.example/bye",
                    "TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_post", "ID_TOKEN_SIGNED_RESPONSE_ALG": "ES256",
                    "MAX_AGE": "0", "PROMPT": "login consent", "UI_LOCALES": "de-AT en", "ACR_VALUES": "gold silver",
                    "USERINFO": "off", "CLOCK_SKEW": "5", "RESPONSE_TYPE": "code", "RESPONSE_MODE": "form_post",
                    "USERINFO_SIGNED_RESPONSE_ALG": "PS256", "TOKEN_ENDPOINT_AUTH_SIGNING_ALG": "HS512",
                    "CLIENT_ASSERTION_AUDIENCE": "token_endpoint",
                ])
            ).providers.first)
        #expect(provider.title == "Our login")
        #expect(provider.scopes?.map(\.string) == ["openid", "groups"])
        #expect(provider.logoutURL?.string == "https://op.example/bye")
        #expect(provider.tokenEndpointAuthMethod == .clientSecretPost)
        #expect(provider.idTokenSignedResponseAlg == .es256)
        #expect(provider.options.maxAge == 0)
        #expect(provider.options.prompt == [.login, .consent])
        #expect(provider.options.uiLocales == ["de-AT", "en"])
        #expect(provider.options.acrValues == ["gold", "silver"])
        #expect(provider.userInfo == nil)
        #expect(provider.userInfoSignedResponseAlg == .ps256)
        #expect(provider.tokenEndpointAuthSigningAlg == .hs512)
        #expect(provider.clientAssertionAudience == .tokenEndpoint)
        #expect(provider.options.responseMode == .formPost)
        #expect(provider.clockSkew == 5)
    }

    @Test("several providers have their settings behind their names")
    func severalProviders() throws {
        let configuration = try Configuration(environment: [
            "HOME": "/home/somebody", "PROVIDERS": "google, my-idp",
            "GOOGLE_CLIENT_ID": "g", "GOOGLE_CLIENT_SECRET": "gs",
            "GOOGLE_SERVER_METADATA_URL": "https://accounts.google.com/.well-known/openid-configuration",
            "MY_IDP_CLIENT_ID": "m", "MY_IDP_TOKEN_ENDPOINT_AUTH_METHOD": "none",
            "MY_IDP_SERVER_METADATA_URL": "http://localhost:9000/.well-known/openid-configuration",
        ])
        #expect(configuration.providers.map(\.name.string) == ["google", "my-idp"])
        #expect(configuration.providers.map(\.title) == ["Google", "My idp"])
        #expect(configuration.providers.map(\.clientID.string) == ["g", "m"])
        #expect(configuration.providers[1].clientSecret == nil)
    }

    @Test("a secret may stand in a file that a setting names, for each provider its own")
    func secretFiles() throws {
        let scratch = try Scratch()
        let secret = try scratch.write("s3cret of the client\n".replacing(" ", with: "-"), to: "client")
        let keys = try scratch.write(String(repeating: "k", count: 32) + "\n", to: "keys")
        let one = try Configuration(
            environment: environment(["CLIENT_SECRET": "", "CLIENT_SECRET_FILE": secret, "SECRET_KEY_FILE": keys]))
        #expect(one.providers.first?.clientSecret == ClientSecret("s3cret-of-the-client"))
        #expect(one.secretKeys != nil)
        let two = try Configuration(environment: [
            "HOME": "/h", "PROVIDERS": "a,b", "A_CLIENT_ID": "a", "A_CLIENT_SECRET_FILE": secret,
            "A_SERVER_METADATA_URL": "https://a.example/.well-known/openid-configuration", "B_CLIENT_ID": "b",
            "B_CLIENT_SECRET": "other", "B_SERVER_METADATA_URL": "https://b.example/.well-known/openid-configuration",
        ])
        #expect(two.providers.map(\.clientSecret) == [ClientSecret("s3cret-of-the-client"), ClientSecret("other")])
    }

    @Test(
        "a secret that stands in a file and in a setting, or in a file that is no good, is one problem, and not shown")
    func wrongSecretFiles() throws {
        let scratch = try Scratch()
        let good = try scratch.write(String(repeating: "CANARY", count: 8), to: "good")
        let bad = try [
            scratch.write(" \n", to: "empty"), scratch.write(String(repeating: "x", count: 70_000), to: "long"),
        ]
        let client = problems(environment(["CLIENT_SECRET_FILE": good]))
        #expect(client == [problem(.conflicting, "CLIENT_SECRET_FILE")])
        let key = problems(environment(["SECRET_KEY_FILE": good, "SECRET_KEY": String(repeating: "CANARY", count: 8)]))
        #expect(key == [problem(.conflicting, "SECRET_KEY_FILE")])
        for file in bad + [scratch.path, scratch.path + "/none"] {
            #expect(
                problems(environment(["CLIENT_SECRET": "", "CLIENT_SECRET_FILE": file]))
                    == [problem(.unusable, "CLIENT_SECRET_FILE")])
            #expect(
                problems(environment(["SECRET_KEY_FILE": file])) == [problem(.unusable, "SECRET_KEY_FILE")])
        }
        let short = problems(environment(["SECRET_KEY_FILE": try scratch.write("CANARY", to: "short")]))
        #expect(short == [problem(.malformed, "SECRET_KEY")])
        for problem in client + key + short { #expect(!problem.description.contains("CANARY")) }
    }

    @Test("what the log is like is set, and usually it is text, without requests")
    func log() throws {
        let usual = try Configuration(environment: environment())
        #expect(usual.logFormat == .text)
        #expect(!usual.logsRequests)
        let set = try Configuration(environment: environment(["LOG_FORMAT": "json", "ACCESS_LOG": "on"]))
        #expect(set.logFormat == .json)
        #expect(set.logsRequests)
    }

    @Test("the environment goes before the file")
    func environmentFirst() throws {
        let configuration = try Configuration(
            environment: ["PORT": "8001"], file: ["PORT": "9000", "HOST": "::1", "HOME": "/home/somebody"])
        #expect(configuration.port == 8001)
        #expect(configuration.host == "::1")
    }

    @Test("an empty setting counts as absent, and white space around one is not part of it")
    func whiteSpace() throws {
        let configuration = try Configuration(environment: environment(["PORT": "  ", "CLIENT_ID": " app\n"]))
        #expect(configuration.port == 8000)
        #expect(configuration.providers.first?.clientID.string == "app")
    }

    @Test("a key file is read before anybody logs in, and stands in for the secret")
    func clientKeyFile() throws {
        let scratch = try Scratch()
        let key = try SigningKey.generate(.es256, keyID: nil)
        let good = try scratch.write(JSONValue.object(try key.privateMembers).text, to: "key.json")
        let bad = try scratch.write("none", to: "bad.pem")
        let withKey = environment(["CLIENT_SECRET": "", "CLIENT_KEY_FILE": good])
        #expect(try Configuration(environment: withKey).providers.first?.clientKeyFile != nil)
        #expect(
            problems(environment(["CLIENT_KEY_FILE": bad])) == [problem(.unusable, "CLIENT_KEY_FILE")])
        #expect(
            problems(environment(["TOKEN_ENDPOINT_AUTH_METHOD": "private_key_jwt"]))
                == [problem(.missing, "CLIENT_KEY_FILE")])
        #expect(
            problems(environment(["CLIENT_KEY_FILE": good, "TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_jwt"]))
                == [problem(.conflicting, "CLIENT_KEY_FILE")])
    }

    @Test("the data directory is asked for only where something is kept there")
    func dataDirectory() throws {
        #expect(problems(["SESSION_STORE": "memory"]) == [problem(.missing, "DATA_DIR")])
        let configuration = try Configuration(environment: [
            "SESSION_STORE": "memory", "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        ])
        #expect(configuration.dataDirectory == nil)
        #expect(try Configuration(environment: ["XDG_STATE_HOME": "/s"]).dataDirectory == "/s/oidc-demo")
        #expect(
            try Configuration(environment: ["XDG_STATE_HOME": "s", "HOME": "/h"]).dataDirectory
                == "/h/.local/state/oidc-demo")
        #expect(try Configuration(environment: ["DATA_DIR": "here", "HOME": "/h"]).dataDirectory == "here")
    }

    @Test("how many connections there may be is a setting, and of one client half of them where only that is set")
    func connectionLimits() throws {
        func limits(_ settings: [String: String]) throws -> ConnectionLimits {
            try Configuration(environment: environment(settings)).connectionLimits
        }
        #expect(try limits([:]) == ConnectionLimits(all: 512, perClient: 256))
        #expect(try limits(["MAX_CONNECTIONS": "2000"]) == ConnectionLimits(all: 2000, perClient: 1000))
        #expect(try limits(["MAX_CONNECTIONS_PER_CLIENT": "50"]) == ConnectionLimits(all: 512, perClient: 50))
        let both = ["MAX_CONNECTIONS": "100", "MAX_CONNECTIONS_PER_CLIENT": "100"]
        #expect(try limits(both) == ConnectionLimits(all: 100, perClient: 100))
    }

    @Test(
        "for how long an idle connection is kept is a setting, since a load balancer in front has to keep it for less")
    func idleTimeout() throws {
        #expect(try Configuration(environment: environment()).server.idleTimeout == .seconds(30))
        #expect(
            try Configuration(environment: environment(["IDLE_TIMEOUT": "620"])).server.idleTimeout == .seconds(620))
        for bad in ["0", "3601", "1.5", "-1", "30s"] {
            #expect(problems(environment(["IDLE_TIMEOUT": bad])) == [problem(.malformed, "IDLE_TIMEOUT")], "\(bad)")
        }
    }

    @Test("certification authorities may be those of one provider, by its name in front")
    func providerAuthorities() throws {
        var settings = ["HOME": "/h", "PROVIDERS": "my-idp,other", "CA_FILE": "/all.pem", "MY_IDP_CA_FILE": "/one.pem"]
        for prefix in ["MY_IDP_", "OTHER_"] {
            settings[prefix + "CLIENT_ID"] = "c"
            settings[prefix + "CLIENT_SECRET"] = "s"
            settings[prefix + "SERVER_METADATA_URL"] = "https://idp.example/.well-known/openid-configuration"
        }
        let several = try Configuration(environment: settings)
        #expect(several.certificateAuthorityFile == "/all.pem")
        #expect(several.providers.map(\.certificateAuthorityFile) == ["/one.pem", nil])
        #expect(several.warnings.isEmpty)
        let single = try Configuration(environment: environment(["CA_FILE": "/all.pem"]))
        #expect(single.certificateAuthorityFile == "/all.pem")
        #expect(single.providers.map(\.certificateAuthorityFile) == [nil])
    }

    @Test("proxies are trusted only where they are named")
    func trustedProxies() throws {
        #expect(try Configuration(environment: environment()).trustedProxies == TrustedProxies())
        let named = try Configuration(environment: environment(["TRUSTED_PROXIES": "loopback, 10.0.0.0/8"]))
        #expect(try named.trustedProxies == TrustedProxies("loopback, 10.0.0.0/8"))
        let refused = problems(environment(["TRUSTED_PROXIES": "loopback, 10.0.0.1/8"]))
        #expect(refused.map(\.description).joined().contains("“10.0.0.1/8”"))
        #expect(refused.first?.remedy.contains("10.0.0.0/8") == true)
    }

    @Test("the public address is kept as an origin")
    func publicURL() throws {
        let configuration = try Configuration(environment: environment(["PUBLIC_URL": "https://Demo.example/"]))
        #expect(configuration.publicURL.string == "https://demo.example")
        #expect(try Configuration(environment: environment(["PORT": "81"])).publicURL.string == "http://localhost:81")
    }

    @Test("a slip of the pen is warned of, another program's setting is not")
    func slips() throws {
        let configuration = try Configuration(
            environment: environment([
                "CLIENT_SECERT": "x", "SERVER_METADATA_URI": "x", "PATH": "/bin", "HOSTNAME": "h", "SHELL": "/bin/sh",
                "LANG": "C", "TITLES": "x", "HOSTS": "x",
            ]), file: ["COLOUR": "x"])
        #expect(
            configuration.warnings == [
                problem(.unknown, "CLIENT_SECERT"), problem(.unknown, "COLOUR"),
                problem(.unknown, "SERVER_METADATA_URI"),
            ])
        #expect(configuration.warnings.first?.remedy == "Did you mean CLIENT_SECRET?")
    }

    @Test("an unknown setting behind a provider's name is warned of")
    func slipsOfProviders() throws {
        let configuration = try Configuration(environment: [
            "HOME": "/h", "PROVIDERS": "a", "A_CLIENT_ID": "a", "A_CLIENT_SECRET": "a", "A_COLOUR": "red",
            "A_SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
        ])
        #expect(configuration.warnings == [problem(.unknown, "A_COLOUR")])
    }

    @Test("the claims that are roles are named with their prefixes")
    func roles() throws {
        let set = ["ROLES": "realm_access.roles, resource_access.app.roles=app: , a=b=c"]
        let provider = try #require(try Configuration(environment: environment(set)).providers.first)
        #expect(
            provider.roles
                == RoleMapping([
                    .init("realm_access.roles"), .init("resource_access.app.roles", prefix: "app:"),
                    .init("a=b", prefix: "c"),
                ]))
        #expect(try Configuration(environment: environment()).providers.first?.roles == nil)
        for wrong in ["a,,b", ",", "=x", "a, =x"] {
            #expect(problems(environment(["ROLES": wrong])) == [problem(.malformed, "ROLES")])
        }
    }

    @Test("a proxy may ask where FORWARD_AUTH or its rules say so, and is named then")
    func forwardAuth() throws {
        let trusted = ["TRUSTED_PROXIES": "loopback"]
        for (more, isOn) in [
            ([:], false), (["FORWARD_AUTH": "on"], true), (["FORWARD_AUTH_RULES": "/=login"], true),
            (["FORWARD_AUTH": "off", "FORWARD_AUTH_RULES": "/=login"], false),
        ] as [([String: String], Bool)] {
            let configuration = try Configuration(environment: environment(trusted.merging(more) { $1 }))
            #expect((configuration.forwardAuthRules != nil) == isOn, "\(more)")
        }
        #expect(problems(environment(["FORWARD_AUTH": "on"])) == [problem(.missing, "TRUSTED_PROXIES")])
        #expect(
            problems(environment(trusted.merging(["FORWARD_AUTH_RULES": "/a=rolf:x"]) { $1 }))
                == [problem(.malformed, "FORWARD_AUTH_RULES")])
        #expect(
            problems(environment(trusted.merging(["FORWARD_AUTH": "yes"]) { $1 }))
                == [problem(.malformed, "FORWARD_AUTH")])
    }

    @Test("the role of admins is admin unless it is set")
    func adminRole() throws {
        #expect(try Configuration(environment: environment()).adminRole == "admin")
        #expect(try Configuration(environment: environment(["ADMIN_ROLE": " ops "])).adminRole == "ops")
    }
}
