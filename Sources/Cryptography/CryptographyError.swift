/// Why a cryptographic operation was refused or failed. It never carries a key, a secret or a text.
package struct CryptographyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable, Hashable {
        /// The key is well formed and too weak, or so large that using it would be an attack.
        case weakKey
        /// The parts given do not make a key.
        case invalidKey
        /// The key cannot be used with the signature scheme.
        case unsuitableKey
        /// A key, nonce or length is outside what the algorithm takes.
        case invalidLength
        /// The sealed bytes were changed, or were sealed with another key, nonce or associated data.
        case authentication
        /// OpenSSL refuses the operation: out of memory, or an installation without the algorithm.
        case library
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(detail) (\(code.rawValue))" }

    package static func == (left: CryptographyError, right: CryptographyError) -> Bool { left.code == right.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
