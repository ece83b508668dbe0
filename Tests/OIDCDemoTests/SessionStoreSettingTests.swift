import RedisSessions
import Sessions
import Testing

@testable import OIDCDemo

/// What a value of SESSION_STORE means.
private func store(_ text: String) throws(ConfigurationError) -> Configuration.SessionStoreChoice {
    try Configuration(environment: ["HOME": "/h", "SESSION_STORE": text]).sessionStore
}

private func address(_ text: String) throws -> RedisAddress { try RedisAddress(text) }

@Suite("The setting SESSION_STORE")
struct SessionStoreSettingTests {
    private static let usualFile = "/h/.local/state/oidc-demo/sessions.sqlite"

    @Test("a session store is where the setting says")
    func places() throws {
        for (text, choice) in [
            ("", .sqlite(path: Self.usualFile)), ("sqlite:/tmp/s.sqlite", .sqlite(path: "/tmp/s.sqlite")),
            ("sqlite:s:1@x", .sqlite(path: "s:1@x")), ("memory", .memory),
            ("redis://r", .redis(try address("redis://r"))),
            ("unix:///r", .redis(try address("unix:///r"))),
            ("cookie", .cookie(revocations: .sqlite(path: Self.usualFile))),
            ("cookie+memory", .cookie(revocations: .memory)),
            ("cookie+sqlite:/tmp/s.sqlite", .cookie(revocations: .sqlite(path: "/tmp/s.sqlite"))),
            ("cookie+redis://r/1", .cookie(revocations: .redis(try address("redis://r/1")))),
            ("cookie+rediss://r", .cookie(revocations: .redis(try address("rediss://r")))),
            ("cookie+unix:///r", .cookie(revocations: .redis(try address("unix:///r")))),
        ] as [(String, Configuration.SessionStoreChoice)] {
            #expect(try store(text) == choice, "\(text)")
        }
    }

    @Test(
        "what is no place for sessions is refused, and the password is not shown",
        arguments: [
            "disk", "sqlite", "sqlite:", "Memory", "memory:", "cookies", "cookie+", "cookie+cookie", "cookie:x",
            "cookie-memory",
            "cookie+sqlite:", "cookie+disk", "cookie+cookie+memory", "redis", "redis:CANARY", "redis://app:CANARY@r:x",
            "rediss://CANARY@", "unix://app:CANARY@r", "cookie+redis://app:CANARY@r/x", "redis:/app:CANARY@r",
            "reddis://app:CANARY@r", "app:CANARY@r", "CANARY@r:6379", "cookie+CANARY@r", "redis://a:CANARY%@r",
            "redis://:CANARY/x@r", "redis://a:CANARY ü@r",
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: ConfigurationError.self) { try store(text) }
        #expect(error?.problems == [SettingProblem(.malformed, "SESSION_STORE", "", remedy: "")])
        let message = error?.problems.map(\.description).joined() ?? ""
        #expect(!message.contains("CANARY"), "\(message)")
    }

    @Test("a message names what was written, up to where a password may begin")
    func message() {
        let error = #expect(throws: ConfigurationError.self) { try store("reddis://r") }
        #expect(error?.problems.first?.what.hasPrefix("names “reddis:…”, but has to be ") == true)
    }

    @Test("an address of Redis prints neither user nor password")
    func redacted() throws {
        for (text, shown) in [
            ("redis://CANARY:CANARY@r", "redis://<redacted>@r:6379"),
            ("rediss://:CANARY@[::1]/1", "rediss://<redacted>@[::1]:6379/1"),
            ("redis://r:1", "redis://r:1"), ("unix://CANARY:CANARY@/r", "unix://<redacted>@/r"),
            ("unix:///r?db=1", "unix:///r?db=1"), ("redis://CANARY@r", "redis://<redacted>@r:6379"),
        ] {
            let address = try RedisAddress(text)
            #expect(address.description == shown)
            var dumped = "\(address) \(String(reflecting: address)) "
            dump(try Configuration(environment: ["HOME": "/h", "SESSION_STORE": text]), to: &dumped)
            #expect(!dumped.contains("CANARY"))
        }
    }

    @Test("cookies alone keep their list of logouts in the data directory, other places do without")
    func dataDirectory() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        for (text, directory) in [
            ("cookie", "/d"), ("", "/d"), ("cookie+memory", nil), ("memory", nil), ("sqlite:/s", nil),
            ("redis://r", nil),
        ] {
            let configuration = try Configuration(
                environment: ["SECRET_KEY": secret, "SESSION_STORE": text, "DATA_DIR": "/d"])
            #expect(configuration.dataDirectory == directory, "\(text)")
        }
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(environment: ["SECRET_KEY": secret, "SESSION_STORE": "cookie"])
        }
        #expect(error?.problems == [SettingProblem(.missing, "DATA_DIR", "", remedy: "")])
    }

    @Test("a Redis that is not there is no wrong setting, one that no build can use is")
    func redisPlaces() async throws {
        for (text, problem) in [
            ("redis://127.0.0.1:1", nil), ("cookie+unix:///nowhere", nil),
            ("rediss://r", SettingProblem(.unusable, "SESSION_STORE", "", remedy: "")),
        ] {
            let configuration = try Configuration(environment: ["HOME": "/h", "SESSION_STORE": text])
            var found: SettingProblem?
            do throws(SettingProblem) {
                _ = try await configuration.store(keys: .generated())
            } catch {
                found = error
            }
            #expect(found == problem, "\(text)")
        }
    }
}
