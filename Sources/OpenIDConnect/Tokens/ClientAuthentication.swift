import ByteText
import FoundationEssentials
import JOSE

/// How the client proves itself at the token endpoint (OIDC Core §9).
public enum ClientAuthenticationMethod: String, Sendable, Hashable, CaseIterable {
    /// Identifier and secret in an `Authorization: Basic` header (RFC 6749 §2.3.1).
    case clientSecretBasic = "client_secret_basic"
    /// Identifier and secret in the body (RFC 6749 §2.3.1).
    case clientSecretPost = "client_secret_post"
    /// An assertion with a MAC by the secret, which itself stays here (RFC 7523 §2.2).
    case clientSecretJWT = "client_secret_jwt"
    /// An assertion signed with a key of the client's own (RFC 7523 §2.2).
    case privateKeyJWT = "private_key_jwt"
    /// No proof but PKCE: a public client.
    case none

    /// Whether the method uses the client secret.
    var needsSecret: Bool { [.clientSecretBasic, .clientSecretPost, .clientSecretJWT].contains(self) }
}

/// The client's proof at one provider: the method is settled, and what it needs is there.
struct ClientAuthentication {
    private enum Proof {
        case basic(ClientSecret)
        case post(ClientSecret)
        case secretJWT(SigningKey)
        case privateKeyJWT(ClientKey, allowed: [String]?)
        case appleSecret(ClientKey, AppleTeamID)
        case none
    }

    let method: ClientAuthenticationMethod
    private let client: ClientID
    private let assertionAudience: String
    private let proof: Proof

    /// The method that is configured; else `private_key_jwt` for a client with a key; else, with a secret, the first that
    /// the provider has of `client_secret_basic` (it has, where it does not say: OIDC Discovery §3), `client_secret_post`
    /// and `client_secret_jwt`; else none.
    ///
    /// Throws ``OpenIDError`` `.registration` where a secret or a key is wanted and missing, or the secret is too short for
    /// a MAC, `.unsupported` where the provider offers no method.
    init(_ registration: ClientRegistration, at metadata: ProviderMetadata) throws(OpenIDError) {
        client = registration.clientID
        assertionAudience =
            switch registration.clientAssertionAudience {
            case .issuer: metadata.issuer.string
            case .tokenEndpoint: metadata.tokenEndpoint.string
            }
        if let team = registration.appleTeamID {
            guard let key = registration.clientKey else {
                throw OpenIDError(
                    .registration, expected: "the key that makes Apple's client secrets", actual: "none",
                    remedy: "Configure the .p8 file of a key for Sign in with Apple.")
            }
            proof = .appleSecret(key, team)
            method = .clientSecretPost
            return
        }
        method = try Self.method(registration, offered: metadata.tokenEndpointAuthMethodsSupported)
        let algorithms = metadata.tokenEndpointAuthSigningAlgorithmsSupported
        switch (method, registration.clientSecret, registration.clientKey) {
        case (.none, _, _): proof = .none
        case (.clientSecretBasic, let secret?, _): proof = .basic(secret)
        case (.clientSecretPost, let secret?, _): proof = .post(secret)
        case (.clientSecretJWT, let secret?, _):
            proof = .secretJWT(try Self.macKey(secret, registration.tokenEndpointAuthSigningAlg, among: algorithms))
        case (.privateKeyJWT, _, let key?): proof = .privateKeyJWT(key, allowed: algorithms)
        case (_, nil, _), (.privateKeyJWT, _, nil):
            let wanted = method.needsSecret ? "client secret" : "private key"
            throw OpenIDError(
                .registration, expected: "a \(wanted) for \(method.rawValue)", actual: "none",
                remedy:
                    "Set \(method.needsSecret ? "CLIENT_SECRET" : "CLIENT_KEY_FILE"), or TOKEN_ENDPOINT_AUTH_METHOD=none for a public client."
            )
        }
    }

    private static func method(
        _ registration: ClientRegistration, offered: [String]?
    ) throws(OpenIDError) -> ClientAuthenticationMethod {
        if let configured = registration.tokenEndpointAuthMethod { return configured }
        if registration.clientKey != nil { return .privateKeyJWT }
        guard registration.clientSecret != nil else { return .none }
        let offered = offered ?? [ClientAuthenticationMethod.clientSecretBasic.rawValue]
        let known: [ClientAuthenticationMethod] = [.clientSecretBasic, .clientSecretPost, .clientSecretJWT]
        if let method = known.first(where: { offered.containsExactly($0.rawValue) }) { return method }
        throw OpenIDError(
            .unsupported, expected: "\(known.map(\.rawValue).joined(separator: ", ")) at the token endpoint",
            actual: offered.joined(separator: ", "),
            remedy:
                "Register the client at the provider for a method that both sides have, or set TOKEN_ENDPOINT_AUTH_METHOD if its metadata are wrong."
        )
    }

