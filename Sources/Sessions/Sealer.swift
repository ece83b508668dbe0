import Cryptography

/// Seals and opens for one purpose, with the secrets as they are at the time.
///
/// A sealed text is a version byte, a random salt of 24 bytes, the ciphertext of AES-256-GCM and its tag of 16. Key and
/// nonce serve for this text alone: HKDF (RFC 5869) derives both from the purpose's key and the salt, so that however many
/// texts are sealed, no nonce is used twice with a key (NIST SP 800-38D §8). Version and purpose are authenticated with
/// it, and so is what it is bound to.
///
/// Version 1 had a random nonce of 12 bytes, and one key for all texts of a purpose. It is opened, and no longer written.
package struct Sealer: Sendable {
    /// The bytes that a sealed text has beyond the plaintext.
    package static let overhead = 1 + saltByteCount + AES256GCM.tagByteCount

    private static let saltByteCount = 24
    private static let info = Array("AES-256-GCM key and nonce".utf8)

    private enum Version: UInt8 {
        case oneKey = 1
        case keyPerText = 2

        /// The bytes between the version and the ciphertext.
        var headByteCount: Int {
            switch self {
            case .oneKey: AES256GCM.nonceByteCount
            case .keyPerText: Sealer.saltByteCount
            }
        }
    }

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
        let version = Version.keyPerText
        let salt = randomBytes(version.headByteCount, using: &generator)
        guard let purposeKey = try secrets.keys(for: purpose).first else { throw .noSecret }
        do {
            let (key, nonce) = try Self.keyAndNonce(version, purposeKey, head: salt)
            let sealed = try AES256GCM.seal(
                plaintext, key: key, nonce: nonce, authenticating: associated(version, context))
            return [version.rawValue] + salt + sealed
        } catch {
            throw .library(error)
        }
    }

    /// What was sealed under any of the keys and bound to the same; `nil` for everything else.
    package func open(_ sealed: [UInt8], boundTo context: [UInt8] = []) -> [UInt8]? {
        guard let version = sealed.first.flatMap(Version.init(rawValue:)),
            sealed.count >= 1 + version.headByteCount + AES256GCM.tagByteCount
        else { return nil }
        let head = Array(sealed[1...version.headByteCount])
        let ciphertext = Array(sealed[(1 + version.headByteCount)...])
        for purposeKey in (try? secrets.keys(for: purpose)) ?? [] {
            guard let (key, nonce) = try? Self.keyAndNonce(version, purposeKey, head: head) else { continue }
            let plaintext = try? AES256GCM.open(
                ciphertext, key: key, nonce: nonce, authenticating: associated(version, context))
            if let plaintext { return plaintext }
        }
        return nil
    }

    private static func keyAndNonce(
        _ version: Version, _ purposeKey: [UInt8], head: [UInt8]
    ) throws(CryptographyError) -> (key: [UInt8], nonce: [UInt8]) {
        switch version {
        case .oneKey: return (purposeKey, head)
        case .keyPerText:
            let bytes = try hkdfSHA256(
                purposeKey, salt: head, info: info, count: AES256GCM.keyByteCount + AES256GCM.nonceByteCount)
            return (Array(bytes.prefix(AES256GCM.keyByteCount)), Array(bytes.suffix(AES256GCM.nonceByteCount)))
        }
    }

    private func associated(_ version: Version, _ context: [UInt8]) -> [UInt8] {
        [version.rawValue] + Array(purpose.utf8) + [0] + context
    }
}

extension SecretKeysError {
    static let noSecret = SecretKeysError(.none, context: "no secret", remedy: "give one of at least 32 random bytes")

    static func library(_ error: CryptographyError) -> SecretKeysError {
        SecretKeysError(.library, context: error.detail, remedy: "look at the installation of OpenSSL")
    }
}
