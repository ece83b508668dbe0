extension OpenIDError.Code {
    /// The step of a login that the check belongs to; `nil` where it may be in several.
    var step: LoginRecord.Step.Kind? {
        switch self {
        case .metadata, .metadataIssuer, .unsupported, .registration: .discovery
        case .keySet: .keys
        case .authorizationResponse, .state, .responseIssuer, .authorizationRefused: .authorizationResponse
        case .tokenRequestRefused, .tokenResponse: .tokenRequest
        case .idToken: .idToken
        case .userInfoRefused, .userInfoResponse, .userInfoSignature, .userInfoSubject: .userInfo
        case .transport, .status, .logoutToken, .accessToken: nil
        }
    }
}
