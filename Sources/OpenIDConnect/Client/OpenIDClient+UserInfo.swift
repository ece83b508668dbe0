public import JOSE

extension OpenIDClient {
    /// What the provider says of a user who has logged in, now (OIDC Core §5.3): by an access token of that login. `nil`
    /// where the provider has no UserInfo endpoint.
    ///
    /// Throws ``OpenIDError``: `.userInfoRefused` where the token is not good (any longer), `.userInfoSubject` where the
    /// answer is about somebody else, and what an answer of another form and the network have.
    public func userInfo(
        with token: AccessToken, about subject: Subject
    ) async throws(OpenIDError) -> JSONObject? {
        guard let url = metadata.userInfoEndpoint else { return nil }
        let request = UserInfoRequest(
            url: url, placement: registration.userInfoTokenPlacement, limits: registration.limits, keys: keys,
            algorithms: registration.userInfoSignedResponseAlg.map { [$0] } ?? algorithms,
            demandsSignature: registration.userInfoSignedResponseAlg != nil, issuer: metadata.issuer,
            client: registration.clientID)
        return try await request.send(with: token, about: subject, through: transport)
    }
}
