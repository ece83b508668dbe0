/// The kinds of shared values by who makes many of them: each has room of its own where room is bounded.
enum SharedValueRoom: Hashable, CaseIterable {
    /// What says that something has ended: to forget it would bring that back.
    case ends
    /// What belongs to sessions that live.
    case sessions
    /// Which authorization responses have been used: anybody can begin a login and send one.
    case responses
    /// How logins went.
    case traces
}
