import Testing

@testable import RedisSessions

@Suite("Addresses of Redis")
struct AddressTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let endpoint: RedisAddress.Endpoint
        var user: String?
        var password: String?
        var database = 0
        var testDescription: String { text }
    }

    static let rows = [
        Row(text: "redis://localhost", endpoint: .tcp(host: "localhost", port: 6379)),
        Row(text: "REDIS://localhost/", endpoint: .tcp(host: "localhost", port: 6379)),
        Row(text: "redis://10.0.0.7:6380/15", endpoint: .tcp(host: "10.0.0.7", port: 6380), database: 15),
        Row(text: "redis://[::1]", endpoint: .tcp(host: "::1", port: 6379)),
        Row(text: "redis://[2001:db8::7]:65535/2", endpoint: .tcp(host: "2001:db8::7", port: 65535), database: 2),
        Row(text: "redis://:secret@redis_1", endpoint: .tcp(host: "redis_1", port: 6379), password: "secret"),
        Row(text: "redis://ada@h", endpoint: .tcp(host: "h", port: 6379), user: "ada"),
        Row(text: "redis://ada:@h", endpoint: .tcp(host: "h", port: 6379), user: "ada", password: ""),
        Row(
            text: "redis://a%40b:p%3aw%2F%25%C3%BC@h:1/0", endpoint: .tcp(host: "h", port: 1), user: "a@b",
            password: "p:w/%ü"),
        Row(
            text: "rediss://ada:secret@redis.example/3", endpoint: .tls(host: "redis.example", port: 6379), user: "ada",
            password: "secret", database: 3),
        Row(text: "unix:///run/redis/redis.sock", endpoint: .unixSocket(path: "/run/redis/redis.sock")),
        Row(
            text: "unix://ada:secret@/run/my%20redis%3F?db=4", endpoint: .unixSocket(path: "/run/my redis?"),
            user: "ada",
            password: "secret", database: 4),
        Row(
            text: "unix://:secret@/" + String(repeating: "x", count: 106),
            endpoint: .unixSocket(path: "/" + String(repeating: "x", count: 106)), password: "secret"),
    ]

    @Test("an address is read", arguments: rows)
    func reads(_ row: Row) throws {
        let address = try RedisAddress(row.text)
        #expect(address.endpoint == row.endpoint)
        #expect(address.user == row.user)
        #expect(address.password == row.password)
        #expect(address.hasPassword == (row.password != nil))
        #expect(address.database == row.database)
    }

    static let refusals: [(String, RedisAddressError.Code)] = [
        ("", .scheme), ("localhost:6379", .scheme), ("http://localhost", .scheme), ("redis:/localhost", .scheme),
        ("redis+unix:///x", .scheme), ("://h", .scheme),
        ("redis://h h", .malformed), ("redis://h\n", .malformed), ("redis://h\u{0}", .malformed),
        ("redis://hö", .malformed), ("redis://" + String(repeating: "h", count: 3000), .malformed),
        ("redis://", .host), ("redis:///1", .host), ("redis://:6379", .host), ("redis://ada:secret@", .host),
        ("redis://h%41", .host), ("redis://[::1", .host), ("redis://[::1]x", .host), ("redis://[localhost]", .host),
        ("redis://[fe80::1%25eth0]", .host), ("redis://h!", .host),
        ("redis://" + String(repeating: "h", count: 254), .host),
        ("redis://h:", .port), ("redis://h:0", .port), ("redis://h:65536", .port), ("redis://h:6379x", .port),
        ("redis://h:+1", .port), ("redis://h:01", .port), ("redis://h:1:2", .port), ("redis://::1", .host),
        ("redis://:hush/hush@h", .host), ("redis://[::1]:", .port),
        ("redis://h/x", .database), ("redis://h/-1", .database), ("redis://h/01", .database),
        ("redis://h/1/", .database),
        ("redis://h//", .database), ("redis://h/2147483648", .database), ("unix:///x?db=", .database),
        ("unix:///x?db=x", .database), ("unix:///x?db=1&db=2", .database),
        ("redis://@h", .credentials), ("redis://:@h", .credentials), ("redis://a:hush@b@h", .credentials),
        ("redis://a:b:c@h", .credentials), ("redis://%4@h", .credentials), ("redis://%zz@h", .credentials),
        ("redis://%FF@h", .credentials), ("unix://a:b:c@/x", .credentials),
        ("redis://h?db=1", .excess), ("redis://h#1", .excess), ("redis://:hush?x@h", .excess), ("unix:///x#", .excess),
        ("unix:///x?", .excess), ("unix:///x?DB=1", .excess), ("unix:///x?timeout=1", .excess),
        ("unix://", .path), ("unix://x", .path), ("unix:///", .path), ("unix://host/x", .path), ("unix:///%00", .path),
        ("unix:///%", .path), ("unix:///" + String(repeating: "x", count: 107), .path),
    ]

    @Test("what is no address is refused, with what is wrong and without its text", arguments: refusals)
    func refuses(_ text: String, _ code: RedisAddressError.Code) throws {
        let error = try #require(throws: RedisAddressError.self) { try RedisAddress(text) }
        #expect(error.code == code, "\(error)")
        #expect(!"\(error)".contains("hush"))
    }

    @Test("an address shows where it leads and not its password or user")
    func redaction() throws {
        for (text, shown) in [
            ("redis://ada:hush@h/1", "redis://<redacted>@h:6379/1"), ("redis://[::1]:7", "redis://[::1]:7"),
            ("rediss://:hush@h", "rediss://<redacted>@h:6379"),
            ("unix://ada:hush@/x?db=1", "unix://<redacted>@/x?db=1"),
        ] {
            let address = try RedisAddress(text)
            #expect("\(address)" == shown)
            var dumped = ""
            dump(address, to: &dumped)
            for text in [String(reflecting: address), dumped, "\([address])", "\(Optional(address) as Any)"] {
                #expect(!text.contains("hush") && !text.contains("ada"))
            }
        }
    }

    @Test("addresses of different passwords differ")
    func equality() throws {
        #expect(try RedisAddress("redis://:a@h") != RedisAddress("redis://:b@h"))
        #expect(try RedisAddress("redis://:a@h") == RedisAddress("redis://:a@h:6379/0"))
    }
}
