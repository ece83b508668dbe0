import ByteText
import JOSE

extension TokenResponse {
    static func malformed(_ expected: String, _ actual: String, _ remedy: String? = nil) -> OpenIDError {
        OpenIDError(
            .tokenResponse, expected: expected, actual: actual,
            remedy: remedy
                ?? "The token endpoint's answer is not OpenID Connect; the provider's operator has to mend it.",
            endpoint: .token)
    }

    static func noObject(_ response: TransportResponse) -> OpenIDError {
        malformed(
            "a JSON object", response.form,
            response.isPage
                ? "The token endpoint answers with a page: check TOKEN_ENDPOINT, and whether a proxy or a login page stands before it."
                : nil)
    }

    /// The error that the provider answers with, in its words as far as they are some.
    static func refusal(
        _ response: TransportResponse, _ object: JSONObject?, hiding secrets: [String]
    ) -> OpenIDError {
        let words = object.flatMap(Self.words).map { ": " + hide(secrets, in: $0) } ?? ""
        guard let error = object?["error"]?.string.map({ hide(secrets, in: $0) }).flatMap({ ErrorResponse($0) }) else {
            let target = response.redirectTarget.map { hide(secrets, in: $0) }
            return OpenIDError(
                .status, expected: "status 200 from the token endpoint",
                actual: "status \(response.status)" + (target.map { ", a redirect to \($0)" } ?? "") + words,
                remedy: TransportRequest.Purpose.token.remedy(forStatus: response.status), endpoint: .token)
        }
        return OpenIDError(
            .tokenRequestRefused(error), expected: "tokens",
            actual: "status \(response.status), \(error.name)\(words)",
            remedy: error.tokenEndpointRemedy(response.status),
            endpoint: .token)
    }

    /// What a refusal says of itself, by OAuth's name for it or those of single providers.
    private static func words(_ object: JSONObject) -> String? {
        let inner = object["error"]?.object
        let texts = [
            object["error_description"], inner?["message"], inner?["description"], object["errorSummary"],
            object["message"], object["detail"], object["title"],
        ]
        return texts.lazy.compactMap { $0?.string }.first { !$0.isEmpty }
    }

    /// Plain or form-encoded.
    static func hide(_ secrets: [String], in text: String) -> String {
        redacted(text, secrets.flatMap { [Array($0.utf8), Array(formEncoded($0).utf8)] })
    }
}

extension ErrorResponse {
    /// Whether the code, or the refresh token, is not taken.
    package var isAboutTheCode: Bool {
        [
            "invalid_grant", "bad_verification_code", "invalid_code", "code_already_used", "code_expired",
            "bad_refresh_token", "invalid_refresh_token",
        ].containsExactly(name)
    }

    fileprivate func tokenEndpointRemedy(_ status: Int) -> String {
        if isAboutTheCode {
            return
                "Log in again: a code serves once and for a short time. If it stays so, compare the redirect URI with the one registered at the provider."
        }
        // Keycloak calls a wrong secret unauthorized_client; the status says that it is the proof (RFC 6749 §5.2).
        let isAboutTheProof = status == 401 && name.isExactly("unauthorized_client")
        return Self.tokenEndpointRemedies[isAboutTheProof ? "invalid_client" : name]
            ?? "See what the provider says, and its log and documentation for this error."
    }

    /// By the names of RFC 6749 §5.2, and those that GitHub and Slack have for the same.
    private static let tokenEndpointRemedies: [String: String] = {
        let client =
            "Check CLIENT_ID and CLIENT_SECRET, and that TOKEN_ENDPOINT_AUTH_METHOD is the method that the provider has for this client."
        let redirectURI =
            "Register this application's redirect URI at the provider, to the byte; PUBLIC_URL is what it begins with."
        let grant = "Allow the authorization code grant for this client at the provider; check CLIENT_ID."
        let trouble = "The provider is in trouble: try again later, and see its log."
        let pause = "The provider has had too many requests: try again later."
        return [
            "invalid_client": client, "incorrect_client_credentials": client, "bad_client_secret": client,
            "invalid_client_id": client, "redirect_uri_mismatch": redirectURI, "bad_redirect_uri": redirectURI,
            "unauthorized_client": grant, "unsupported_grant_type": grant,
            "invalid_scope": "Set SCOPE to scopes that the provider knows for this client.",
            "server_error": trouble, "temporarily_unavailable": trouble, "slow_down": pause, "too_many_requests": pause,
            "invalid_request":
                "The provider misses something in the request: compare TOKEN_ENDPOINT_AUTH_METHOD with what it wants, and see its log.",
        ]
    }()
}
