public import FoundationEssentials

/// The sessions of an owner: the newest of them, and how many there are.
public struct SessionList: Sendable, Hashable {
    /// The most sessions that are listed.
    public static let maximumCount = 100

    /// At most ``maximumCount``, the newest first.
    public let sessions: [ListedSession]
    /// How many there are, those that are not listed included. Beyond ``maximumCount`` a store may count some that have
    /// ended for want of use.
    public let count: Int

    /// A list as it stands; `count` is not less than there are sessions in it.
    public init(_ sessions: [ListedSession], count: Int) {
        self.sessions = sessions
        self.count = max(count, sessions.count)
    }
}

/// A session with its name in lists.
public struct ListedSession: Sendable, Hashable {
    /// How the session is named to the store.
    public let handle: SessionHandle
    /// When the user logged in.
    public let createdAt: Date
    /// When the session was last used, give or take a minute.
    public let lastUsedAt: Date
    /// When the session ends, however much it is used.
    public let expiresAt: Date
    /// The session's ``Session/summary``; where that is empty, as in sessions that an earlier version kept, its payload.
    public let summary: [UInt8]

    /// The session as a list shows it.
    public init(handle: SessionHandle, session: Session) {
        self.handle = handle
        createdAt = session.createdAt
        lastUsedAt = session.lastUsedAt
        expiresAt = session.expiresAt
        summary = session.summary.isEmpty ? session.payload : session.summary
    }
}
