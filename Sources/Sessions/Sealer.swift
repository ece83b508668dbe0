import Cryptography

/// Seals and opens for one purpose, the keys derived once (HKDF, RFC 5869, the purpose as `info`).
///
/// A sealed text is a version byte, a random nonce of 12 bytes, the ciphertext of AES-256-GCM and its tag of 16. Version
/// and purpose are authenticated with it, and so is what it is bound to.
package struct Sealer: Sendable {
    private static let version: UInt8 = 1

    private let keys: [[UInt8]]
    private let purpose: [UInt8]

    /// Throws `.library` where OpenSSL fails.
    package init(_ secrets: SecretKeys, purpose: String) throws(SecretKeysError) {
        self.purpose = Array(purpose.utf8)
        var keys: [[UInt8]] = []
        for secret in secrets.secrets {
            do {
                keys.append(
                    try hkdfSHA256(
                        secret, salt: Array("swift-openid-connect".utf8), info: self.purpose,
                        count: AES256GCM.keyByteCount))
            } catch {
                throw .library(error)
            }
        }
        self.keys = keys
    }

    /// Seals under the first key. What is bound to something opens only together with it.
    package func seal(
        _ plaintext: [UInt8], boundTo context: [UInt8] = [], using generator: inout some RandomNumberGenerator
    ) throws(SecretKeysError) -> [UInt8] {
        let nonce = randomBytes(AES256GCM.nonceByteCount, using: &generator)
        do {
            let sealed = try AES256GCM.seal(
                plaintext, key: keys[0], nonce: nonce, authenticating: associated(context))
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
        for key in keys {
            let plaintext = try? AES256GCM.open(
                ciphertext, key: key, nonce: nonce, authenticating: associated(context))
            if let plaintext { return plaintext }
        }
        return nil
    }

    private func associated(_ context: [UInt8]) -> [UInt8] { [Self.version] + purpose + [0] + context }
}

extension SecretKeysError {
    fileprivate static func library(_ error: CryptographyError) -> SecretKeysError {
        SecretKeysError(.library, context: error.detail, remedy: "look at the installation of OpenSSL")
    }
}
