import ByteText
import FoundationEssentials
public import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions

/// A logout that the browser was sent to the provider for, sealed in a cookie until it comes back.
struct LogoutTransaction {
    let provider: ProviderName
    let state: State

    /// How long the cookie stays, in seconds.
    static let cookieLifetime = 600

    private static let purpose = "oidc logout transaction 1"

    /// The transaction as a cookie's value.
    func sealed(with keys: SecretKeys) throws(SecretKeysError) -> String {
        let object: JSONObject = ["provider": .string(provider.string), "state": .string(state.string)]
        return try keys.seal(JSONValue.object(object).serialized(), purpose: Self.purpose)
    }

    /// Opens what ``sealed(with:)`` made; `nil` for anything else.
    static func open(_ value: String, with keys: SecretKeys) -> LogoutTransaction? {
        guard let bytes = keys.open(value, purpose: purpose), let object = try? JSONObject(parsing: bytes),
            let provider = object["provider"]?.string.flatMap({ ProviderName($0) }),
            let state = object["state"]?.string.flatMap({ State($0) })
        else { return nil }
        return LogoutTransaction(provider: provider, state: state)
    }
}

/// What a browser shows that comes back from a logout at its provider (RP-Initiated Logout §3).
public enum LogoutReturn: Sendable, Hashable {
    /// It brings the `state` of the logout that it was sent for: the provider has done with it.
    case confirmed(ProviderChoice)
    /// It was sent for a logout and comes without a `state`: how the logout ended is not known.
    case unconfirmed(ProviderChoice)
    /// It brings the `state` of no logout that was begun in this browser.
    case foreign
}

extension WebLogin {
    /// How a logout at the provider ended, for the page that the browser comes back to, which is the start page; `nil` for
    /// every other visit. Serves once.
    public func logoutReturn(of request: HTTPRequest) -> LogoutReturn? {
        let states = (try? request.queryParameters)?.parameters.filter { $0.name.isExactly("state") }.map(\.value) ?? []
        let cookie = request.cookies[cookieNames.logout]
        if cookie != nil { Visit.current?.clear(cookieNames.logout) }
        guard let transaction = cookie.flatMap({ LogoutTransaction.open($0, with: secretKeys) }),
            let provider = provider(named: transaction.provider)
        else { return states.isEmpty ? nil : .foreign }
        guard let state = states.first else { return .unconfirmed(provider.choice) }
        return states.count == 1 && State(state) == transaction.state ? .confirmed(provider.choice) : .foreign
    }
}
