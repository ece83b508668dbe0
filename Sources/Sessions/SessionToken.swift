/// What the session cookie carries: for a store on the server the ``SessionID``, for the cookie store the sealed session
/// itself. Prints `<redacted>`.
public struct SessionToken: Sendable, Hashable {
    /// The most characters that a token may have: browsers keep about 4,096 bytes in a cookie, and a longer token is cut
    /// into several; all of them have to fit into the request's header.
    public static let maximumLength = 12 << 10

    /// The token as it stands in the cookie: base64url characters only.
    public let string: String

    /// `nil` where the text is empty, longer than ``maximumLength``, or holds a character that is not base64url's.
    public init?(_ string: String) {
        guard !string.isEmpty, string.utf8.count <= Self.maximumLength, isBase64URL(string) else {
            return nil
        }
        self.string = string
    }

    package init(_ id: SessionID) { string = id.string }

    /// The identifier that it carries, if it is one.
    package var id: SessionID? { SessionID(string) }
}

extension SessionToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
