/// Addresses in place of those in a provider's metadata: where the application reaches the provider by another way than
/// browsers do, as between containers. Issuers are compared as ever; an address here is the operator's word.
public struct EndpointOverrides: Sendable, Hashable {
    /// `authorization_endpoint`: where the browser is sent.
    public var authorizationEndpoint: EndpointURL?
    /// `token_endpoint`.
    public var tokenEndpoint: EndpointURL?
    /// `userinfo_endpoint`.
    public var userInfoEndpoint: EndpointURL?
    /// `jwks_uri`.
    public var jwksURI: EndpointURL?
    /// `end_session_endpoint`: where the browser is sent.
    public var endSessionEndpoint: EndpointURL?

    /// None.
    public init() {}
}

extension ProviderMetadata {
    /// The metadata with some addresses replaced.
    package func replacing(_ endpoints: EndpointOverrides) -> ProviderMetadata {
        var metadata = self
        metadata.authorizationEndpoint = endpoints.authorizationEndpoint ?? authorizationEndpoint
        metadata.tokenEndpoint = endpoints.tokenEndpoint ?? tokenEndpoint
        metadata.userInfoEndpoint = endpoints.userInfoEndpoint ?? userInfoEndpoint
        metadata.jwksURI = endpoints.jwksURI ?? jwksURI
        metadata.endSessionEndpoint = endpoints.endSessionEndpoint ?? endSessionEndpoint
        return metadata
    }
}
