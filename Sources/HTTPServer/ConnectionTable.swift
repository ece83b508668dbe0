/// The connections that are open, whose they are, and which of them gives way when there is no room for another.
struct ConnectionTable {
    /// The other end of a connection.
    struct Peer {
        /// Its address without a port.
        let address: String
        let client: Client
    }

    enum Admission { case admitted, full, tooManyOfClient }

    private(set) var open: [ObjectIdentifier: Connection] = [:]
    /// What was accepted and not yet taken over by a daemon, by descriptor. If the library closes one of these without a
    /// notice, for want of memory, the descriptor is soon another connection's, and so is the entry.
    private var accepted: [CInt: Peer] = [:]
    private var counts = ClientCounts()
    /// Those that give way and are not closed yet.
    private(set) var leaving: Set<ObjectIdentifier> = []

    /// Counts a connection that was accepted, if there is room for it. Proxies are limited by the room alone.
    mutating func admit(_ descriptor: CInt, of peer: Peer, within limits: HTTPServerConfiguration) -> Admission {
        if peer.client != .proxy, counts[peer.client] >= limits.connectionsPerAddress { return .tooManyOfClient }
        if open.count + accepted.count >= limits.connections { return .full }
        if let lost = accepted.updateValue(peer, forKey: descriptor) { counts.remove(lost.client) }
        counts.add(peer.client)
        return .admitted
    }

    /// The peer of a connection that a daemon takes over; ``add(_:)`` must count it before anybody else looks.
    mutating func takeOver(_ descriptor: CInt) -> Peer? {
        let peer = accepted.removeValue(forKey: descriptor)
        if let peer { counts.remove(peer.client) }
        return peer
    }

    mutating func add(_ connection: Connection) {
        open[ObjectIdentifier(connection)] = connection
        counts.add(connection.client)
    }

    mutating func remove(_ connection: Connection) {
        leaving.remove(ObjectIdentifier(connection))
        if open.removeValue(forKey: ObjectIdentifier(connection)) != nil { counts.remove(connection.client) }
    }

    /// Chooses a connection that does nothing, or too little, and cuts it off: of the client that has most connections the
    /// one that has waited longest, so that who opens many gives way to who opens one. A proxy's connection never gives
    /// way, since the proxy may be about to send somebody's request on it.
    mutating func giveWay(at now: ContinuousClock.Instant) {
        var inUse: Set<ObjectIdentifier> = []
        // Each look goes through all: where a few have come into use meanwhile, the next turn is soon enough.
        while inUse.count < 8, let connection = candidate(at: now, except: inUse) {
            if connection.giveWay(at: now) {
                leaving.insert(ObjectIdentifier(connection))
                return
            }
            inUse.insert(ObjectIdentifier(connection))
        }
    }

    private func candidate(at now: ContinuousClock.Instant, except inUse: Set<ObjectIdentifier>) -> Connection? {
        var chosen: (connection: Connection, count: Int, yield: Connection.Yield)?
        for (identifier, connection) in open
        where connection.client != .proxy && !leaving.contains(identifier) && !inUse.contains(identifier) {
            guard let yield = connection.yield(at: now) else { continue }
            let count = counts[connection.client]
            if let chosen, count < chosen.count || count == chosen.count && chosen.yield <= yield { continue }
            chosen = (connection, count, yield)
        }
        return chosen?.connection
    }
}
