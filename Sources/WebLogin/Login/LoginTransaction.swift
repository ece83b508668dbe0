import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions

/// One login under way in one browser: kept in a sealed cookie of its own, so that logins in several tabs do not disturb
/// each other, and that no other browser can finish it.
struct LoginTransaction {
    let provider: ProviderName
    /// Where the user was going: a path of the application.
    let next: ReturnPath
    let pending: PendingLogin
    /// Whose session at the provider it is to tell of, where it asks for nothing but whether that goes on (Session
    /// Management §3.1).
    var checkedSubject: String?

    /// How long a login may take, in seconds.
    static let lifetime: TimeInterval = 600
    /// How long the cookie stays, in seconds: longer, so that a late answer can be called late.
    static let cookieLifetime = 3600
    /// How many logins a browser may have under way.
    static let maximumCount = 8
    /// How many bytes their cookies may take in a request's head together; less where ``CookieNames/maximumByteCount``
    /// leaves less beside the session.
    static let maximumByteCount = 8 << 10

    private static let purpose = "oidc login transaction 1"

    /// The transaction as a cookie's value.
    func sealed(with keys: SecretKeys) throws -> String {
        var object: JSONObject = [
            "provider": .string(provider.string), "next": .string(next.string), "login": .object(pending.json),
        ]
        if let checkedSubject { object["check"] = .string(checkedSubject) }
        return try keys.seal(JSONValue.object(object).serialized(), purpose: Self.purpose)
    }

    /// Opens what ``sealed(with:)`` made; `nil` for anything else.
    static func open(_ value: String, with keys: SecretKeys) -> LoginTransaction? {
        guard let bytes = keys.open(value, purpose: purpose), let object = try? JSONObject(parsing: bytes),
            let provider = object["provider"]?.string.flatMap({ ProviderName($0) }),
            // Sealed or not, it is looked at again: it becomes a Location.
            let next = object["next"]?.string.flatMap({ ReturnPath($0) }),
            // What was sealed has been checked when it was made, plain http included.
            let pending = object["login"]?.object.flatMap({ PendingLogin(json: $0, plainHTTP: .everywhere) })
        else { return nil }
        return LoginTransaction(
            provider: provider, next: next, pending: pending, checkedSubject: object["check"]?.string)
    }
}
