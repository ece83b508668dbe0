extension HTTPRequest {
    /// The most elements of `X-Forwarded-For`, and of `Forwarded`, that are read, from the last one on.
    public static let maximumForwardedCount = 20
    /// The most bytes of `X-Forwarded-For`, and of `Forwarded`, that are read, from the last one on.
    public static let maximumForwardedByteCount = 4 << 10

    /// Where the request comes from: the peer's address, or what proxies that are trusted say of it.
    ///
    /// Only where the peer is trusted, the addresses of `X-Forwarded-For` or of `Forwarded` (RFC 7239 §5.2) are gone
    /// through from the last one, which the peer wrote, to the first that is no trusted proxy's; several lines are one
    /// list. The way ends sooner, at the address that was reached, where the next element is no address or beyond
    /// ``maximumForwardedCount`` or ``maximumForwardedByteCount``. If both fields are there and lead to different
    /// addresses, the peer's own stands: a proxy that writes the one passes on a forged other.
    ///
    /// Addresses of IPv6 are in the form of RFC 5952; a peer's that is none stays as it is.
    public func clientAddress(trusting proxies: TrustedProxies) -> String {
        guard let peer = IPAddress(peerAddress) else { return peerAddress }
        guard proxies.contains(peer) else { return peer.description }
        let ends = addresses(from: peer, trusting: proxies)
        return (ends.count == 1 ? ends.first ?? peer : peer).description
    }

    /// Whether the peer is trusted and its fields lead to different addresses.
    package func hasContradictoryAddresses(trusting proxies: TrustedProxies) -> Bool {
        guard let peer = IPAddress(peerAddress), proxies.contains(peer) else { return false }
        return addresses(from: peer, trusting: proxies).count > 1
    }

    /// Where the fields that are there lead.
    private func addresses(from peer: IPAddress, trusting proxies: TrustedProxies) -> Set<IPAddress> {
        Set(
            [
                end(of: .xForwardedFor, from: peer, trusting: proxies) { IPAddress(xForwardedFor: $0) },
                end(of: .forwarded, from: peer, trusting: proxies) { IPAddress(forwarded: $0) },
            ].compactMap { $0 })
    }

    /// The address to which a field leads; `nil` where the request has no such field, or an empty one.
    private func end(
        of name: HTTPFields.Name, from peer: IPAddress, trusting proxies: TrustedProxies,
        _ address: (Substring.UTF8View) -> IPAddress?
    ) -> IPAddress? {
        let elements = lastElements(of: name)
        var reached = elements.isEmpty ? nil : peer
        for element in elements.reversed() {
            guard let next = address(element) else { break }
            reached = next
            guard proxies.contains(next) else { break }
        }
        return reached
    }

    /// What stands between the commas, as much of it as is read. Also inside a quoted string, which no address needs:
    /// the part behind such a comma has a quotation mark too many and is no address, so that the way ends there.
    private func lastElements(of name: HTTPFields.Name) -> [Substring.UTF8View] {
        let text = fields.values(name).joined(separator: ",").utf8
        var end = text[...]
        if text.count > Self.maximumForwardedByteCount {
            // Of an element that is cut there, what is left might be another address.
            end = text.suffix(Self.maximumForwardedByteCount + 1).drop { $0 != UInt8(ascii: ",") }
        }
        return end.split(separator: UInt8(ascii: ",")).map(withoutSpaces).filter { !$0.isEmpty }
            .suffix(Self.maximumForwardedCount)
    }
}
