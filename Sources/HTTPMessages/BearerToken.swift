import ByteText

extension HTTPRequest {
    /// The token of the `Authorization` field, where its scheme is `Bearer` (RFC 6750 §2.1); `nil` where the request has no
    /// such field, or one of another scheme. Tokens in a query or in a form are not read: addresses are logged.
    ///
    /// Throws ``BearerChallenge`` `invalid_request` where there are several such fields, or what follows the scheme is not
    /// one `b64token`.
    public var bearerToken: String? {
        get throws(BearerChallenge) {
            let values = fields.values(.authorization)
            guard let value = values.first else { return nil }
            let scheme = value.utf8.prefix(before: " ")
            guard values.count == 1 else { throw BearerChallenge(.invalidRequest) }
            guard scheme.asciiLowercased.isExactly("bearer") else { return nil }
            let token = String(Substring(value.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") }))
            guard isB64Token(token) else { throw BearerChallenge(.invalidRequest) }
            return token
        }
    }
}

/// One or more letters, digits, `-`, `.`, `_`, `~`, `+` and `/`, then any number of `=` (RFC 6750 §2.1).
private func isB64Token(_ text: String) -> Bool {
    let body = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    return !body.isEmpty && text.utf8.dropFirst(body.count).allSatisfy { $0 == UInt8(ascii: "=") }
        && body.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
}

/// What an API answers to a request without a token that is good for it (RFC 6750 §3).
public struct BearerChallenge: Error, Sendable, Hashable {
    /// What is wrong (RFC 6750 §3.1).
    public enum Code: String, Sendable, Hashable {
        /// The request is malformed: status 400.
        case invalidRequest = "invalid_request"
        /// The token is expired, revoked, malformed, or not for this API: status 401.
        case invalidToken = "invalid_token"
        /// The token does not allow this: status 403.
        case insufficientScope = "insufficient_scope"
    }

    /// What is wrong; `nil` where the request has no token at all: status 401, and nothing is said of why.
    public let code: Code?
    /// In words for a developer, such as the rule that was broken. Characters that cannot stand there are left out.
    public let description: String?
    /// The scopes that would be enough, with spaces between them.
    public let scope: String?

    /// A challenge as it stands.
    public init(_ code: Code?, description: String? = nil, scope: String? = nil) {
        self.code = code
        self.description = description
        self.scope = scope
    }

    /// The answer: the status, `WWW-Authenticate`, and nothing that a cache keeps.
    public var response: HTTPResponse {
        let status =
            switch code {
            case .invalidRequest: 400
            case nil, .invalidToken: 401
            case .insufficientScope: 403
            }
        let parameters = [("error", code?.rawValue), ("error_description", description), ("scope", scope)]
        let written = parameters.compactMap { name, value in value.map { "\(name)=\"\(Self.fit($0))\"" } }
        var response = HTTPResponse.text("\(code?.rawValue ?? "This needs an access token.")\n", status: status)
        response.fields.append(
            .wwwAuthenticate, "Bearer" + (written.isEmpty ? "" : " " + written.joined(separator: ", ")))
        response.fields.append(.cacheControl, "no-store")
        return response
    }

    /// RFC 6750 §3: visible ASCII without quotes and backslashes.
    private static func fit(_ text: String) -> String {
        String(decoding: text.utf8.filter { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }, as: UTF8.self)
    }
}
