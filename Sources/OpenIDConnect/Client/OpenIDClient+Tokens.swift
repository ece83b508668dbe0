import ByteText
import FoundationEssentials
import JOSE

/// What a refresh brought (OIDC Core §12).
public struct Refreshed: Sendable {
    /// The new tokens; the refresh token is the old one where no new one came.
    public let tokens: TokenSet
    /// The new ID Token, verified; providers need not send one (OIDC Core §12.2). `nil` too where it could not be verified
    /// because the provider's keys could not be fetched: nothing of it is taken then.
    public let idToken: IDToken?
}

extension OpenIDClient {
    /// Asks for new tokens (RFC 6749 §6). An ID Token that comes with them is verified in full and held against the login
    /// that goes on (OIDC Core §12.2). Where the provider's keys cannot be fetched for that, the other tokens serve all the
    /// same, since the old refresh token may have served: they came from the token endpoint itself. What the ID Token says
    /// must not contradict the login even so.
    ///
    /// Throws ``OpenIDError`` with the check that failed; `.tokenRequestRefused(.invalidGrant)` means that the provider
    /// has ended the login.
    public func refresh(
        _ token: RefreshToken, of original: OriginalLogin, scopes: [Scope] = []
    ) async throws(OpenIDError) -> Refreshed {
        var parameters: [(name: String, value: String)] = [
            ("grant_type", "refresh_token"), ("refresh_token", token.secretString),
        ]
        if !scopes.isEmpty { parameters.append(("scope", scopes.map(\.string).joined(separator: " "))) }
        let answer = try await tokenRequest(parameters)
        var idToken: IDToken?
        if answer.idToken != nil {
            var expect = expectations(
                nonce: .asAtLogin, maxAge: nil, requiredACRs: [], accessToken: answer.accessToken)
            expect.original = original
            do throws(OpenIDError) {
                idToken = try await IDToken.verify(
                    answer.idToken, keys: keys, allowing: algorithms, against: expect)
            } catch  where error.code.isWantOfKeys {
                try IDToken.requireUncontradicted(answer.idToken, against: expect)
            }
        }
        return Refreshed(tokens: TokenSet(answer, receivedAt: now(), previous: token), idToken: idToken)
    }

    /// Redeems a code (OIDC Core §3.1.3.1; RFC 7636 §4.5).
    func redeem(_ code: AuthorizationCode, pending: PendingLogin) async throws(OpenIDError) -> TokenResponse {
        try await tokenRequest([
            ("grant_type", "authorization_code"), ("code", code.string),
            ("redirect_uri", pending.redirectURI.url.string), ("code_verifier", pending.codeVerifier.string),
        ])
    }

    private static let secretParameters: Set<String> = ["code", "code_verifier", "refresh_token"]

    private func tokenRequest(_ grant: [(name: String, value: String)]) async throws(OpenIDError) -> TokenResponse {
        var parameters = grant
        var fields: [(name: String, value: String)] = [
            ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        let proof = try authentication.prove(fields: &fields, parameters: &parameters, at: now())
        let request = TransportRequest(
            method: .post, url: metadata.tokenEndpoint, fields: fields, body: Array(formEncoded(parameters).utf8),
            limits: registration.limits)
        let secrets = grant.filter { Self.secretParameters.containsExactly($0.name) }.map(\.value)
        LoginRecorder.current?.hide(secrets + proof)
        LoginRecorder.current?.addTokenRequest(fields: fields, form: parameters)
        let response = try await transport.exchange(request, for: .token)
        let answer = try TokenResponse(response, hiding: secrets + proof)
        if !answer.leftOut.isEmpty {
            LoginRecorder.current?.add(.tokenRequest, answer.leftOut.map { LoginRecord.Part($0) })
        }
        return answer
    }

    func expectations(
        nonce: IDTokenExpectations.NonceExpectation, maxAge: Int?, requiredACRs: [String], accessToken: AccessToken
    ) -> IDTokenExpectations {
        IDTokenExpectations(
            token: tokenExpectations, nonce: nonce, maxAge: maxAge, requiredACRs: requiredACRs,
            requiredClaims: registration.requiredClaims, accessToken: accessToken)
    }

    var tokenExpectations: TokenExpectations {
        TokenExpectations(
            issuer: metadata.issuer, audience: registration.clientID.string,
            trustedAudiences: registration.trustedAudiences, entraIssuers: metadata.entraIssuers, now: now(),
            clockSkew: registration.clockSkew, maximumAge: registration.maximumIDTokenAge)
    }
}

extension OpenIDError.Code {
    /// Whether a token could not be verified because the provider's keys could not be had: of what a verification throws,
    /// all that is not about the token.
    fileprivate var isWantOfKeys: Bool {
        switch self {
        case .transport, .status, .keySet: true
        default: false
        }
    }
}
