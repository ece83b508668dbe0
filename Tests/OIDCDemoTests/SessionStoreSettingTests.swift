import Sessions
import Testing

@testable import OIDCDemo

/// What a value of SESSION_STORE means.
private func store(_ text: String) throws(ConfigurationError) -> Configuration.SessionStoreChoice {
    try Configuration(environment: ["HOME": "/h", "SESSION_STORE": text]).sessionStore
}

/// An address by TCP without TLS, user, password and database unless told otherwise.
private func redis(
    _ host: String, port: UInt16 = 6379, tls: Bool = false, user: String? = nil, password: String? = nil,
    database: Int = 0
) -> RedisAddress {
    RedisAddress(
        endpoint: .tcp(host: host, port: port, tls: tls), user: user, password: password, database: database)
}

private func socket(
    _ path: String, user: String? = nil, password: String? = nil, database: Int = 0
) -> RedisAddress {
    RedisAddress(endpoint: .unix(path: path), user: user, password: password, database: database)
}

@Suite("The setting SESSION_STORE")
struct SessionStoreSettingTests {
    private static let usualFile = "/h/.local/state/oidc-demo/sessions.sqlite"

    @Test(
        "a session store is where the setting says",
        arguments: [
            ("", .sqlite(path: usualFile)), ("sqlite:/tmp/s.sqlite", .sqlite(path: "/tmp/s.sqlite")),
            ("sqlite:s:1@x", .sqlite(path: "s:1@x")), ("memory", .memory), ("redis://r", .redis(redis("r"))),
            ("unix:///r", .redis(socket("/r"))),
            ("cookie", .cookie(revocations: .sqlite(path: usualFile))),
            ("cookie+memory", .cookie(revocations: .memory)),
            ("cookie+sqlite:/tmp/s.sqlite", .cookie(revocations: .sqlite(path: "/tmp/s.sqlite"))),
            ("cookie+redis://r/1", .cookie(revocations: .redis(redis("r", database: 1)))),
            ("cookie+rediss://r", .cookie(revocations: .redis(redis("r", tls: true)))),
            ("cookie+unix:///r", .cookie(revocations: .redis(socket("/r")))),
        ] as [(String, Configuration.SessionStoreChoice)])
    func places(_ text: String, _ choice: Configuration.SessionStoreChoice) throws {
        #expect(try store(text) == choice)
    }

    @Test(
        "an address of Redis has a host, and perhaps a port, a user, a password and a database",
        arguments: [
            ("redis://localhost", redis("localhost")), ("redis://localhost/", redis("localhost")),
            ("redis://10.0.0.1:6380/3", redis("10.0.0.1", port: 6380, database: 3)),
            ("redis://[::1]", redis("::1")),
            ("redis://[2001:db8::1]:1/65535", redis("2001:db8::1", port: 1, database: 65535)),
            ("rediss://redis-1.example_x:65535", redis("redis-1.example_x", port: 65535, tls: true)),
            ("redis://app@r", redis("r", user: "app")), ("redis://app:pw@r", redis("r", user: "app", password: "pw")),
            ("redis://:pw@r:1", redis("r", port: 1, password: "pw")),
            ("redis://app:@r", redis("r", user: "app", password: "")),
            ("redis://a%40b:p%3A%2F%40%25%C3%BC+@r", redis("r", user: "a@b", password: "p:/@%ü+")),
            ("redis://app:p:w@x@r", redis("r", user: "app", password: "p:w@x")), ("redis://@r", redis("r")),
            ("unix:///run/redis/redis.sock", socket("/run/redis/redis.sock")),
            ("unix:///run/redis.sock?db=2", socket("/run/redis.sock", database: 2)),
            ("unix://app:p%20w@/run/r%3F%20.sock?db=0", socket("/run/r? .sock", user: "app", password: "p w")),
            ("unix://:pw@/r", socket("/r", password: "pw")),
        ])
    func redisAddress(_ text: String, _ address: RedisAddress) throws {
        #expect(try RedisAddress(text) == address)
        #expect(try store(text) == .redis(address))
    }

    @Test(
        "an address of Redis that is malformed is refused by the part that is wrong",
        arguments: [
            ("redis:", .scheme), ("redis:/r", .scheme), ("redis:r", .scheme), ("unix:/r", .scheme),
            ("Redis://r", .scheme), ("http://r", .scheme), ("r", .scheme),
            ("redis://", .host), ("redis:///0", .host), ("redis://:6379", .host), ("redis://a@:6379", .host),
            ("redis://[::1", .host), ("redis://[]", .host), ("redis://[r]", .host), ("redis://[127.0.0.1]", .host),
            ("redis://[fe80::1%25eth0]", .host), ("redis://r,s", .host), ("redis://r?db=1", .host),
            ("redis://r%2E", .host), ("redis://r#", .host),
            ("redis://r:", .port), ("redis://r:0", .port), ("redis://r:65536", .port), ("redis://r:-1", .port),
            ("redis://r:+1", .port), ("redis://r:1:2", .port), ("redis://::1", .host), ("redis://[::1]1", .port),
            ("redis://[::1]x80", .port),
            ("redis://[::1]:", .port), ("redis://r:99999999999999999999", .port),
            ("redis://r/x", .database), ("redis://r/-1", .database), ("redis://r/65536", .database),
            ("redis://r/0/", .database), ("redis://r/0?x", .database), ("redis://r//", .database),
            ("redis://r/0#", .database), ("unix:///r?db=", .database), ("unix:///r?db=x", .database),
            ("unix:///r?", .database), ("unix:///r?x=1", .database), ("unix:///r?id=1", .database),
            ("unix:///r?db=1&x=1", .database),
            ("unix://", .path), ("unix:///", .path), ("unix://r/s", .path), ("unix://r", .path), ("unix:///%00", .path),
            ("unix:///%", .path), ("unix:///%FF", .path), ("unix:///" + String(repeating: "x", count: 107), .path),
            ("redis://%@r", .login), ("redis://a:%zz@r", .login), ("redis://a:%FF@r", .login),
            ("redis://%FF:a@r", .login),
            ("redis://a:ü@r", .characters), ("redis://a:b c@r", .characters), ("redis://r/\u{7F}", .characters),
            ("unix:///r\ns", .characters),
        ] as [(String, RedisAddress.Flaw)])
    func malformedRedisAddress(_ text: String, _ flaw: RedisAddress.Flaw) {
        #expect(throws: flaw) { try RedisAddress(text) }
    }

    @Test("a socket's path has at most 107 bytes")
    func longestPath() throws {
        let path = "/" + String(repeating: "x", count: 106)
        #expect(try RedisAddress("unix://" + path) == socket(path))
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
            ("redis://CANARY:CANARY@r", "redis://<redacted>@r:6379/0"),
            ("rediss://:CANARY@[::1]/1", "rediss://<redacted>@[::1]:6379/1"),
            ("redis://r:1", "redis://r:1/0"), ("unix://CANARY:CANARY@/r", "unix://<redacted>@/r?db=0"),
            ("unix:///r?db=1", "unix:///r?db=1"), ("redis://CANARY@r", "redis://<redacted>@r:6379/0"),
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

    @Test("a build that cannot use Redis says so")
    func redisUnsupported() async throws {
        let configuration = try Configuration(environment: ["HOME": "/h", "SESSION_STORE": "redis://r"])
        let error = await #expect(throws: SettingProblem.self) {
            try await configuration.store(keys: .generated())
        }
        #expect(error == SettingProblem(.unsupported, "SESSION_STORE", "", remedy: ""))
    }
}
