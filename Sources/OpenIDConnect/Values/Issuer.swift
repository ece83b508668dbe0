import ByteText
import JOSE

/// An Issuer Identifier (OIDC Core §1.2): a URL without query or fragment, compared byte for byte and never normalised.
public struct Issuer: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as it was given.
    public let string: String
    /// The same as an address.
    public let url: EndpointURL

    /// `nil` where the text is no `https` URL (`http` as `plainHTTP` allows), or has a query or a fragment.
    public init?(_ text: String, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        guard let url = EndpointURL(text, plainHTTP: plainHTTP), url.query == nil else { return nil }
        self.string = text
        self.url = url
    }

    /// The identifier as it was given.
    public var description: String { string }

    /// Two issuers are one when every byte is the same.
    public static func == (left: Issuer, right: Issuer) -> Bool { left.string.isExactly(right.string) }

    /// By the identifier's bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(string) }
}
