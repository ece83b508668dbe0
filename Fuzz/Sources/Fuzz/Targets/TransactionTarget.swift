import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions

/// What a login's sealed cookie may hold: JSON that was sealed here, but by another version or another hand.
struct TransactionTarget: FuzzTarget {
    static let genuine: JSONObject = ["provider": "op", "next": "/private?a=b", "login": .object(Known.pending)]

    static func seal(_ transaction: JSONObject) throws -> String { try seal(transaction.serialized()) }

    private static func seal(_ bytes: [UInt8]) throws -> String {
        try Known.secretKeys().seal(bytes, purpose: "oidc login transaction 1")
    }

    func run(_ input: [UInt8]) throws {
        if let object = try? JSONObject(parsing: input) { try checkReading(object["login"]?.object ?? object) }
        let router = CallbackTarget.router(try Known.application())
        let cookie = "__Host-oidc-login-\(Known.state.prefix(12))=\(try Self.seal(input))"
        for target in ["/login/authorize?code=\(Known.code)&state=\(Known.state)", "/login"] {
            let request = try known(HTTPRequest(method: .get, target: target, fields: [.cookie: cookie]))
            let response = try wait { await router.respond(to: request) }
            try demand((200..<500).contains(response.status) || response.status == 502, "status \(response.status)")
            if response.status == 303, target != "/login" {
                let next = (try? JSONObject(parsing: input))?["next"]?.string ?? ""
                let location = try known(response.fields[.location], "a Location")
                // What leads to the login or the logout leads home.
                try demand(location.isIdentical(to: clean(next)) || location == "/", "it leads where it says")
                try demand(!location.utf8.starts(with: "//".utf8), "it stays here")
            }
        }
    }

    /// What is read of a login reads back; times beyond a billion years are cut.
    private func checkReading(_ object: JSONObject) throws {
        if let login = PendingLogin(json: object) {
            let again = try known(PendingLogin(json: login.json), "a login that reads back")
            let isFar = abs(login.begunAt.timeIntervalSince1970) > 1e15
            try demand(isFar || again == login, "a pending login reads back")
        }
        if let login = OriginalLogin(json: object) {
            try demand(OriginalLogin(json: login.json) == login, "an original login reads back")
        }
    }

    /// A text as it stands in a field.
    private func clean(_ text: String) -> String {
        String(decoding: text.utf8.map { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
