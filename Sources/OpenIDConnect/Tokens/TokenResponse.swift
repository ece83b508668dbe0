import ByteText
public import FoundationEssentials
import JOSE

/// A successful answer of the token endpoint (RFC 6749 §5.1; OIDC Core §3.1.3.3), well-formed; its ID Token is not yet
/// verified.
///
/// What a login hangs on has to be right: the access token, what kind it says it is, and that the ID Token is a text. Any
/// other member that is malformed is left out and told in ``leftOut``.
struct TokenResponse {
    let accessToken: AccessToken
    let refreshToken: RefreshToken?
    /// Seconds; `nil` where the provider does not say.
    let expiresIn: Int64?
    /// The scopes granted; `nil` where they are those that were asked for.
    let scopes: [Scope]?
    /// The compact ID Token, as it came.
    let idToken: String?
    /// Members that were malformed.
    let leftOut: [LeftOutMember]

    /// Reads a token endpoint's answer. Some providers repeat in their complaint what they complain of: the `secrets` of
    /// the request are taken out of it.
    ///
    /// Throws ``OpenIDError`` `.tokenRequestRefused` for an error response (RFC 6749 §5.2), which some providers send with
    /// status 200, `.status` for another status than success, `.tokenResponse` for an answer of the wrong form.
    init(_ response: TransportResponse, hiding secrets: [String]) throws(OpenIDError) {
        let object = try? JSONObject(parsing: response.document)
        guard response.hasDocument else { throw Self.refusal(response, object, hiding: secrets) }
        guard let object else { throw Self.noObject(response) }
        if object["access_token"] == nil, object["error"] != nil {
            throw Self.refusal(response, object, hiding: secrets)
        }
        var reader = Reader(object: object)
        if let type = reader.tokenType() {
            // RFC 6749 §7.1: a token of a type that is not understood must not be used; the type's case does not matter.
            guard type.asciiLowercased.isExactly("bearer") else {
                throw Self.malformed(
                    "token_type Bearer", Self.hide(secrets, in: type),
                    "Have the provider issue bearer tokens for this client, bound to no key: without DPoP and the like."
                )
            }
        }
        accessToken = try Self.accessToken(object["access_token"])
        refreshToken = reader.refreshToken()
        expiresIn = reader.expiresIn()
        scopes = reader.scopes()
        idToken = try Self.idToken(object["id_token"])
        leftOut = reader.leftOut
    }

    private static func accessToken(_ value: JSONValue?) throws(OpenIDError) -> AccessToken {
        guard let value else {
            throw malformed(
                "access_token", "none",
                "The provider gave no access token. Some give one only where SCOPE has a scope that it is for.")
        }
        guard let text = value.string else { throw malformed("access_token: a string", "another type") }
        guard let token = AccessToken(text) else {
            throw malformed("access_token of visible ASCII", "\(text.utf8.count) bytes of another form")
        }
        return token
    }

    private static func idToken(_ value: JSONValue?) throws(OpenIDError) -> String? {
        guard let value else { return nil }
        guard let text = value.string else { throw malformed("id_token: a string", "another type") }
        return text.isEmpty ? nil : text
    }
}

extension TokenResponse {
    /// Reads what no login hangs on.
    private struct Reader {
        let object: JSONObject
        var leftOut: [LeftOutMember] = []

        /// Providers that do not say mean bearer tokens, the only ones that were asked for.
        mutating func tokenType() -> String? {
            read("token_type", expected: "Bearer") { $0.string.flatMap { $0.isEmpty ? nil : $0 } }
        }

        mutating func refreshToken() -> RefreshToken? {
            read("refresh_token", expected: "1 or more visible ASCII characters", isSecret: true) {
                $0.string.flatMap { RefreshToken($0) }
            }
        }

        mutating func expiresIn() -> Int64? {
            read("expires_in", expected: "a number of seconds") { value in
                guard let seconds = value.number?.double ?? value.string.flatMap(Self.number), seconds >= 0
                else { return nil }
                return Int64(min(seconds, 10 * 365 * 86_400))
            }
        }

        /// Digits in a string, which some providers send.
        private static func number(_ text: String) -> Double? {
            text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") } ? Double(text) : nil
        }

        /// A text with spaces, or, as some providers send it, an array.
        mutating func scopes() -> [Scope]? {
            read("scope", expected: "scopes with spaces between them") { value in
                guard let array = value.array else { return value.string.flatMap { Scope.list($0) } }
                let texts = array.compactMap(\.string)
                return texts.count == array.count ? Scope.list(texts.joined(separator: " ")) : nil
            }
        }

        private mutating func read<Value>(
            _ name: String, expected: String, isSecret: Bool = false, _ read: (JSONValue) -> Value?
        ) -> Value? {
            guard let value = object[name] else { return nil }
            if let value = read(value) { return value }
            let text = value.string ?? value.text
            let actual = isSecret ? "\(text.utf8.count) bytes of another form" : text
            leftOut.append(LeftOutMember(name, expected: expected, actual: actual))
            return nil
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
