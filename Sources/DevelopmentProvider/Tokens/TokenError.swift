import HTTPMessages
import JOSE

/// An error answer of the token endpoint (RFC 6749 §5.2).
struct TokenError: Error {
    enum Code: String {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"
        case serverError = "server_error"
    }

    let code: Code
    /// Our own text without quotation marks and backslashes.
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    var response: HTTPResponse {
        let status =
            switch code {
            case .invalidClient: 401
            case .serverError: 500
            default: 400
            }
        var response = HTTPResponse.json(
            ["error": .string(code.rawValue), "error_description": .string(description)], status: status)
        if code == .invalidClient { response.fields.append(.wwwAuthenticate, "Basic realm=\"token endpoint\"") }
        return response
    }
}
