public import FoundationEssentials
import JOSE

/// A relying party at one provider (OIDC Core §3.1): begins logins, finishes them, refreshes tokens.
///
/// A value: it holds the provider's metadata as they were when it was made, and shares the provider's keys.
public struct OpenIDClient: Sendable {
    /// What the application is at the provider.
    public let registration: ClientRegistration
    /// What the provider says of itself.
    public let metadata: ProviderMetadata

    let keys: VerificationKeys
    let transport: any HTTPTransport
    let now: @Sendable () -> Date
    let algorithms: Set<JWSAlgorithm>
    let authentication: ClientAuthentication

    /// A client from metadata that are there already, and the keys of an earlier one where their address is the same.
    ///
    /// Throws ``OpenIDError`` `.registration` or `.unsupported` where registration and provider do not fit.
    public init(
        registration: ClientRegistration, metadata: ProviderMetadata, keys: KeySource? = nil,
        transport: any HTTPTransport,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(OpenIDError) {
        self.registration = registration
        let metadata = metadata.replacing(registration.endpoints)
        self.metadata = metadata
        self.transport = transport
        self.now = now
        self.keys =
            try registration.symmetricKeys()
            ?? .published(
                keys ?? KeySource(url: metadata.jwksURI, transport: transport, limits: registration.limits, now: now))
        algorithms = try registration.allowedAlgorithms(metadata)
        authentication = try ClientAuthentication(registration, at: metadata)
    }

    /// A client by discovery (OIDC Discovery §4).
    ///
    /// Throws ``OpenIDError`` where the provider cannot be reached, its metadata are malformed or another issuer's, or
    /// registration and provider do not fit.
    public init(
        discovering location: MetadataLocation, registration: ClientRegistration, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(OpenIDError) {
        let metadata = try await ProviderMetadata.discover(
            location, through: transport, plainHTTP: registration.plainHTTP, limits: registration.limits,
            tenants: registration.tenants)
        try self.init(registration: registration, metadata: metadata, transport: transport, now: now)
    }

    /// A client by discovery, from texts as they stand in a configuration: `issuer` is the provider's issuer.
    ///
    /// Throws ``OpenIDError`` `.registration` where a text breaks the rule of its type; else as above.
    public init(
        discovering issuer: String, clientID: String, clientSecret: String?, redirectURI: String,
        transport: any HTTPTransport
    ) async throws(OpenIDError) {
        guard let location = Issuer(issuer).flatMap({ MetadataLocation(of: $0) }) else {
            throw Self.unfit("an issuer: an https URL without query and fragment", issuer)
        }
        guard let id = ClientID(clientID) else { throw Self.unfit("a client_id of visible ASCII", clientID) }
        var secret: ClientSecret?
        if let clientSecret {
            guard let valid = ClientSecret(clientSecret) else {
                throw Self.unfit("a client_secret of visible ASCII", "another form")
            }
            secret = valid
        }
        guard let redirect = RedirectURI(redirectURI) else {
            throw Self.unfit("a redirect_uri: an https URL, or http on loopback, without fragment", redirectURI)
        }
        let registration = ClientRegistration(clientID: id, clientSecret: secret, redirectURI: redirect)
        try await self.init(discovering: location, registration: registration, transport: transport)
    }

    private static func unfit(_ expected: String, _ actual: String) -> OpenIDError {
        OpenIDError(.registration, expected: expected, actual: actual, remedy: "Correct the configured value.")
    }
}

extension ProviderMetadata {
    /// Fetches a provider's metadata and checks them (OIDC Discovery §4.2, §4.3). `tenants` as in
    /// ``ClientRegistration/tenants``.
    ///
    /// Throws ``OpenIDError`` `.transport` or `.status` where no document came, `.metadata`, `.metadataIssuer` or
    /// `.unsupported` where it will not do.
    public static func discover(
        _ location: MetadataLocation, through transport: any HTTPTransport,
        plainHTTP: EndpointURL.PlainHTTP = .onLoopback, limits: TransportRequest.Limits = .init(),
        tenants: EntraTenants? = nil
    ) async throws(OpenIDError) -> ProviderMetadata {
        let bytes = try await transport.document(at: location.url, for: .metadata, limits: limits)
        return try ProviderMetadata(
            parsing: bytes, issuedBy: location.issuers, plainHTTP: plainHTTP,
            entraIssuers: tenants.flatMap { EntraIssuers(location, $0) })
    }
}
