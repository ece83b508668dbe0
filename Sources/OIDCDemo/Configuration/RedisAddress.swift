/// Where a Redis or Valkey server is, and as whom to log in there. Prints without user and password.
struct RedisAddress: Sendable, Hashable {
    /// How the server is reached.
    enum Endpoint: Sendable, Hashable {
        /// By a host's name or address (IPv6 without brackets) and a port; by TLS where `tls` says so.
        case tcp(host: String, port: UInt16, tls: Bool)
        /// By a socket in the file system.
        case unix(path: String)
    }

    let endpoint: Endpoint
    /// `nil`: the server's default user.
    let user: String?
    /// `nil`: none is sent.
    let password: String?
    /// The number of the database; 0 unless another is named.
    let database: Int
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address with `<redacted>` for user and password.
    var description: String {
        let login = user == nil && password == nil ? "" : "<redacted>@"
        switch endpoint {
        case .tcp(let host, let port, let tls):
            let place = host.contains(":") ? "[\(host)]" : host
            return "\(tls ? "rediss" : "redis")://\(login)\(place):\(port)/\(database)"
        case .unix(let path): return "unix://\(login)\(path)?db=\(database)"
        }
    }
    /// The same.
    var debugDescription: String { description }
    /// Shows nothing more.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
