import JOSE
import OpenIDConnect

/// ``ProviderMetadata``: what is taken is the issuer's own, leads nowhere that an issuer may not lead, and serves a login.
struct MetadataTarget: FuzzTarget {
    private let issuers: [Issuer]
    private let registration: ClientRegistration

    init() throws {
        issuers = [try known(Issuer(Known.issuer)), try known(Issuer("http://127.0.0.1:9000"))]
        registration = try Known.registration(nil)
    }

    func run(_ input: [UInt8]) throws {
        checkAddress(input.text)
        guard let metadata = try? ProviderMetadata(parsing: input, issuedBy: issuers) else { return }
        try demand(
            metadata.document["issuer"]?.string?.isIdentical(to: metadata.issuer.string) ?? false, "its own issuer")
        let addresses = [
            metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.jwksURI, metadata.userInfoEndpoint,
            metadata.endSessionEndpoint,
        ].compactMap { $0 }
        for url in addresses {
            let fits = url.scheme == .https || (url.isLoopback && metadata.issuer.url.scheme == .http)
            try demand(fits, "\(url) is https, or loopback with an issuer on loopback")
            try demand(url.string.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }, "a clean URL")
            try demand(EndpointURL(url.string) == url, "an address reads back")
        }
        try demand(
            try ProviderMetadata(parsing: metadata.document.serialized(), issuedBy: issuers) == metadata,
            "metadata read back")
        guard
            let client = try? OpenIDClient(
                registration: registration, metadata: metadata, transport: Script(answers: [:]), now: { Known.now })
        else { return }
        let (url, pending) = client.beginLogin()
        try demand(url.hasPrefix(metadata.authorizationEndpoint.string), "a login begins at the endpoint")
        let address = try known(EndpointURL(url, plainHTTP: .everywhere), "the address of a login")
        try demand(address.origin == metadata.authorizationEndpoint.origin, "a login begins at the provider")
        try demand(PendingLogin(json: pending.json) == pending, "a pending login reads back")
    }

    /// Addresses are read from the whole input as well, or few inputs would come as far.
    private func checkAddress(_ text: String) {
        for plainHTTP in [EndpointURL.PlainHTTP.nowhere, .onLoopback, .everywhere] {
            _ = EndpointURL(text, plainHTTP: plainHTTP)
            _ = Issuer(text, plainHTTP: plainHTTP).flatMap { MetadataLocation(of: $0, plainHTTP: plainHTTP) }
            _ = MetadataLocation(metadataURL: text, plainHTTP: plainHTTP)
        }
    }
}
