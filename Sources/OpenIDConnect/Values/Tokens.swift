/// An access token (RFC 6749 §1.4). Prints as `<redacted>`.
public struct AccessToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The token itself, for an `Authorization: Bearer` header (RFC 6750 §2.1).
    public let secretString: String

    /// `nil` where the text is empty, longer than 64 KiB, or not a `b64token` (RFC 6750 §2.1), so that it could not stand
    /// in a header.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 64 << 10, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        secretString = text
    }

    /// Never the token.
    public var description: String { "<redacted>" }
    /// Never the token.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A refresh token (RFC 6749 §1.5). Prints as `<redacted>`.
public struct RefreshToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The token itself, for the token endpoint only.
    public let secretString: String

    /// `nil` where the text is empty, longer than 64 KiB, or not made of visible ASCII (RFC 6749 Appendix A.17).
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 64 << 10, isVisibleASCII(text) else { return nil }
        secretString = text
    }

    /// Never the token.
    public var description: String { "<redacted>" }
    /// Never the token.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An authorization code (RFC 6749 §4.1.2). Prints as `<redacted>`.
public struct AuthorizationCode: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The code itself, for the token endpoint only.
    package let string: String

    /// `nil` where the text is empty, longer than 4 KiB, or not made of visible ASCII (RFC 6749 Appendix A.11).
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 4096, isVisibleASCII(text) else { return nil }
        string = text
    }

    /// Never the code.
    public var description: String { "<redacted>" }
    /// Never the code.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A Subject Identifier (OIDC Core §2, `sub`): names a user at one issuer, and only there.
public struct Subject: Sendable, Hashable, CustomStringConvertible {
    /// The identifier, case-sensitive.
    public let string: String

    /// `nil` where the text is empty, longer than 255 characters, or not visible ASCII.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 255, isVisibleASCII(text) else { return nil }
        string = text
    }

    /// The identifier as it is.
    public var description: String { string }
}
