import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE
import Synchronization

extension Endpoints {
    /// The token endpoint (OIDC Core §3.1.3, §12).
    func token(_ request: HTTPRequest) -> HTTPResponse {
        do throws(TokenError) {
            let parameters = try Self.tokenParameters(request)
            let client = try ClientAuthentication.client(of: request, parameters, among: clients)
            let now = now()
            let issued =
                // String: at the development provider, whose only client is the application.
                switch parameters["grant_type"] {
                case "authorization_code":
                    try redeemCode(parameters, client: client, at: now)
                case "refresh_token":
                    try refresh(parameters, client: client, at: now)
                case nil: throw TokenError(.invalidRequest, "grant_type is missing")
                default:
                    throw TokenError(.unsupportedGrantType, "grant_type must be authorization_code or refresh_token")
                }
            return try tokenResponse(issued, to: client, at: now)
        } catch {
            return error.response
        }
    }

    private static func tokenParameters(_ request: HTTPRequest) throws(TokenError) -> FormParameters {
        let parameters: FormParameters
        do {
            parameters = try request.formParameters
        } catch {
            throw TokenError(.invalidRequest, error.description)
        }
        guard parameters.duplicates.allSatisfy({ $0.isExactly("resource") }) else {
            throw TokenError(.invalidRequest, "a parameter was sent more than once")
        }
        return parameters
    }

    private func redeemCode(
        _ parameters: FormParameters, client: DevelopmentClient, at now: Date
    ) throws(TokenError) -> IssuedTokens {
        guard let code = parameters["code"] else { throw TokenError(.invalidRequest, "code is missing") }
        guard let redirectURI = parameters["redirect_uri"] else {
            throw TokenError(.invalidRequest, "redirect_uri is missing")
        }
        guard let verifier = parameters["code_verifier"], CodeVerifier.isWellFormed(verifier) else {
            throw TokenError(.invalidRequest, "code_verifier must be 43 to 128 unreserved characters")
        }
        return try state.withLock { state throws(TokenError) in
            try state.redeemCode(
                code, clientID: client.id, redirectURI: redirectURI, verifier: verifier, at: now)
        }
    }

    private func refresh(
        _ parameters: FormParameters, client: DevelopmentClient, at now: Date
    ) throws(TokenError) -> IssuedTokens {
        guard let token = parameters["refresh_token"] else {
            throw TokenError(.invalidRequest, "refresh_token is missing")
        }
        return try state.withLock { state throws(TokenError) in
            try state.refresh(token, clientID: client.id, scope: parameters["scope"], at: now)
        }
    }

    private func tokenResponse(
        _ issued: IssuedTokens, to client: DevelopmentClient, at now: Date
    ) throws(TokenError) -> HTTPResponse {
        var answer: JSONObject = [
            "access_token": .string(issued.accessToken),
            "token_type": "Bearer",
            "expires_in": .seconds(Lifetime.accessToken),
            "refresh_token": .string(issued.refreshToken),
            "scope": .string(issued.scope.text),
        ]
        if issued.scope.contains(.openid) {
            do {
                answer["id_token"] = .string(try idToken(for: issued, client: client, at: now))
            } catch {
                throw TokenError(.serverError, "the ID Token cannot be signed")
            }
        }
        return .json(answer)
    }
}

extension JSONValue {
    /// Whole seconds.
    static func seconds(_ interval: TimeInterval) -> JSONValue {
        .number(JSONNumber(Int64(interval.rounded(.down))))
    }

    /// Seconds since 1970 (RFC 7519 §2, NumericDate).
    static func date(_ date: Date) -> JSONValue { .seconds(date.timeIntervalSince1970) }
}
