import Cryptography
public import FoundationEssentials
public import JOSE

/// What the application is at the provider, and how strictly it reads: everything that a login needs beside the
/// provider's own metadata.
public struct ClientRegistration: Sendable {
    /// `client_id`.
    public var clientID: ClientID
    /// `client_secret`; `nil` for a public client.
    public var clientSecret: ClientSecret?
    /// `redirect_uri`, as registered.
    public var redirectURI: RedirectURI
    /// `token_endpoint_auth_method`; `nil` chooses by the provider's metadata.
    public var tokenEndpointAuthMethod: ClientAuthenticationMethod?
    /// The key of `private_key_jwt`; `nil` for other methods.
    public var clientKey: ClientKey?
    /// `token_endpoint_auth_signing_alg` of `client_secret_jwt`; `nil` for the first that the provider takes, or HS256. A
    /// ``clientKey`` brings its own.
    public var tokenEndpointAuthSigningAlg: JWSAlgorithm?
    /// Whom the assertions of `client_secret_jwt` and `private_key_jwt` are made out to.
    public var clientAssertionAudience: ClientAssertionAudience = .issuer
    /// `id_token_signed_response_alg`; `nil` allows every asymmetric algorithm that the provider's metadata names, and
    /// RS256 where it names none. Symmetric ones, and ES256K, are used only where they are named here.
    public var idTokenSignedResponseAlg: JWSAlgorithm?
    /// Audiences that an ID Token, or a logout token, may have beside the client, byte for byte: those of one's own project
    /// and of sister clients, which some providers put into every token (OIDC Core §3.1.3.7 item 3). An ID Token with
    /// several audiences has to name the client in `azp` all the same.
    public var trustedAudiences: Set<String> = []
    /// Claims that every ID Token for this client has to have, each with the values of which it has to be one, byte for
    /// byte: `["hd": ["example.org"]]` for one organisation at Google. A login by anybody else is refused
    /// (``IDTokenRule/requiredClaims``).
    public var requiredClaims: [String: Set<String>] = [:]
    /// For a client of several tenants of Microsoft Entra: whose users may log in. Without it the address of one tenant has to
    /// be used. See ``EntraIssuers`` for the one place where it means anything.
    public var tenants: EntraTenants?
    /// The team of an application at Apple: with it, the client secret is made with ``clientKey`` and sent as
    /// `client_secret_post`.
    public var appleTeamID: AppleTeamID?
    /// Addresses in place of the metadata's.
    public var endpoints = EndpointOverrides()
    /// How far this machine's clock and the provider's may be apart, in seconds.
    public var clockSkew: TimeInterval = 60
    /// How long ago an ID Token, or a logout token that has an `exp`, may have been issued when it arrives, in seconds.
    public var maximumIDTokenAge: TimeInterval = 600
    /// Whether the UserInfo endpoint is asked, where the provider has one.
    public var usesUserInfo = true
    /// How the access token goes to the UserInfo endpoint.
    public var userInfoTokenPlacement: BearerTokenPlacement = .header
    /// `userinfo_signed_response_alg`: the answer has to be a JWT so signed; `nil` takes plain JSON, and JWTs signed as ID
    /// Tokens are.
    public var userInfoSignedResponseAlg: JWSAlgorithm?
    /// When an endpoint may be plain `http`.
    public var plainHTTP: EndpointURL.PlainHTTP = .onLoopback
    /// Limits on each request to the provider.
    public var limits = TransportRequest.Limits()

    /// A registration; everything else has its default.
    public init(clientID: ClientID, clientSecret: ClientSecret?, redirectURI: RedirectURI) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectURI = redirectURI
    }

    /// The algorithms that an ID Token for this client may have (OIDC Core §3.1.3.7 item 7): pinned by the registration or
    /// by the provider, never by the token.
    ///
    /// Throws ``OpenIDError`` `.registration` where a symmetric algorithm has no secret, or one too short for it;
    /// `.unsupported` where the provider names only algorithms that are not known here.
    package func allowedAlgorithms(_ metadata: ProviderMetadata) throws(OpenIDError) -> Set<JWSAlgorithm> {
        if let configured = idTokenSignedResponseAlg {
            if configured.isSymmetric, clientSecret == nil {
                throw OpenIDError(
                    .registration, expected: "a client secret for \(configured.rawValue)", actual: "none",
                    remedy: "Set CLIENT_SECRET, or ID_TOKEN_SIGNED_RESPONSE_ALG to an asymmetric algorithm.")
            }
            return [configured]
        }
        guard let named = metadata.idTokenSigningAlgorithmsSupported else { return [.rs256] }
        let common = Set(named.compactMap { JWSAlgorithm(exactly: $0) }.filter { !$0.needsAsking })
        guard !common.isEmpty else {
            throw OpenIDError(
                .unsupported, expected: "an asymmetric signature algorithm for ID Tokens",
                actual: named.joined(separator: ", "),
                remedy:
                    "Have the provider sign with RS256 or better, or name the symmetric algorithm in ID_TOKEN_SIGNED_RESPONSE_ALG."
            )
        }
        return common
    }

    /// The bytes of the client secret as a key, where a symmetric algorithm is configured (OIDC Core §10.1).
    ///
    /// Throws ``OpenIDError`` `.registration` where the secret is shorter than the algorithm's hash (RFC 7518 §3.2).
    func symmetricKeys() throws(OpenIDError) -> VerificationKeys? {
        guard let algorithm = idTokenSignedResponseAlg, algorithm.isSymmetric, let clientSecret else { return nil }
        let secret = Array(clientSecret.string.utf8)
        guard secret.count >= algorithm.hash.byteCount else {
            throw OpenIDError(
                .registration, expected: "a client secret of at least \(algorithm.hash.byteCount) bytes",
                actual: "\(secret.count) bytes",
                remedy:
                    "Have the provider make a longer secret for CLIENT_SECRET, or sign with RS256 (ID_TOKEN_SIGNED_RESPONSE_ALG)."
            )
        }
        return .secret(JWKSet(keys: [.symmetric(secret)]))
    }
}
