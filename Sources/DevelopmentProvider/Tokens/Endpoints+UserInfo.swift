import HTTPMessages
import JOSE
import Synchronization

extension Endpoints {
    /// The UserInfo endpoint (OIDC Core §5.3): a bearer token in the header field, by GET or POST.
    func userInfo(_ request: HTTPRequest) -> HTTPResponse {
        guard let token = request.fields[.authorization].flatMap({ credentials($0, scheme: "bearer") }) else {
            // RFC 6750 §3.1: no error code where no token came.
            return Self.refused("Bearer realm=\"userinfo\"", status: 401)
        }
        let now = now()
        guard let access = state.withLock({ $0.access(String(token), at: now) }), let user = user(access.subject) else {
            return Self.refused(
                "Bearer realm=\"userinfo\", error=\"invalid_token\", "
                    + "error_description=\"the access token is unknown, expired or revoked\"", status: 401)
        }
        guard access.scope.contains(.openid) else {
            return Self.refused(
                "Bearer realm=\"userinfo\", error=\"insufficient_scope\", scope=\"openid\"", status: 403)
        }
        return .json(Self.claims(of: user, for: access.scope))
    }

    /// The claims that the scope asks for (OIDC Core §5.4).
    private static func claims(of user: DevelopmentUser, for scope: Set<ScopeValue>) -> JSONObject {
        var claims: JSONObject = [:]
        for claim in ScopeValue.allCases.filter(scope.contains).flatMap(\.claims) {
            claims[claim.rawValue] = user.value(of: claim)
        }
        return claims
    }

    private static func refused(_ challenge: String, status: Int) -> HTTPResponse {
        var response = HTTPResponse(status: status).kept(.not)
        response.fields.append(.wwwAuthenticate, challenge)
        return response
    }
}

extension DevelopmentUser {
    fileprivate func value(of claim: UserClaim) -> JSONValue {
        switch claim {
        case .subject: .string(subject)
        case .name: .string(name)
        case .givenName: .string(givenName)
        case .familyName: .string(familyName)
        case .preferredUsername: .string(preferredUsername)
        case .email: .string(email)
        case .isEmailVerified: .bool(isEmailVerified)
        case .roles: .strings(roles)
        }
    }
}
