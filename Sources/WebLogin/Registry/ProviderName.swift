/// The name under which an application registers a provider, such as `oidc_entry`: 1 to 64 letters, digits, `-` or `_`,
/// so that it can stand in a path and in a setting's name as it is.
public struct ProviderName: Sendable, Hashable, CustomStringConvertible {
    /// The name as it was given.
    public let string: String

    /// `nil` where the text breaks the rule above.
    public init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard allowed, (1...64).contains(text.utf8.count) else { return nil }
        string = text
    }

    /// The name as it was given.
    public var description: String { string }
}
