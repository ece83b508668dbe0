import ByteText
import FoundationEssentials

/// What one call of the token endpoint gives out.
struct IssuedTokens: Sendable {
    let accessToken: String
    let refreshToken: String
    let scope: Set<ScopeValue>
    let grant: Grant
    /// Goes into the ID Token; none after a refresh (OIDC Core §12.2).
    let nonce: String?
}

extension ProviderState {
    /// Takes a code (RFC 6749 §4.1.3). It is spent by the attempt, whatever comes of it; a second attempt revokes what
    /// the first one gave (RFC 6749 §4.1.2).
    mutating func redeemCode(
        _ text: String, clientID: String, redirectURI: String, verifier: String, at now: Date
    ) throws(TokenError) -> IssuedTokens {
        guard let code = Handle(text), var grant = grants.value(code.id, at: now), code.proves(grant.codeProof),
            grant.clientID.isExactly(clientID)
        else { throw TokenError(.invalidGrant, "the code is unknown, or was not issued to this client") }
        guard !grant.isCodeUsed else {
            grants.remove(code.id)
            throw TokenError(.invalidGrant, "the code was used before; what was issued for it is revoked")
        }
        grant.isCodeUsed = true
        grants.update(code.id, to: grant)
        guard now < grant.codeExpiresAt else { throw TokenError(.invalidGrant, "the code has expired") }
        guard redirectURI.isExactly(grant.redirectURI) else {
            throw TokenError(.invalidGrant, "redirect_uri is not that of the authorization request")
        }
        guard CodeVerifier.matches(verifier, challenge: grant.codeChallenge) else {
            throw TokenError(.invalidGrant, "code_verifier does not fit the code_challenge")
        }
        return issue(for: grant, id: code.id, scope: grant.scope, nonce: grant.nonce, at: now)
    }

    /// Takes a refresh token and gives the next; one that was used before revokes all (RFC 9700 §4.14.2). Without
    /// `offline_access` it is good as long as the user's login (OIDC Core §11).
    mutating func refresh(
        _ text: String, clientID: String, scope: String?, at now: Date
    ) throws(TokenError) -> IssuedTokens {
        guard let token = Handle(text), let grant = grants.value(token.id, at: now), grant.refreshProof != nil,
            grant.clientID.isExactly(clientID)
        else { throw TokenError(.invalidGrant, "the refresh token is unknown, revoked, expired or not this client's") }
        guard token.proves(grant.refreshProof) else {
            grants.remove(token.id)
            throw TokenError(.invalidGrant, "the refresh token was used before; what was issued for it is revoked")
        }
        guard grant.scope.contains(.offlineAccess) || sessions.value(grant.sessionID, at: now) != nil else {
            grants.remove(token.id)
            throw TokenError(.invalidGrant, "the user has logged out")
        }
        let asked = scope?.utf8.words(separatedBy: " ").map { ScopeValue(rawValue: String($0)) }
        guard asked?.allSatisfy({ $0.map(grant.scope.contains) ?? false }) ?? true else {
            throw TokenError(.invalidScope, "scope must not go beyond what was granted")
        }
        let scope = asked.map { Set($0.compactMap(\.self)) } ?? grant.scope
        return issue(for: grant, id: token.id, scope: scope, nonce: nil, at: now)
    }

    private mutating func issue(
        for former: Grant, id: String, scope: Set<ScopeValue>, nonce: String?, at now: Date
    ) -> IssuedTokens {
        var grant = former
        let access = Handle(id: id, proof: random())
        let refresh = Handle(id: id, proof: random())
        grant.refreshProof = refresh.proof
        grant.add(
            AccessToken(
                proof: access.proof, scope: scope, expiresAt: now.addingTimeInterval(Lifetime.accessToken)), at: now)
        grants.update(id, to: grant)
        return IssuedTokens(
            accessToken: access.text, refreshToken: refresh.text, scope: scope, grant: grant, nonce: nonce)
    }

    /// Whom an access token is about and what it lets be seen.
    func access(_ text: String, at now: Date) -> (subject: String, scope: Set<ScopeValue>)? {
        guard let handle = Handle(text), let grant = grants.value(handle.id, at: now),
            let token = grant.accessTokens.first(where: { handle.proves($0.proof) }), now < token.expiresAt
        else { return nil }
        return (grant.subject, token.scope)
    }
}
