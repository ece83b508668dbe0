import ByteText
import JOSE

/// How an access token travels (RFC 6750 §2).
public enum BearerTokenPlacement: String, Sendable, Hashable, CaseIterable {
    /// In the `Authorization` field of a `GET` (RFC 6750 §2.1): what providers want as a rule.
    case header
    /// In the form of a `POST` (RFC 6750 §2.2).
    case formBody = "form"
}

/// The UserInfo exchange (OIDC Core §5.3).
struct UserInfoRequest {
    let url: EndpointURL
    let placement: BearerTokenPlacement
    let limits: TransportRequest.Limits
    /// What signed answers are verified with.
    let keys: VerificationKeys
    let algorithms: Set<JWSAlgorithm>
    let demandsSignature: Bool
    let issuer: Issuer
    let client: ClientID

    /// Asks with the access token and compares `sub` (OIDC Core §5.3.2).
    ///
    /// Throws ``OpenIDError`` `.userInfoRefused` for an error status, `.userInfoResponse` for an answer that is no JSON
    /// object, `.userInfoSignature` for a JWT that is not the provider's for this client, `.userInfoSubject` where `sub` is
    /// missing or not the ID Token's.
    func send(
        with token: AccessToken, about subject: Subject, through transport: any HTTPTransport
    ) async throws(OpenIDError) -> JSONObject {
        let response = try await transport.exchange(request(with: token), for: .userInfo)
        guard response.hasDocument else {
            // Why a token is not taken stands in the challenge (RFC 6750 §3).
            let challenge = response.values("WWW-Authenticate").first.map {
                ", \(redacted($0, [Array(token.secretString.utf8)]))"
            }
            throw OpenIDError(
                .userInfoRefused, expected: "status 200 from the UserInfo endpoint",
                actual: "status \(response.status)\(challenge ?? "")",
                remedy: TransportRequest.Purpose.userInfo.remedy(forStatus: response.status)
                    + " With USERINFO=off the ID Token alone tells of the user.",
                endpoint: .userInfo)
        }
        let claims = try await claims(of: response)
        guard let actual = claims["sub"]?.string else {
            throw OpenIDError(
                .userInfoSubject, expected: "sub \(subject)",
                actual: claims["sub"] == nil ? "none" : "one that is no string",
                remedy:
                    "Without sub nobody can tell whom the UserInfo answer is about, and it must not be used (OIDC Core §5.3.2): have the provider send it, or set USERINFO=off.",
                endpoint: .userInfo)
        }
        guard actual.utf8.elementsEqual(subject.string.utf8) else {
            throw OpenIDError(
                .userInfoSubject, expected: "sub \(subject)", actual: actual,
                remedy:
                    "The UserInfo answer is about somebody else and must not be used (OIDC Core §5.3.2). Where the provider has two names for one user, set USERINFO=off.",
                endpoint: .userInfo)
        }
        return claims
    }

    private func request(with token: AccessToken) -> TransportRequest {
        let accept = (name: "Accept", value: "application/json, application/jwt;q=0.9")
        return switch placement {
        case .header:
            TransportRequest(
                method: .get, url: url, fields: [accept, ("Authorization", "Bearer " + token.secretString)],
                limits: limits)
        case .formBody:
            TransportRequest(
                method: .post, url: url, fields: [accept, ("Content-Type", "application/x-www-form-urlencoded")],
                body: Array(formEncoded([("access_token", token.secretString)]).utf8), limits: limits)
        }
    }

    private func claims(of response: TransportResponse) async throws(OpenIDError) -> JSONObject {
        let type = response.values("Content-Type").first ?? "no content type"
        if Self.isJWT(contentType: type) {
            return try await signedClaims(String(decoding: response.body, as: UTF8.self))
        }
        guard !demandsSignature else {
            throw refusedSignature(
                "a JWT", type, "Have the provider sign UserInfo for this client, or unset USERINFO_SIGNED_RESPONSE_ALG."
            )
        }
        guard let claims = try? JSONObject(parsing: response.document) else {
            throw OpenIDError(
                .userInfoResponse, expected: "a JSON object from the UserInfo endpoint",
                actual: response.form,
                remedy: response.isPage
                    ? "The UserInfo endpoint answers with a page: check USERINFO_ENDPOINT, or set USERINFO=off."
                    : "Have the provider answer with JSON, or a signed JWT of type application/jwt, not encrypted; or set USERINFO=off.",
                endpoint: .userInfo)
        }
        return claims
    }

    static func isJWT(contentType: String) -> Bool {
        contentType.utf8.prefix(before: ";", " ").asciiLowercased.isExactly("application/jwt")
    }

    /// A signed answer (OIDC Core §5.3.2): `iss` and `aud`, where they are there, name this provider and this client.
    private func signedClaims(_ compact: String) async throws(OpenIDError) -> JSONObject {
        let mend =
            "Compare userinfo_signed_response_alg of this client at the provider with USERINFO_SIGNED_RESPONSE_ALG."
        let token: JWS
        do throws(JOSEError) {
            token = try JWS(compact: compact)
        } catch {
            throw refusedSignature("a signed JWT", "\(error)", mend)
        }
        let payload: VerifiedPayload
        do throws(OpenIDError) {
            payload = try await keys.verify(token, from: .provider, allowing: algorithms)
        } catch  where error.code == .idToken(.signature) {
            throw refusedSignature(error.expected, error.actual, mend)
        }
        guard let claims = try? JSONObject(parsing: payload.bytes) else {
            throw refusedSignature("a strict JSON object", "none", "The provider's operator has to mend it.")
        }
        if let actual = claims["iss"], actual.string?.utf8.elementsEqual(issuer.string.utf8) != true {
            throw refusedSignature("iss \(issuer)", actual.text, "The UserInfo answer is another provider's.")
        }
        if let actual = claims["aud"],
            claims.audiences?.contains(where: { $0.utf8.elementsEqual(client.string.utf8) }) != true
        {
            throw refusedSignature("aud with \(client)", actual.text, "The UserInfo answer is for another client.")
        }
        return claims
    }

    private func refusedSignature(_ expected: String, _ actual: String, _ remedy: String) -> OpenIDError {
        OpenIDError(.userInfoSignature, expected: expected, actual: actual, remedy: remedy)
    }
}
