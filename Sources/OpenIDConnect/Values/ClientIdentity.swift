/// The `client_id` that the provider gave at registration (RFC 6749 §2.2).
public struct ClientID: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as it was given.
    public let string: String

    /// `nil` where the text is empty, longer than 1,024 bytes, or not made of visible ASCII (RFC 6749 Appendix A.1).
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 1024, isVisibleASCII(text) else { return nil }
        string = text
    }

    /// The identifier as it was given.
    public var description: String { string }
}

/// The `client_secret` (RFC 6749 §2.3.1). Prints as `<redacted>`.
public struct ClientSecret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// The secret itself; for requests only.
    package let string: String

    /// `nil` where the text is empty, longer than 4,096 bytes, or not made of visible ASCII (RFC 6749 Appendix A.2).
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 4096, isVisibleASCII(text) else { return nil }
        string = text
    }

    /// Never the secret.
    public var description: String { "<redacted>" }
    /// Never the secret.
    public var debugDescription: String { "<redacted>" }
    /// Never the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The `redirect_uri` at which answers arrive (RFC 6749 §3.1.2): absolute, without fragment, sent exactly as registered.
public struct RedirectURI: Sendable, Hashable, CustomStringConvertible {
    /// The address.
    public let url: EndpointURL

    /// `nil` where the text is no `https` URL, or `http` URL that `plainHTTP` allows.
    public init?(_ text: String, plainHTTP: EndpointURL.PlainHTTP = .onLoopback) {
        guard let url = EndpointURL(text, plainHTTP: plainHTTP) else { return nil }
        self.url = url
    }

    /// The address as it was given.
    public var description: String { url.string }
}
