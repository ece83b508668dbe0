import JOSE
import MisbehavingProvider

extension Row {
    /// What should be a JSON object and is not quite, in each of the places where one is read.
    static let documents =
        documents("metadata", .discovery, "metadata.form") + documents("key set", .keys, "keySet.form")
        + documents("token answer", .token, "tokenResponse.form") + documents("user info", .userInfo, "userInfo.form")
        + texts.map { refuse("ID Token: \($0.name)", .payload($0.edit), "idToken.claims") }

    private static func documents(_ what: String, _ endpoint: Endpoint, _ rule: String) -> [Row] {
        texts.map { refuse("\(what): \($0.name)", .body(endpoint, $0.edit), rule) } + [
            refuse(
                "\(what): a page with status 200", .wire(endpoint, .status(200, "<h1>Welcome to our network</h1>")),
                rule),
            refuse(
                "\(what): a signed token in its place",
                .wire(endpoint, .status(200, type: "application/jwt", "e30.e30.AA")),
                // UserInfo may be one (OIDC Core §5.3.2), and then its signature is wrong.
                endpoint == .userInfo ? "userInfo.signature" : rule),
        ]
    }

    private typealias Text = (name: String, edit: @Sendable ([UInt8]) -> [UInt8])

    private static let texts: [Text] = [
        ("empty", { _ in [] }),
        ("null", { _ in Array("null".utf8) }),
        ("an array", { [0x5B] + $0 + [0x5D] }),
        ("a string", { _ in Array("\"{}\"".utf8) }),
        ("two byte order marks", { [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + $0 }),
        ("UTF-16", { $0.flatMap { [$0, 0] } }),
        ("UTF-16 with its mark", { [0xFF, 0xFE] + $0.flatMap { [$0, 0] } }),
        ("invalid UTF-8", { $0.dropLast() + Array(",\"x\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8) }),
        ("overlong UTF-8", { $0.dropLast() + Array(",\"x\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8) }),
        ("a trailing comma", { $0.dropLast() + Array(",}".utf8) }),
        ("something behind", { $0 + Array("{}".utf8) }),
        ("a zero byte behind", { $0 + [0] }),
        ("a comment", { Array("/* hello */".utf8) + $0 }),
        ("a member twice", { $0.dropLast() + Array(",\"x\":1,\"x\":2}".utf8) }),
        ("NaN", { $0.dropLast() + Array(",\"x\":NaN}".utf8) }),
        ("half a surrogate pair", { $0.dropLast() + Array(",\"x\":\"\\ud800\"}".utf8) }),
        ("a control character", { $0.dropLast() + Array(",\"x\":\"\n\"}".utf8) }),
        ("nesting of 60", { $0.dropLast() + Array(",\"x\":\(deep)}".utf8) }),
        ("nesting without an end", { _ in [UInt8](repeating: 0x5B, count: 40_000) }),
        ("no closing brace", { $0.dropLast() }),
    ]
}
