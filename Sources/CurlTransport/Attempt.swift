import OpenIDConnect

/// One of at most two times that a request is tried. The second leaves behind what may have been the first one's trouble:
/// the connections that were kept, and the address that was known.
struct Attempt: Sendable {
    /// Whether no connection is used that was kept from an earlier request: it may be closed, or lead nowhere any more.
    let opensConnection: Bool
    /// Whether the host's name is looked up, rather than taken from those that are known.
    let looksUpName: Bool
    /// When the request is given up.
    let deadline: ContinuousClock.Instant
    /// Whether it is the last.
    let isLast: Bool

    /// The first for a request: what must not be sent twice has a connection of its own, since nothing tells with
    /// certainty that one which was kept still leads to the server.
    init(_ request: TransportRequest, _ hosts: KnownHosts, at now: ContinuousClock.Instant) {
        opensConnection = request.method == .post || !hosts.areConnectionsTrusted(to: request.url.host, at: now)
        looksUpName = !hosts.isAddressKnown(of: request.url.host, at: now)
        // A time beyond all clocks is no time limit.
        deadline = now + min(request.limits.total, .seconds(86_400))
        isLast = false
    }

    /// The second.
    init(after first: Attempt) {
        opensConnection = true
        looksUpName = true
        deadline = first.deadline
        isLast = true
    }
}
