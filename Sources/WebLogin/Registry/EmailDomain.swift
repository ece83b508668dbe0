import ByteText

/// The domain of an e-mail address, in lower case: which provider has its users is asked by it. It says nothing of who
/// somebody is.
public struct EmailDomain: Sendable, Hashable, CustomStringConvertible {
    /// The domain.
    public let string: String

    /// `nil` where the text is no domain: 1 to 253 ASCII letters, digits, hyphens and dots, no label empty.
    public init?(_ text: String) {
        let domain = text.asciiLowercased
        let allowed = domain.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        let labels = domain.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard allowed, labels.allSatisfy({ !$0.isEmpty }), domain.utf8.count <= 253 else { return nil }
        string = domain
    }

    /// The domain of an address; `nil` where the text is none.
    public init?(ofAddress address: String) {
        guard let (name, domain) = address.utf8.cut(atLast: "@"), !name.isEmpty else { return nil }
        self.init(String(domain))
    }

    /// The domain.
    public var description: String { string }
}
