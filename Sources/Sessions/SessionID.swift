import Cryptography

/// The secret by which a browser shows that a session is its own: 256 random bits (OWASP asks for 128), base64url, 43
/// characters. Prints `<redacted>`.
public struct SessionID: Sendable, Hashable {
    /// The identifier as it stands in the cookie.
    public let string: String

    /// `nil` where the text is not the base64url text of 32 bytes.
    public init?(_ string: String) {
        guard string.utf8.count == 43, let bytes = base64URLDecoded(string), bytes.count == 32 else { return nil }
        self.string = string
    }

    private init(bytes: [UInt8]) { string = base64URLEncode(bytes) }

    /// A new identifier.
    public static func generate(using generator: inout some RandomNumberGenerator) -> SessionID {
        SessionID(bytes: randomBytes(32, using: &generator))
    }

    /// A new identifier from the system's generator.
    public static func generate() -> SessionID {
        var generator = SystemRandomNumberGenerator()
        return generate(using: &generator)
    }

    /// What a store keeps in its place: whoever reads the store gets no session by it.
    package var digest: [UInt8] { Cryptography.digest(Array(string.utf8), using: .sha256) }
}

extension SessionID: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
