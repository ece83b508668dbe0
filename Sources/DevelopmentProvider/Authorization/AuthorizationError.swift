import ByteText
import HTTPMessages

/// The error codes of an authorization answer (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6).
enum AuthorizationErrorCode: String, Sendable {
    case invalidRequest = "invalid_request"
    case unsupportedResponseType = "unsupported_response_type"
    case invalidScope = "invalid_scope"
    case accessDenied = "access_denied"
    case loginRequired = "login_required"
    case requestNotSupported = "request_not_supported"
    case requestURINotSupported = "request_uri_not_supported"
    case registrationNotSupported = "registration_not_supported"
}

/// Where an answer to an authorization request goes: known only when client and redirect URI are good.
struct AnswerAddress: Sendable {
    /// How an answer travels (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2).
    enum Mode: String, CaseIterable, Sendable {
        case query
        case formPost = "form_post"
    }

    let redirectURI: String
    let state: String?
    let issuer: String
    let mode: Mode

    /// The parameters of the answer with `state` and `iss` (RFC 6749 §4.1.2, RFC 9207 §2).
    func completed(_ parameters: FormParameters) -> FormParameters {
        var answer = parameters
        if let state { answer.append("state", state) }
        answer.append("iss", issuer)
        return answer
    }
}

extension String {
    /// A URI without a fragment, with further parameters in its query.
    func adding(_ parameters: FormParameters) -> String {
        guard !parameters.parameters.isEmpty else { return self }
        let separator = !utf8.contains("?") ? "?" : utf8.hasSuffix("?") || utf8.hasSuffix("&") ? "" : "&"
        return self + separator + parameters.encoded
    }
}

/// Why an authorization request is refused.
enum AuthorizationRefusal: Error {
    /// Nobody can be trusted with an answer: the user is told, on a page (RFC 6749 §4.1.2.1).
    case page(Problem)
    /// The application is told. The description is our own text without quotation marks and backslashes.
    case redirect(AuthorizationErrorCode, description: String, to: AnswerAddress)
}

/// What an error page says.
struct Problem: Sendable {
    let title: String
    let reason: String
    let remedy: String
    /// Facts that help, by name.
    var facts: [(name: String, value: String)] = []
}
