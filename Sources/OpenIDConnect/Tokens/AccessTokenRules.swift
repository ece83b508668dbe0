import FoundationEssentials
import JOSE

/// The rules over an access token's claims (RFC 9068 §2.2, §4). Claims that are not named here are ignored.
struct AccessTokenRules: ClaimRules {
    let claims: JSONObject
    let token: TokenExpectations
    let type: AccessTokenType

    /// `jti`, in bytes.
    static let maximumIdentifierSize = 1024

    /// The rules in the order in which they are applied. An access token comes from a client of the API and not from the
    /// provider: what to do is the rule's to say, and no setting of a login.
    var inOrder: [(rule: AccessTokenRule, judge: () -> Finding)] {
        let rules: [(AccessTokenRule, () -> Finding)] = [
            (.kind, kind), (.issuer, issuer), (.subject, subject), (.audience, audience), (.expiry, expiry),
            (.issuedAt, issuedAt), (.notBefore, notBefore), (.client, client), (.tokenID, tokenID), (.scope, scope),
            (.confirmation, confirmation),
        ]
        return rules.map { rule, judge in
            (
                rule,
                {
                    var finding = judge()
                    finding.remedy = nil
                    return finding
                }
            )
        }
    }

    var clientID: ClientID? {
        if let id = claims["client_id"] { return id.string.flatMap { ClientID($0) } }
        return type == .jwt ? claims["azp"]?.string.flatMap { ClientID($0) } : nil
    }

    /// None where there is no `scope`; `nil` where it is none. Some providers send an array in place of a text with spaces.
    var scopes: [Scope]? {
        guard let value = claims["scope"] else { return [] }
        guard let array = value.array else { return value.string.flatMap { Scope.list($0) } }
        let scopes = array.compactMap { $0.string.flatMap { Scope($0)?.string } }
        return scopes.count == array.count ? Scope.list(scopes.joined(separator: " ")) : nil
    }

    private func kind() -> Finding {
        guard type == .jwt else { return absent }
        let others = ["at_hash", "c_hash", "events"].filter { claims[$0] != nil }
        let own = claims["typ"].map { isSame($0.string, "Bearer") } ?? true
        return judge(
            others.isEmpty && own, expected: "no at_hash, c_hash or events, and no typ but Bearer",
            actual: others.isEmpty ? "typ \(shown("typ"))" : others.joined(separator: ", "))
    }

    private func subject() -> Finding {
        let valid = claims["sub"]?.string.flatMap { Subject($0) } != nil
        return judge(valid, expected: "1 to 255 ASCII characters", actual: shown("sub"))
    }

    private func issuedAt() -> Finding {
        let fits = claims.numericDate("iat").map { $0 <= now + token.clockSkew } ?? false
        return judge(
            fits, expected: "at most \(wholeSeconds(now)) and \(wholeSeconds(token.clockSkew)) s of clock skew",
            actual: shown("iat"))
    }

    private func client() -> Finding {
        judge(
            clientID != nil, expected: "client_id" + (type == .jwt ? " or azp" : "") + ", of visible ASCII",
            actual: shown("client_id"))
    }

    private func tokenID() -> Finding {
        if claims["jti"] == nil, type == .jwt { return absent }
        let fits = claims["jti"]?.string.map { !$0.isEmpty && $0.utf8.count <= Self.maximumIdentifierSize }
        return judge(
            fits ?? false, expected: "a text of 1 to \(Self.maximumIdentifierSize) bytes", actual: shown("jti"))
    }

    private func confirmation() -> Finding {
        let confirmation = claims["cnf"]
        let members = confirmation?.object?.members.prefix(8).map(\.name).joined(separator: ", ")
        return judge(
            confirmation == nil, expected: "no cnf",
            actual: confirmation == nil ? "none" : "one" + (members.map { " with \($0)" } ?? ""))
    }

    private func scope() -> Finding {
        guard claims["scope"] != nil else { return absent }
        return judge(scopes != nil, expected: "scopes with spaces between them", actual: shown("scope"))
    }
}
