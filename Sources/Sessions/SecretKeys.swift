import Cryptography
import Synchronization

/// The secrets that an installation seals with: the first seals, all open, so that a new one can be put in front without
/// logging anybody out. Everything that was given one of these follows when ``replace(with:)`` gives it new secrets.
/// Prints `<redacted>`.
public final class SecretKeys: Sendable {
    /// The fewest bytes of a secret: as many as a key of AES-256 has.
    public static let minimumByteCount = 32

    private struct State {
        var secrets: [[UInt8]]
        /// How often they were replaced.
        var generation = 0
        /// The keys of each purpose, one a secret.
        var derived: [String: [[UInt8]]] = [:]
    }

    private let state: Mutex<State>

    /// Throws ``SecretKeysError``: `.none` without any secret, `.tooShort` for one of fewer than 32 bytes.
    public init(_ secrets: [String]) throws(SecretKeysError) {
        state = Mutex(State(secrets: try Self.checked(secrets)))
    }

    init(generated secret: [UInt8]) { state = Mutex(State(secrets: [secret])) }

    /// Takes new secrets while the application runs. What was sealed under one that is no longer among them does not open
    /// any more.
    ///
    /// Throws as ``init(_:)``; the secrets then stay as they are.
    public func replace(with secrets: [String]) throws(SecretKeysError) {
        let checked = try Self.checked(secrets)
        state.withLock { $0 = State(secrets: checked, generation: $0.generation + 1) }
    }

    /// The same with the secrets that another has now.
    public func replace(with other: SecretKeys) {
        let secrets = other.state.withLock { $0.secrets }
        state.withLock { $0 = State(secrets: secrets, generation: $0.generation + 1) }
    }

    /// Another number after each ``replace(with:)``: what was opened under an earlier one may not open any more.
    package var generation: Int { state.withLock { $0.generation } }

    private static func checked(_ secrets: [String]) throws(SecretKeysError) -> [[UInt8]] {
        guard !secrets.isEmpty else { throw .noSecret }
        for (index, secret) in secrets.enumerated() where secret.utf8.count < Self.minimumByteCount {
            throw SecretKeysError(
                .tooShort, context: "secret \(index + 1) of \(secrets.count) has \(secret.utf8.count) bytes",
                remedy: "give one of at least 32 random bytes")
        }
        return secrets.map { Array($0.utf8) }
    }

    /// The keys for a purpose, the sealing one first (HKDF, RFC 5869, the purpose as `info`). ``Sealer`` derives from them
    /// what a text is sealed with.
    func keys(for purpose: String) throws(SecretKeysError) -> [[UInt8]] {
        let state = state.withLock { $0 }
        if let known = state.derived[purpose] { return known }
        var keys: [[UInt8]] = []
        for secret in state.secrets {
            do {
                keys.append(
                    try hkdfSHA256(
                        secret, salt: Array("swift-openid-connect".utf8), info: Array(purpose.utf8),
                        count: AES256GCM.keyByteCount))
            } catch {
                throw .library(error)
            }
        }
        self.state.withLock { current in
            // The secrets may have been replaced meanwhile.
            if current.generation == state.generation { current.derived[purpose] = keys }
        }
        return keys
    }

    /// Encrypts and authenticates for a purpose, with AES-256-GCM under a key that is derived from the first secret
    /// for this text alone; a base64url text.
    ///
    /// What is sealed for one purpose does not open for another; there should be a handful of purposes, since the keys of
    /// each are kept. Throws ``SecretKeysError``: `.library` where OpenSSL fails.
    public func seal(_ plaintext: [UInt8], purpose: String) throws(SecretKeysError) -> String {
        var generator = SystemRandomNumberGenerator()
        return base64URLEncode(try Sealer(self, purpose: purpose).seal(plaintext, using: &generator))
    }

    /// What was sealed for the purpose under any of the secrets; `nil` for everything else.
    public func open(_ sealed: String, purpose: String) -> [UInt8]? {
        guard let bytes = base64URLDecoded(sealed) else { return nil }
        return Sealer(self, purpose: purpose).open(bytes)
    }
}

extension SecretKeys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why secrets cannot be used. Carries none of them.
public struct SecretKeysError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Sendable, Hashable {
        /// There is no secret.
        case none
        /// A secret has too few bytes.
        case tooShort
        /// OpenSSL failed.
        case library
    }

    /// The kind of failure.
    public let code: Code
    /// What it concerns.
    public let context: String
    /// What to do about it.
    public let remedy: String

    init(_ code: Code, context: String, remedy: String) {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// All of it on one line, for an operator.
    public var description: String { "\(context): \(remedy) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: SecretKeysError, right: SecretKeysError) -> Bool { left.code == right.code }

    /// By code, as equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
