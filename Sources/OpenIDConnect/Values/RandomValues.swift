import Cryptography
import JOSE

/// `state`: binds the answer to the request and to the browser (RFC 6749 §10.12). 256 bits, base64url, 43 characters.
public struct State: Sendable, Hashable {
    /// The value as it is sent.
    public let string: String

    /// `nil` where the text is not 43 base64url characters.
    public init?(_ text: String) {
        guard isRandomValue(text) else { return nil }
        string = text
    }

    /// A fresh value.
    public init(using generator: inout some RandomNumberGenerator) { string = randomValue(using: &generator) }
}

/// `nonce`: binds the ID Token to the request (OIDC Core §3.1.2.1, §15.5.2). 256 bits, base64url, 43 characters.
public struct Nonce: Sendable, Hashable {
    /// The value as it is sent.
    public let string: String

    /// `nil` where the text is not 43 base64url characters.
    public init?(_ text: String) {
        guard isRandomValue(text) else { return nil }
        string = text
    }

    init(using generator: inout some RandomNumberGenerator) { string = randomValue(using: &generator) }
}

/// `code_verifier`: proves that who redeems the code is who asked for it (RFC 7636 §4.1). 256 bits, base64url, 43
/// characters. Prints as `<redacted>`.
public struct CodeVerifier: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The value itself; for the token request only.
    package let string: String

    /// `nil` where the text is not 43 base64url characters.
    public init?(_ text: String) {
        guard isRandomValue(text) else { return nil }
        string = text
    }

    init(using generator: inout some RandomNumberGenerator) { string = randomValue(using: &generator) }

    /// The `code_challenge` of method S256 (RFC 7636 §4.2).
    var challenge: String { Base64URL.encode(digest(Array(string.utf8), using: .sha256)) }

    /// Never the verifier.
    public var description: String { "<redacted>" }
    /// Never the verifier.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

private func randomValue(using generator: inout some RandomNumberGenerator) -> String {
    Base64URL.encode(randomBytes(32, using: &generator))
}

private func isRandomValue(_ text: String) -> Bool {
    guard text.utf8.count == 43, let bytes = try? Base64URL.decode(text) else { return false }
    return bytes.count == 32
}
