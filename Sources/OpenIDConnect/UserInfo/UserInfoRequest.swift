import JOSE

/// The UserInfo exchange (OIDC Core §5.3).
enum UserInfoRequest {
    /// Asks with the access token in the header (RFC 6750 §2.1) and compares `sub` (OIDC Core §5.3.2).
    ///
    /// Throws ``OpenIDError`` `.userInfoRefused` for an error status, `.userInfoResponse` for an answer that is no JSON
    /// object, `.userInfoSubject` where `sub` is missing or not the ID Token's.
    static func send(
        to url: EndpointURL, with token: AccessToken, about subject: Subject, through transport: any HTTPTransport,
        limits: TransportRequest.Limits
    ) async throws(OpenIDError) -> JSONObject {
        let request = TransportRequest(
            method: .get, url: url,
            fields: [("Accept", "application/json"), ("Authorization", "Bearer " + token.secretString)], limits: limits)
        let response = try await transport.exchange(request, endpoint: "UserInfo endpoint")
        guard response.status == 200 else {
            throw OpenIDError(
                .userInfoRefused, expected: "status 200 from the UserInfo endpoint",
                actual: "status \(response.status)",
                remedy: "Check that the client may use the scopes that it asks for, or switch UserInfo off.")
        }
        return try claims(of: response, about: subject)
    }

    static func claims(of response: TransportResponse, about subject: Subject) throws(OpenIDError) -> JSONObject {
        guard let claims = try? JSONObject(parsing: response.body) else {
            let type = response.values("Content-Type").first ?? "no content type"
            throw OpenIDError(
                .userInfoResponse, expected: "a JSON object from the UserInfo endpoint",
                actual: "\(response.body.count) bytes of \(type)",
                remedy: "Have the provider answer in JSON: set no userinfo_signed_response_alg for this client.")
        }
        guard let actual = claims["sub"]?.string, actual.utf8.elementsEqual(subject.string.utf8) else {
            throw OpenIDError(
                .userInfoSubject, expected: "sub \(subject)", actual: claims["sub"]?.string ?? "none",
                remedy: "The UserInfo answer is about somebody else: it must not be used (OIDC Core §5.3.2).")
        }
        return claims
    }
}
