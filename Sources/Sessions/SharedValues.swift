import Cryptography
public import FoundationEssentials

/// Small values that all machines of an application see, each for a limited time: which answers have been used, which
/// logout tokens have come, which sessions have ended, who is refreshing a token.
///
/// They live with the sessions: see ``SessionStore/shared``. A value is not forgotten before its end to make room for
/// another: a store without room throws.
public protocol SharedValues: Sendable {
    /// Keeps a value until `end`, in place of an earlier one.
    func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws

    /// Keeps a value until `end` where there is none; false where there is one. Of several at a time one gets true.
    func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool

    /// The values of some keys, in their order; `nil` for one that has none, or whose end has come.
    func values(for keys: [SharedKey]) async throws -> [[UInt8]?]

    /// Forgets a value, if it is this one: what somebody else has set since stays.
    func remove(_ value: [UInt8], for key: SharedKey) async throws

    /// Forgets the values whose end has come. To be called now and then, once in a few minutes.
    func removeEnded() async throws
}

/// What a shared value is about: kept as SHA-256.
public struct SharedKey: Sendable, Hashable {
    /// The kinds of shared values.
    package enum Kind: String, Sendable {
        /// A session, a user, or a session at the provider, whose sessions here have ended.
        case session, user, providerSession
        /// The `state` of an answer that has been used.
        case state
        /// The `jti` of a logout token that has come.
        case logoutToken
        /// A session at the provider in which a session here was begun.
        case begun
        /// A session at the provider that has ended, for logins that are about to finish.
        case endedByProvider
        /// Who is refreshing a session's tokens.
        case refreshing
        /// What a session that lives in a cookie has become.
        case refreshed
        /// How a browser's last login went.
        case trace

        /// What a store with bounded room keeps apart: so many values of one never leave none for another.
        var room: SharedValueRoom {
            switch self {
            case .session, .user, .providerSession, .endedByProvider, .logoutToken: .ends
            case .begun, .refreshing, .refreshed: .sessions
            case .state: .responses
            case .trace: .traces
            }
        }
    }

    /// 32 bytes.
    public let digest: [UInt8]
    /// Part of the digest.
    let kind: Kind

    /// The key of texts, whatever characters they have.
    package init(_ kind: Kind, _ texts: String...) {
        var bytes = Array(kind.rawValue.utf8)
        for text in texts {
            bytes.append(0)
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
        }
        digest = Cryptography.digest(bytes, using: .sha256)
        self.kind = kind
    }
}
