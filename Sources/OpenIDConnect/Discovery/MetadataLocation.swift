import ByteText

/// Where a provider's metadata lies, and which issuers it may name there (OIDC Discovery §4.1, §4.3).
public struct MetadataLocation: Sendable, Hashable {
    /// The address of the document.
    public let url: EndpointURL
    /// The issuers whose metadata lies at that address: one where the issuer was given; where only the address was, the
    /// address less its well-known suffix, with and without a slash at the end, since both lead here.
    public let issuers: [Issuer]

    static let suffix = "/.well-known/openid-configuration"

    /// The location of an issuer's metadata: a slash at the issuer's end is taken off before the suffix is added
    /// (OIDC Discovery §4.1). `nil` where the address would be none.
    public init?(of issuer: Issuer, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        let base = issuer.string.utf8.rest(before: "/").map(String.init) ?? issuer.string
        guard let url = EndpointURL(base + Self.suffix, plainHTTP: plainHTTP) else { return nil }
        self.url = url
        issuers = [issuer]
    }

    /// A location apart from the issuer whose metadata lies there, as where the application reaches the provider by an
    /// address that browsers do not know. `nil` where the text is no address.
    public init?(
        metadataURL text: String, of issuer: Issuer, plainHTTP: EndpointURL.PlainHTTP = .onLoopback
    ) {
        guard let url = EndpointURL(text, plainHTTP: plainHTTP) else { return nil }
        self.url = url
        issuers = [issuer]
    }

    /// The location that an operator configured. `nil` where the text is no address that ends in
    /// `/.well-known/openid-configuration`.
    public init?(metadataURL text: String, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        guard let base = text.utf8.rest(before: Self.suffix).map(String.init),
            let url = EndpointURL(text, plainHTTP: plainHTTP)
        else { return nil }
        self.url = url
        issuers = [base, base + "/"].compactMap { Issuer($0, plainHTTP: plainHTTP) }
        if issuers.isEmpty { return nil }
    }
}
