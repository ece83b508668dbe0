import Cryptography
import Foundation
import HTTPMessages
import JOSE
import Synchronization

extension MisbehavingProvider {
    /// `POST /token`: codes and refresh tokens for tokens (RFC 6749 §4.1.3, §6; OIDC Core §3.1.3).
    func tokens(_ request: ReceivedRequest) throws -> Reply {
        let parameters = try request.parameters()
        guard authenticates(request, parameters) else { return error("invalid_client", status: 401) }
        let code = parameters["code"] ?? ""
        switch parameters["grant_type"] {
        case "authorization_code":
            guard let grant = redeem(code, parameters) else { return error("invalid_grant") }
            return try answer(grant, code: code)
        case "refresh_token":
            let token = parameters["refresh_token"] ?? ""
            // Rotated: each serves once.
            guard let grant = state.withLock({ $0.refreshTokens.removeValue(forKey: token) }) else {
                state.withLock { $0.violations.append("token: a refresh token that is none") }
                return error("invalid_grant")
            }
            return try answer(grant, code: code, isRefresh: true)
        default: return error("unsupported_grant_type")
        }
    }

    private func error(_ name: String, status: Int = 400) -> Reply {
        .json(JSONObject(members: [("error", .string(name))]).serialized(), status: status)
    }

    /// Exactly one way, with both parts form-urlencoded in the header (RFC 6749 §2.3, §2.3.1).
    private func authenticates(_ request: ReceivedRequest, _ parameters: FormParameters) -> Bool {
        let expected = [client.id, client.secret]
        var ways: [Bool] = []
        for header in request.values("authorization") {
            let given = header.hasPrefix("Basic ") ? Data(base64Encoded: String(header.dropFirst(6))) : nil
            let parts = String(decoding: given ?? Data(), as: UTF8.self).split(separator: ":").map(FormEncoding.decode)
            note(secret: parts.last ?? nil)
            ways.append(parts == expected && !misbehaviour.refusesBasic)
        }
        if let assertion = parameters["client_assertion"] {
            ways.append(provesItself(assertion, type: parameters["client_assertion_type"]))
        }
        if let secret = parameters["client_secret"] {
            note(secret: secret)
            ways.append([parameters["client_id"], secret] == expected)
        }
        // A public client sends its identifier and no proof.
        if client.secret.isEmpty { ways.append(ways.isEmpty && parameters["client_id"] == client.id) }
        state.withLock { $0.expect(ways == [true], "token: client authentication \(ways)") }
        return ways == [true]
    }

    private func note(secret: String?) {
        if secret == client.secret { state.withLock { $0.secretsOfClient += 1 } }
    }

    /// OIDC Core §9, RFC 7523 §3; made out to the issuer, to nobody else, and each serves once.
    private func provesItself(_ assertion: String, type: String?) -> Bool {
        guard let key = misbehaviour.clientKey, let token = try? JWS(compact: assertion),
            let payload = try? token.verify(using: JWKSet(keys: [key]), allowing: [.es256, .hs256]),
            let claims = try? JSONObject(parsing: payload.bytes)
        else { return false }
        let now = Int64(Date().timeIntervalSince1970)
        return state.withLock { record in
            record.secrets.append(("client assertion", assertion))
            let identifier = claims["jti"]?.string ?? ""
            return type == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                && claims["iss"]?.string == client.id && claims["sub"]?.string == client.id
                && claims["aud"]?.string == issuer && !identifier.isEmpty
                && record.assertions.insert(identifier).inserted
                && (claims["exp"]?.integer).map { $0 > now && $0 <= now + 300 } ?? false
        }
    }

    private func redeem(_ code: String, _ parameters: FormParameters) -> Record.Grant? {
        let verifier = Array((parameters["code_verifier"] ?? "").utf8)
        return state.withLock { record in
            guard let grant = record.grants[code], !grant.isUsed else {
                record.violations.append("token: a code that is none, or comes again")
                return nil
            }
            record.grants[code]?.isUsed = true
            record.expect(parameters["redirect_uri"] == client.redirectURI, "token: redirect_uri")
            // Of a stolen code the client cannot know better: a refusal, and no violation.
            let fits = Base64URL.encode(digest(verifier, using: .sha256)) == grant.challenge
            guard fits || !misbehaviour.checksVerifiers else { return nil }
            return grant
        }
    }

    private func answer(_ grant: Record.Grant, code: String, isRefresh: Bool = false) throws -> Reply {
        let number = state.withLock { record in
            record.issued += 1
            return record.issued
        }
        let access = "canary-access-\(number)-of-many-letters"
        let refresh = "canary-refresh-\(number)-of-many-letters"
        let situation = situation(accessToken: access, code: code, isRefresh: isRefresh)
        let idToken = try idToken(grant, situation)
        state.withLock { record in
            if isRefresh { record.accessTokens = [] }
            record.accessTokens.insert(access)
            record.refreshTokens[refresh] = grant
            record.secrets += [("access token", access), ("refresh token", refresh)]
            if let signature = idToken.split(separator: ".").dropFirst(2).first, signature.count > 20 {
                record.secrets.append(("ID Token's signature", String(signature)))
            }
            if idToken.count > 200 { record.secrets.append(("ID Token", idToken)) }
        }
        var answer: JSONObject = [
            "access_token": .string(access), "token_type": "Bearer", "refresh_token": .string(refresh),
            "scope": "openid profile email", "id_token": .string(idToken),
        ]
        for edit in misbehaviour.tokens { try edit(&answer, situation) }
        return .json(answer.serialized())
    }

    private func idToken(_ grant: Record.Grant, _ situation: Situation) throws -> String {
        let now = Int64(Date().timeIntervalSince1970)
        let key = try misbehaviour.signer(situation)
        let hash = digest(Array(situation.accessToken.utf8), using: key.algorithm.hash)
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(Self.subject), "aud": .string(client.id),
            "exp": .number(JSONNumber(now + 300)), "iat": .number(JSONNumber(now)), "nonce": .string(grant.nonce),
            "at_hash": .string(Base64URL.encode(Array(hash.prefix(hash.count / 2)))),
        ]
        for edit in misbehaviour.claims { try edit(&claims, situation) }
        var payload = claims.serialized()
        for edit in misbehaviour.payloadBytes { try edit(&payload, situation) }

        var header: JSONObject = ["typ": "JWT", "alg": .string(key.algorithm.rawValue)]
        header["kid"] = key.keyID.map { .string($0) }
        for edit in misbehaviour.header { try edit(&header, situation) }
        var headerBytes = header.serialized()
        for edit in misbehaviour.headerBytes { try edit(&headerBytes, situation) }

        let input = Base64URL.encode(headerBytes) + "." + Base64URL.encode(payload)
        var signature = try key.signature(for: Array(input.utf8))
        for edit in misbehaviour.signature { try edit(&signature, situation) }
        var compact = input + "." + Base64URL.encode(signature)
        for edit in misbehaviour.compact { try edit(&compact, situation) }
        return compact
    }
}
