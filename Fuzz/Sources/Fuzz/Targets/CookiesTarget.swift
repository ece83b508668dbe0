import FoundationEssentials
import HTTPMessages
import JOSE
import Sessions
import WebLogin

/// The `Cookie` field: what is read can be set, reads back, and makes nobody signed in who was not.
///
/// An input is a `Cookie` field a line. `$SESSION` stands for a session's whole token; `$0`, `$1` and `$2` for three
/// pieces of a longer one.
struct CookiesTarget: FuzzTarget {
    private let application: WebLogin
    private let short: String
    private let pieces: [String]

    init() throws {
        application = try Known.application()
        short = try Self.token(padding: 0)
        pieces = Self.pieces(try Self.token(padding: 6500))
        try demand(pieces.count == 3, "three pieces")
        for cookies in [Self.cookies(short), Self.cookies(pieces.joined())] {
            try demand(try user([cookies]) != nil, "whoever has a session is signed in")
        }
    }

    func run(_ input: [UInt8]) throws {
        let lines = input.split(separator: UInt8(ascii: "\n")).map { Array($0).text }
        try checkPairs(lines)
        var replaced = lines.map { $0.replacing("$SESSION", with: short) }
        for (index, piece) in pieces.enumerated() { replaced = replaced.map { $0.replacing("$\(index)", with: piece) } }
        guard try user(replaced) != nil else { return }
        let all = lines.joined()
        try demand(
            all.contains("$SESSION") || (0..<3).allSatisfy { all.contains("$\($0)") }, "nobody is signed in by chance")
    }

    private func checkPairs(_ lines: [String]) throws {
        let cookies = Cookies(lines)
        var written: [String] = []
        for name in cookies.names {
            let values = cookies.values(named: name)
            try demand(!values.isEmpty, "a cookie that came has a value")
            try demand((cookies[name] != nil) == (values.count == 1), "a cookie that came twice is none")
            for value in values {
                written.append("\(name)=\(value)")
                guard name.utf8.count + value.utf8.count <= Cookie.maximumByteCount else { continue }
                let cookie = try Cookie(name: name, value: value, isSecure: true)
                try demand(cookie.fieldValue.hasPrefix("\(name)=\(value); Path=/;"), "what is read can be set")
            }
        }
        let again = Cookies([written.joined(separator: "; ")])
        try demand(again.names == cookies.names, "names read back")
        for name in cookies.names {
            try demand(again.values(named: name) == cookies.values(named: name), "values read back")
        }
    }

    private func user(_ lines: [String]) throws -> LoginSession? {
        var fields = HTTPFields()
        for line in lines { fields.append(.cookie, line) }
        let request = try known(HTTPRequest(method: .get, target: "/", fields: fields))
        return try wait { [application] in try await application.session(of: request) }
    }

    /// The `Cookie` field that carries a token.
    static func cookies(_ token: String) -> String {
        let pieces = pieces(token)
        let first = "__Host-oidc-session=" + (pieces.count > 1 ? "\(pieces.count)~" : "") + pieces[0]
        let others = pieces.enumerated().dropFirst().map { "__Host-oidc-session-\($0)=\($1)" }
        return ([first] + others).joined(separator: "; ")
    }

    private static func pieces(_ token: String) -> [String] {
        let bytes = Array(token.utf8)
        return stride(from: 0, to: bytes.count, by: 3800).map { Array(bytes[$0..<min($0 + 3800, bytes.count)]).text }
    }

    /// The token of a session, as long as its padding makes it.
    private static func token(padding: Int) throws -> String {
        let login: JSONObject = [
            "iss": .string(Known.issuer), "sub": .string(Known.subject), "aud": [.string(Known.clientID)],
        ]
        let payload: JSONObject = [
            "provider": "op", "login": .object(login), "claims": [:], "at": 1_800_000_000, "access_token": "access-1",
            "id_token": .string(String(repeating: "x", count: padding)),
        ]
        let session = Session(
            payload: payload.serialized(), createdAt: Known.now, expiresAt: Known.now.addingTimeInterval(600))
        let store = CookieSessionStore(
            keys: try Known.secretKeys(), shared: MemorySharedValues(now: { Known.now }), now: { Known.now })
        return try wait { try await store.create(session).string }
    }
}
