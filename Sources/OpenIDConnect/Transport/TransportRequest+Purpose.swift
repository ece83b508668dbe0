extension TransportRequest.Purpose {
    /// What is asked, in words.
    var words: String {
        switch self {
        case .metadata: "provider metadata"
        case .keys: "key set"
        case .token: "token endpoint"
        case .userInfo: "UserInfo endpoint"
        }
    }

    /// The step of a login that it belongs to.
    var step: LoginRecord.Step.Kind {
        switch self {
        case .metadata: .discovery
        case .keys: .keys
        case .token: .tokenRequest
        case .userInfo: .userInfo
        }
    }
}

extension TransportRequest {
    /// The same request, which says what it is for.
    func with(_ purpose: Purpose) -> TransportRequest {
        var request = self
        request.purpose = purpose
        return request
    }
}
