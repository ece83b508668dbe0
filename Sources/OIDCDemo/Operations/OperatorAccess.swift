import HTTPMessages

/// Who sees what only operators should: the metrics, and why the app is not ready.
struct OperatorAccess: Sendable {
    /// `nil`: nobody.
    let readers: TrustedProxies?
    let proxies: TrustedProxies

    /// Fields by which a proxy gives itself away.
    private static let proxyFields: [HTTPFields.Name] = [
        .forwarded, .xForwardedFor, .xForwardedHost, .xForwardedProto, .xRealIP, .via,
    ]

    /// Whether the client's address is a reader's. A request that came through a proxy counts only where the proxy is
    /// trusted and says where it is from: else its own address would stand for all the world's.
    func permits(_ request: HTTPRequest) -> Bool {
        guard let readers, let client = IPAddress(request.clientAddress(trusting: proxies)) else { return false }
        let cameThroughProxy = Self.proxyFields.contains { request.fields.contains($0) }
        if cameThroughProxy {
            guard let peer = IPAddress(request.peerAddress), proxies.contains(peer), !proxies.contains(client) else {
                return false
            }
        }
        return readers.contains(client)
    }
}
