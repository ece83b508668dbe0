import Dispatch
import Glibc

/// Finds the addresses of a name. `getaddrinfo` may take much longer than a connection has, so it has a queue of its own.
struct HostLookup: Sendable {
    enum Outcome: Sendable {
        /// Numeric addresses, the preferred one first.
        case addresses([String])
        case failure(String)
    }

    private let queue = DispatchQueue(label: "redis lookup")
    private let resolve: @Sendable (String) -> Outcome

    /// By the system, unless tests have names of their own.
    init(_ resolve: @escaping @Sendable (String) -> Outcome = Self.addresses(of:)) { self.resolve = resolve }

    /// Whether the host is an address itself.
    static func isAddress(_ host: String) -> Bool {
        var (v4, v6) = (in_addr(), in6_addr())
        return unsafe inet_pton(AF_INET, host, &v4) == 1 || inet_pton(AF_INET6, host, &v6) == 1
    }

    func find(_ host: String, then report: @escaping @Sendable (Outcome) -> Void) {
        queue.async { [resolve] in report(resolve(host)) }
    }

    static func addresses(of host: String) -> Outcome {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else { return .failure(unsafe String(cString: gai_strerror(code))) }
        defer { unsafe freeaddrinfo(found) }
        var addresses: [String] = []
        var next = unsafe found
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isText = unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            if isText == 0 {
                addresses.append(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            }
            unsafe next = entry.pointee.ai_next
        }
        return .addresses(addresses)
    }
}
