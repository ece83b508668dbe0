public import FoundationEssentials

/// How long sessions live.
public struct SessionLifetime: Sendable, Hashable {
    /// Seconds without use after which a session ends.
    public let idle: TimeInterval
    /// Seconds after which a session ends, however much it is used.
    public let absolute: TimeInterval

    /// Eight hours without use, a day in all, unless told otherwise; less than a second is taken as one.
    public init(idle: TimeInterval = 8 * 3600, absolute: TimeInterval = 24 * 3600) {
        self.idle = max(1, idle)
        self.absolute = max(1, absolute)
    }

    /// Whether the session is over: by its own end, by its age, or for want of use.
    public func isOver(_ session: Session, at now: Date) -> Bool {
        now >= session.expiresAt || now >= session.createdAt.addingTimeInterval(absolute)
            || now >= session.lastUsedAt.addingTimeInterval(idle)
    }

    /// Seconds between two notes of a use: a minute, or less where that would be a large part of ``idle``.
    package var useInterval: TimeInterval { min(60, idle / 10) }

    /// Whether a use has to be noted again.
    package func isUseDue(_ session: Session, at now: Date) -> Bool {
        now >= session.lastUsedAt.addingTimeInterval(useInterval)
    }
}
