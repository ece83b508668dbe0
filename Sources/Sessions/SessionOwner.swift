import Cryptography

/// Whose sessions are meant where several end together.
public enum SessionOwner: Sendable, Hashable {
    /// The user of this subject at this issuer: all their sessions here.
    case user(issuer: String, subject: String)
    /// The session `sid` at this issuer: what was begun in it here (Back-Channel Logout §2.1).
    case providerSession(issuer: String, sessionID: String)

    /// What a store keeps in its place.
    package var digest: [UInt8] { key.digest }

    /// The key of what is remembered of the owner.
    package var key: SharedKey {
        switch self {
        case .user(let issuer, let subject): SharedKey(.user, issuer, subject)
        case .providerSession(let issuer, let sessionID): SharedKey(.providerSession, issuer, sessionID)
        }
    }
}

extension Session {
    /// The user, where issuer and subject are known.
    package var user: SessionOwner? {
        guard let issuer, let subject else { return nil }
        return .user(issuer: issuer, subject: subject)
    }

    /// The session at the provider, where issuer and `sid` are known.
    package var providerSession: SessionOwner? {
        guard let issuer, let providerSessionID else { return nil }
        return .providerSession(issuer: issuer, sessionID: providerSessionID)
    }

    /// Whose it is.
    package var owners: [SessionOwner] { [user, providerSession].compactMap { $0 } }
}

/// A session as a list of sessions names it. No secret: whoever knows it cannot use the session.
public struct SessionHandle: Sendable, Hashable, CustomStringConvertible {
    /// Base64url characters only.
    public let string: String

    /// `nil` where the text is empty, longer than 64 characters, or holds a character that is not base64url's.
    public init?(_ string: String) {
        guard (1...64).contains(string.utf8.count), isBase64URL(string) else { return nil }
        self.string = string
    }

    /// The handle of bytes such as a ``SessionID``'s digest.
    package init(_ bytes: [UInt8]) { string = base64URLEncode(bytes) }

    /// The bytes that it was made of.
    package var bytes: [UInt8]? { base64URLDecoded(string) }

    /// The handle as it stands in a page.
    public var description: String { string }
}
