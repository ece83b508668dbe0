import ByteText
import Glibc

/// A socket that listens.
struct ListeningSocket: ~Copyable {
    /// The descriptor; valid as long as this value lives.
    let descriptor: CInt
    /// The port that it listens on.
    let port: UInt16

    /// Throws ``HTTPServerError`` where the host is no address or the system refuses.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        let bare = host.utf8.rest(after: "[")?.utf8.rest(before: "]").map(String.init) ?? host
        let shown = (bare.utf8.contains(":") ? "[\(bare)]" : bare) + ":\(port)"
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(bare.isExactly("localhost") ? "127.0.0.1" : bare, String(port), &hints, &found) == 0,
            let address = unsafe found
        else { throw HTTPServerError(.host, address: shown) }
        defer { unsafe freeaddrinfo(address) }

        let descriptor = unsafe socket(
            address.pointee.ai_family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Self.error(errno, address: shown) }
        // A port whose last connections still wait to end is free to be listened on again.
        var yes: CInt = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        guard unsafe bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
            listen(descriptor, SOMAXCONN) == 0
        else {
            let failure = errno
            close(descriptor)
            throw Self.error(failure, address: shown)
        }
        self.descriptor = descriptor
        self.port = Self.port(of: descriptor)
    }

    deinit { close(descriptor) }

    private static func port(of descriptor: CInt) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> UInt16? in
                guard unsafe getsockname(descriptor, pointer, &length) == 0 else { return nil }
                return unsafe numericName(of: pointer, length: length)?.port
            }
        }
        return port ?? 0
    }

    private static func error(_ code: CInt, address: String) -> HTTPServerError {
        switch code {
        case EADDRINUSE: HTTPServerError(.addressInUse, address: address)
        case EADDRNOTAVAIL: HTTPServerError(.addressNotAvailable, address: address)
        case EACCES, EPERM: HTTPServerError(.notPermitted, address: address)
        default: HTTPServerError(.failed, address: address, detail: unsafe String(cString: strerror(code)))
        }
    }
}

/// Address and port as text and number; an IPv4 address that came over an IPv6 socket in its own form.
func numericName(of address: UnsafePointer<sockaddr>, length: socklen_t) -> (host: String, port: UInt16)? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST + NI_MAXSERV)) { buffer in
        guard let host = buffer.baseAddress else { return nil }
        let service = unsafe host + Int(NI_MAXHOST)
        let flags = NI_NUMERICHOST | NI_NUMERICSERV
        guard
            unsafe getnameinfo(
                address, length, host, socklen_t(NI_MAXHOST), service, socklen_t(NI_MAXSERV), flags) == 0
        else { return nil }
        let name = unsafe String(cString: host)
        let mapped = name.utf8.contains(".") ? name.utf8.rest(after: "::ffff:").map(String.init) : nil
        let port = unsafe UInt16(String(cString: service))
        return port.map { (mapped ?? name, $0) }
    }
}
