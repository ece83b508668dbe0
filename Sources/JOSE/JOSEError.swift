/// Why a key, a token or an encoded text was refused. It never carries a key, a token or a claim's value.
public struct JOSEError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Code: String, Sendable, Hashable {
        /// A text is not base64url without padding (RFC 7515 §2).
        case base64url
        /// A text is not JSON, or not the kind of JSON that is needed there.
        case json
        /// A token has not the three parts of the compact serialization (RFC 7515 §7.1).
        case form
        /// A header member has a wrong type or is missing (RFC 7515 §4.1).
        case header
        /// The token claims to need no signature (RFC 8725 §3.2).
        case algorithmNone
        /// The token's algorithm is none that this library has.
        case algorithmUnknown
        /// The token's algorithm is not the one agreed on (RFC 8725 §3.1).
        case algorithmNotAllowed
        /// The header demands an extension: there is none that this library understands (RFC 7515 §4.1.11).
        case critical
        /// No key has the identifier that the token names.
        case keyNotFound
        /// There are keys, but none that may verify this algorithm.
        case noFittingKey
        /// No key that was tried made this signature.
        case signature
        /// More keys fit the token than are tried for one, and none of those made the signature.
        case tooManyKeys
        /// A key is malformed, weak, or not what it says (RFC 7517, RFC 7518 §6).
        case key
        /// A key set is not one (RFC 7517 §5).
        case keySet
        /// OpenSSL failed for no reason of the input's.
        case unavailable
    }

    /// The kind; two errors are equal when it is the same.
    public let code: Code
    /// What was found, in words.
    public let detail: String

    /// Makes an error; the detail must not hold a secret or a token.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// What to do about it.
    public var remedy: String {
        switch code {
        case .base64url, .json, .form, .header:
            "The sender has to send a signed token in the compact serialization; look at what it sends."
        case .algorithmNone, .algorithmUnknown, .algorithmNotAllowed:
            "Set the same signature algorithm at the sender and here."
        case .critical: "Switch the header extension off at the sender."
        case .keyNotFound, .noFittingKey:
            "Fetch the sender's key set again; if that does not help, its published keys and its tokens do not agree."
        case .signature: "Do not use the token. Check that it comes from the sender whose keys were used."
        case .tooManyKeys: "The sender has to name its key in each token, by a kid that no other of its keys has."
        case .key, .keySet: "The owner of the key has to publish a valid one: RSA of 2048 bits or more, EC or Ed25519."
        case .unavailable: "Check the OpenSSL installation of this machine."
        }
    }

    /// The detail and the code.
    public var description: String { "\(detail) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: JOSEError, right: JOSEError) -> Bool { left.code == right.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
