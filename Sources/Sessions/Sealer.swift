import Cryptography

/// Seals and opens for one purpose, with the secrets as they are at the time.
///
/// A sealed text is a version byte, a random nonce of 12 bytes, the ciphertext of AES-256-GCM and its tag of 16. Version
/// and purpose are authenticated with it, and so is what it is bound to.
package struct Sealer: Sendable {
    private static let version: UInt8 = 1

    private let secrets: SecretKeys
    private let purpose: String

    /// A sealer for one of a handful of purposes.
    package init(_ secrets: SecretKeys, purpose: String) {
        self.secrets = secrets
        self.purpose = purpose
    }

    /// Seals under the first key. What is bound to something opens only together with it.
    package func seal(
        _ plaintext: [UInt8], boundTo context: [UInt8] = [], using generator: inout some RandomNumberGenerator
    ) throws(SecretKeysError) -> [UInt8] {
        let nonce = randomBytes(AES256GCM.nonceByteCount, using: &generator)
        guard let key = try secrets.keys(for: purpose).first else { throw .noSecret }
        do {
            let sealed = try AES256GCM.seal(
                plaintext, key: key, nonce: nonce, authenticating: associated(context))
            return [Self.version] + nonce + sealed
        } catch {
            throw .library(error)
        }
    }

    /// What was sealed under any of the keys and bound to the same; `nil` for everything else.
    package func open(_ sealed: [UInt8], boundTo context: [UInt8] = []) -> [UInt8]? {
        let head = 1 + AES256GCM.nonceByteCount
        guard sealed.first == Self.version, sealed.count >= head + AES256GCM.tagByteCount else { return nil }
        let nonce = Array(sealed[1..<head])
        let ciphertext = Array(sealed[head...])
        for key in (try? secrets.keys(for: purpose)) ?? [] {
            let plaintext = try? AES256GCM.open(
                ciphertext, key: key, nonce: nonce, authenticating: associated(context))
            if let plaintext { return plaintext }
        }
        return nil
    }

    private func associated(_ context: [UInt8]) -> [UInt8] { [Self.version] + Array(purpose.utf8) + [0] + context }
}

extension SecretKeysError {
    static let noSecret = SecretKeysError(.none, context: "no secret", remedy: "give one of at least 32 random bytes")

    static func library(_ error: CryptographyError) -> SecretKeysError {
        SecretKeysError(.library, context: error.detail, remedy: "look at the installation of OpenSSL")
    }
}
