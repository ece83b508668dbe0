public import JOSE

/// Where the key of `private_key_jwt` comes from (OIDC Core §9): asked for it at each use, so that a key can change while
/// the application runs.
public struct ClientKey: Sendable {
    private let load: @Sendable () throws -> SigningKey

    /// A key that stays.
    public init(_ key: SigningKey) { load = { key } }

    /// A key that is read where it lies. `load` is called for each token request; it should keep what it has read.
    public init(loading load: @escaping @Sendable () throws -> SigningKey) { self.load = load }

    /// The key as it is now.
    ///
    /// Throws ``OpenIDError`` `.registration` where there is none.
    func current() throws(OpenIDError) -> SigningKey {
        do {
            return try load()
        } catch {
            // What the error says may be for the operator alone, and pages show this one.
            throw OpenIDError(
                .registration, expected: "a private key that signs", actual: "none: \(type(of: error))",
                remedy: "Check the file of the client's key: one private key without a passphrase, as PEM or as a JWK.")
        }
    }
}

/// Whom an assertion of the client is made out to (RFC 7523 §3 item 3).
public enum ClientAssertionAudience: String, Sendable, Hashable, CaseIterable {
    /// The issuer: no other provider can be talked into taking the assertion, whatever endpoints its metadata name.
    case issuer
    /// The address of the token endpoint, which some providers insist on (OIDC Core §9).
    case tokenEndpoint = "token_endpoint"
}
