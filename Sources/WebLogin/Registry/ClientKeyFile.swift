import FoundationEssentials
public import JOSE
public import OpenIDConnect
import Synchronization

/// The file with the key of `private_key_jwt`: PEM or a JSON Web Key. It is read again when it has changed, so that a key
/// can be exchanged while the application runs.
public final class ClientKeyFile: Sendable {
    /// The most bytes that a file with one key has.
    static let maximumByteCount = 64 << 10

    private let path: String
    private let algorithm: JWSAlgorithm?
    private let keyID: String?
    private let last = Mutex<(contents: Data, key: SigningKey)?>(nil)

    /// A key file. A JSON Web Key has its own `alg` and `kid`; `algorithm` and `keyID` serve where it has none, and for
    /// PEM.
    ///
    /// Throws ``ClientKeyFileError`` where it cannot be used now.
    public init(path: String, algorithm: JWSAlgorithm? = nil, keyID: String? = nil) throws(ClientKeyFileError) {
        self.path = path
        self.algorithm = algorithm
        self.keyID = keyID
        _ = try current()
    }

    /// The key for a registration.
    public var clientKey: ClientKey { ClientKey { try self.current() } }

    /// The key as the file has it now; while it cannot be read, or is half written, the last one that could.
    ///
    /// Throws ``ClientKeyFileError`` where there has been none.
    func current() throws(ClientKeyFileError) -> SigningKey {
        do {
            return try read()
        } catch {
            if let last = last.withLock({ $0 }) { return last.key }
            throw error
        }
    }

    private func read() throws(ClientKeyFileError) -> SigningKey {
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw ClientKeyFileError(path: path, reason: "it cannot be read")
        }
        // Reading costs little; what costs is checking that the numbers make a key.
        if let last = last.withLock({ $0 }), last.contents == contents { return last.key }
        guard contents.count <= Self.maximumByteCount else {
            throw ClientKeyFileError(path: path, reason: "it has more than \(Self.maximumByteCount) bytes")
        }
        let key: SigningKey
        do throws(JOSEError) {
            key = try parse(Array(contents))
        } catch {
            throw ClientKeyFileError(path: path, reason: "\(error)")
        }
        last.withLock { $0 = (contents, key) }
        return key
    }

    private func parse(_ bytes: [UInt8]) throws(JOSEError) -> SigningKey {
        guard var key = try? JSONObject(parsing: bytes) else {
            return try SigningKey(pem: bytes, algorithm: algorithm, keyID: keyID)
        }
        if key["kid"] == nil, let keyID { key["kid"] = .string(keyID) }
        let signing = try SigningKey(jwk: key, algorithm: algorithm)
        guard !signing.algorithm.isSymmetric else { throw JOSEError(.key, "it is a secret, not a private key") }
        return signing
    }
}

/// Why a file serves as no client key. Holds nothing of what is in it.
public struct ClientKeyFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// What is wrong, and what would be right.
    public var description: String {
        "\(path): \(reason); it has to hold one private key without a passphrase, as PEM or as a JSON Web Key"
    }
}
