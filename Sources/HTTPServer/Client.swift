import HTTPMessages

/// Who counts as one client when connections and requests are limited.
enum Client: Hashable, Sendable {
    /// One of the trusted proxies, which speaks for many clients.
    case proxy
    /// An IPv4 address, or an IPv6 network of 64 bits.
    case network(IPAddress)
    /// All whose requests come from a trusted proxy with fields that lead to different addresses.
    case contradictory
    /// A peer whose address is none of IP.
    case other(String)

    init(address text: String, trusting proxies: TrustedProxies) {
        // A link-local address has its zone behind it (RFC 4007 §11).
        guard let address = IPAddress(Substring(text.utf8.prefix { $0 != UInt8(ascii: "%") })) else {
            self = .other(text)
            return
        }
        self = proxies.contains(address) ? .proxy : .network(address.clientNetwork)
    }
}
