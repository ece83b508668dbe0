import ByteText
public import FoundationEssentials
import JOSE

/// A successful answer of the token endpoint (RFC 6749 §5.1; OIDC Core §3.1.3.3), well-formed; its ID Token is not yet
/// verified.
struct TokenResponse {
    let accessToken: AccessToken
    let refreshToken: RefreshToken?
    /// Seconds; `nil` where the provider does not say.
    let expiresIn: Int64?
    /// The scopes granted; `nil` where they are those that were asked for.
    let scopes: [Scope]?
    /// The compact ID Token, as it came.
    let idToken: String?

    /// Reads a token endpoint's answer. Some providers repeat in their complaint what they complain of: the `secrets` of
    /// the request are taken out of it.
    ///
    /// Throws ``OpenIDError`` `.tokenRequestRefused` for an error response (RFC 6749 §5.2), `.status` for another status
    /// than 200, `.tokenResponse` for an answer of the wrong form.
    init(_ response: TransportResponse, hiding secrets: [String]) throws(OpenIDError) {
        let object = try? JSONObject(parsing: response.body)
        guard response.status == 200 else { throw Self.refusal(response.status, object, hiding: secrets) }
        guard let object else {
            throw Self.malformed("a JSON object", "\(response.body.count) bytes that are none")
        }
        func text(_ name: String) throws(OpenIDError) -> String? {
            guard let value = object[name], value != .null else { return nil }
            guard let text = value.string else { throw Self.malformed("\(name): a string", "another type") }
            return text
        }
        guard let type = try text("token_type") else { throw Self.malformed("token_type Bearer", "none") }
        // RFC 6749 §5.1: the type's case does not matter.
        guard type.asciiLowercased.isExactly("bearer") else {
            throw Self.malformed("token_type Bearer", Self.hide(secrets, in: type))
        }
        guard let access = try text("access_token") else { throw Self.malformed("access_token", "none") }
        guard let accessToken = AccessToken(access) else {
            throw Self.malformed("access_token of visible ASCII", "\(access.utf8.count) bytes of another form")
        }
        self.accessToken = accessToken
        if let refresh = try text("refresh_token") {
            guard let token = RefreshToken(refresh) else {
                throw Self.malformed("refresh_token of visible ASCII", "\(refresh.utf8.count) bytes of another form")
            }
            refreshToken = token
        } else {
            refreshToken = nil
        }
        expiresIn = try Self.seconds(object["expires_in"])
        scopes = try text("scope").flatMap { Scope.list($0) }
        idToken = try text("id_token")
    }

    /// Seconds as a number, or as digits in a string, which some providers send.
    private static func seconds(_ value: JSONValue?) throws(OpenIDError) -> Int64? {
        guard let value, value != .null else { return nil }
        let seconds = value.integer ?? value.string.flatMap { Int64($0) }
        guard let seconds, seconds >= 0 else { throw malformed("expires_in: seconds", "another form") }
        return min(seconds, 10 * 365 * 86_400)
    }

    private static func malformed(_ expected: String, _ actual: String) -> OpenIDError {
        OpenIDError(
            .tokenResponse, expected: expected, actual: actual,
            remedy: "The token endpoint's answer is not OpenID Connect; the provider's operator has to mend it.")
    }

    private static func refusal(_ status: Int, _ object: JSONObject?, hiding secrets: [String]) -> OpenIDError {
        let name = object?["error"]?.string.map { hide(secrets, in: $0) }
        guard let error = name.flatMap({ ErrorResponse($0) }) else {
            return OpenIDError(
                .status, expected: "status 200 from the token endpoint", actual: "status \(status)",
                remedy: "Check the token endpoint's address and the provider's log.")
        }
        let words = object?["error_description"]?.string.map { ": " + hide(secrets, in: $0) } ?? ""
        return OpenIDError(
            .tokenRequestRefused(error), expected: "tokens", actual: "status \(status), \(error.name)\(words)",
            remedy: error.tokenEndpointRemedy)
    }

    /// Plain or form-encoded.
    private static func hide(_ secrets: [String], in text: String) -> String {
        redacted(text, secrets.flatMap { [Array($0.utf8), Array(formEncoded($0).utf8)] })
    }
}

extension ErrorResponse {
    fileprivate var tokenEndpointRemedy: String {
        switch self {
        case .invalidClient:
            "Check the client identifier and the client secret, and the authentication method that the provider has for this client."
        case .invalidGrant: "Log in again: a code serves once and for a short time. Check the redirect URI too."
        case .unauthorizedClient: "Allow the grant for this client at the provider."
        case .invalidScope: "Ask for scopes that the provider knows for this client."
        default: "See the provider's log."
        }
    }
}

/// The tokens of a login or a refresh.
public struct TokenSet: Sendable, Hashable {
    /// For the UserInfo endpoint and for other resource servers.
    public let accessToken: AccessToken
    /// When the access token ends; `nil` where the provider did not say.
    public let accessTokenExpiresAt: Date?
    /// For a new access token; `nil` where the provider gave none.
    public let refreshToken: RefreshToken?
    /// The scopes granted; `nil` where they are those that were asked for.
    public let scopes: [Scope]?

    init(_ response: TokenResponse, receivedAt: Date, previous: RefreshToken? = nil) {
        accessToken = response.accessToken
        accessTokenExpiresAt = response.expiresIn.map { receivedAt.addingTimeInterval(TimeInterval($0)) }
        // Where a refresh brings no new refresh token, the old one stays (RFC 6749 §6).
        refreshToken = response.refreshToken ?? previous
        scopes = response.scopes
    }
}
