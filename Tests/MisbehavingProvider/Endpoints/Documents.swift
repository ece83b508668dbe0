import HTTPMessages
import JOSE
import Synchronization

extension MisbehavingProvider {
    func metadata() throws -> JSONObject {
        let situation = situation()
        var metadata: JSONObject = [
            "issuer": .string(issuer), "authorization_endpoint": .string(base + "/authorize"),
            "token_endpoint": .string(base + "/token"), "jwks_uri": .string(base + "/keys"),
            "userinfo_endpoint": .string(base + "/userinfo"),
            // In odd order, as the conformance suite writes them.
            "response_types_supported": [
                "id_token code", "code", "id_token", "token id_token", "code id_token token", "token",
            ],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["public", "pairwise"],
            "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
            // All that an attacker could wish for: what is advertised is not yet pinned.
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256", "EdDSA"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
        ]
        for edit in misbehaviour.metadata { try edit(&metadata, situation) }
        return metadata
    }

    func keySet() throws -> JSONObject {
        let situation = situation()
        var keys = situation.keys.published
        for edit in misbehaviour.keySet { try edit(&keys, situation) }
        return ["keys": .array(keys)]
    }

    func userInfo(_ request: ReceivedRequest) throws -> Reply {
        let header = request.values("authorization").map { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : "" }
        let form = try request.body.isEmpty ? [] : request.parameters().values(named: "access_token")
        let isKnown = state.withLock { record in
            // In one place, which is the one that is taken (RFC 6750 §2).
            let wanted = misbehaviour.takesTokensInForms ? form : header
            record.expect(header.count + form.count == 1, "userinfo: \(header.count + form.count) access tokens")
            record.expect(wanted.count == 1, "userinfo: the access token is in the wrong place")
            record.expect(request.query.isEmpty, "userinfo: parameters in the query")
            return wanted.contains { record.accessTokens.contains($0) }
        }
        guard isKnown else {
            state.withLock { $0.violations.append("userinfo: not a token of ours") }
            return Reply(status: 401, fields: [("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
        }
        var claims: JSONObject = [
            "sub": .string(Self.subject), "name": .string(Self.userName), "email": "ada@wire.example",
            "email_verified": true, "locale": "en",
        ]
        let situation = situation()
        for edit in misbehaviour.userInfo { try edit(&claims, situation) }
        return .json(claims.serialized())
    }
}