    /// The secret as a key for the algorithm that is configured, or the first that the provider takes; HS256 where neither
    /// says.
    private static func macKey(
        _ secret: ClientSecret, _ configured: JWSAlgorithm?, among offered: [String]?
    ) throws(OpenIDError) -> SigningKey {
        let macs = JWSAlgorithm.allCases.filter(\.isSymmetric)
        let algorithm = configured ?? macs.first { offered?.containsExactly($0.rawValue) ?? true }
        guard let algorithm else {
            throw OpenIDError(
                .unsupported, expected: macs.map(\.rawValue).joined(separator: ", "),
                actual: offered?.joined(separator: ", ") ?? "none",
                remedy: "Set TOKEN_ENDPOINT_AUTH_METHOD to another method that the client has at the provider.")
        }
        do {
            return try .symmetric(Array(secret.string.utf8), algorithm)
        } catch {
            throw OpenIDError(
                .registration, expected: "a client secret that is a key for \(algorithm.rawValue)", actual: "\(error)",
                remedy:
                    "Have the provider make a longer secret for CLIENT_SECRET, or set TOKEN_ENDPOINT_AUTH_METHOD to another method."
            )
        }
    }

    /// Adds the proof to a request: exactly one way (RFC 6749 §2.3). Gives what must not be repeated in an error.
    ///
    /// Throws ``OpenIDError`` `.registration` where the client's key cannot be had, `.unsupported` where the provider does
    /// not take its algorithm.
    func prove(
        fields: inout [(name: String, value: String)], parameters: inout [(name: String, value: String)], at now: Date
    ) throws(OpenIDError) -> [String] {
        switch proof {
        case .basic(let secret):
            // Both are form-urlencoded before they are joined (RFC 6749 §2.3.1, Appendix B).
            let pair = formEncoded(client.string) + ":" + formEncoded(secret.string)
            let credentials = base64(Array(pair.utf8))
            fields.append(("Authorization", "Basic " + credentials))
            return [secret.string, credentials]
        case .post(let secret):
            parameters += [("client_id", client.string), ("client_secret", secret.string)]
            return [secret.string]
        case .none:
            parameters.append(("client_id", client.string))
            return []
        case .appleSecret(let source, let team):
            let secret = try AppleClientSecret(client: client, team: team, key: source.current()).signed(at: now)
            parameters += [("client_id", client.string), ("client_secret", secret)]
            return [secret]
        case .secretJWT(let key): return try assert(with: key, parameters: &parameters, at: now)
        case .privateKeyJWT(let source, let allowed):
            let key = try source.current()
            guard allowed?.containsExactly(key.algorithm.rawValue) ?? true else {
                throw OpenIDError(
                    .unsupported, expected: "a client key for one of \(allowed?.joined(separator: ", ") ?? "none")",
                    actual: key.algorithm.rawValue,
                    remedy:
                        "Use a key of an algorithm that the provider takes (CLIENT_KEY_FILE, TOKEN_ENDPOINT_AUTH_SIGNING_ALG)."
                )
            }
            return try assert(with: key, parameters: &parameters, at: now)
        }
    }

    private func assert(
        with key: SigningKey, parameters: inout [(name: String, value: String)], at now: Date
    ) throws(OpenIDError) -> [String] {
        let assertion = try ClientAssertion(client: client, audience: assertionAudience, key: key).signed(at: now)
        // The identifier is optional here (RFC 7521 §4.2), and some providers look for nothing else.
        parameters += [
            ("client_id", client.string), ("client_assertion_type", ClientAssertion.type),
            ("client_assertion", assertion),
        ]
        return [assertion]
    }
}

extension ClientRegistration {
    /// How the client proves itself at the provider's token endpoint.
    ///
    /// Throws ``OpenIDError`` `.registration` or `.unsupported` where it cannot.
    package func authenticationMethod(
        at metadata: ProviderMetadata
    ) throws(OpenIDError) -> ClientAuthenticationMethod {
        try ClientAuthentication(self, at: metadata).method
    }
}

/// Standard base64 with padding, which HTTP Basic wants (RFC 7617 §2; RFC 4648 §4).
private func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
}
