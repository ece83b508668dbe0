/// What is remembered of hosts for a short while: that libcurl knows their addresses, and that connections to them led nowhere.
struct KnownHosts {
    typealias Instant = ContinuousClock.Instant

    /// For how long an address is taken for granted; beyond it, and where it leads to no connection, the name is looked up.
    private static let addressLifetime: Duration = .seconds(10)
    /// After that time libcurl has closed the connections that were kept before: they were idle for longer than it lets them.
    private static let distrustLifetime: Duration = .seconds(2)

    private var lookedUp: [String: Instant] = [:]
    private var distrusted: [String: Instant] = [:]

    func isAddressKnown(of host: String, at now: Instant) -> Bool {
        lookedUp[host].map { now - $0 < Self.addressLifetime } ?? false
    }

    mutating func noteLookup(of host: String, at now: Instant) {
        lookedUp = lookedUp.filter { now - $0.value < Self.addressLifetime }
        lookedUp[host] = now
    }

    mutating func forgetAddress(of host: String) { lookedUp[host] = nil }

    /// Whether a connection that was kept may serve.
    func areConnectionsTrusted(to host: String, at now: Instant) -> Bool {
        distrusted[host].map { now - $0 >= Self.distrustLifetime } ?? true
    }

    /// Notes that one of the connections that were kept led nowhere, as the others may.
    mutating func distrustConnections(to host: String, at now: Instant) {
        distrusted = distrusted.filter { now - $0.value < Self.distrustLifetime }
        distrusted[host] = now
    }
}
