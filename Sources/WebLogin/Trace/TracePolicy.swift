/// Whose logins are kept, step by step, to be looked at (``WebLogin/lastLogin(of:)``).
public enum TracePolicy: Sendable {
    /// Nobody's.
    case off
    /// Everybody's, failed ones too: each is shown to the browser that made it and to no other.
    case everyone
    /// Those of users that are allowed to; a login that fails is nobody's, and is not kept.
    case users(@Sendable (LoginSession) -> Bool)
}
