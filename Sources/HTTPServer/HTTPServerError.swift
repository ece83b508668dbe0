/// Why a server cannot start.
public struct HTTPServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, coarse enough to choose a remedy.
    public enum Code: String, Sendable, Hashable {
        /// The host is neither an address nor `localhost`.
        case host
        /// Something else listens on the port.
        case addressInUse
        /// The address is not one of this machine.
        case addressNotAvailable
        /// Ports below 1024 need a privilege.
        case notPermitted
        /// Anything else that the system or the library below refuses.
        case failed
    }

    /// What went wrong.
    public let code: Code
    /// Where the server was to listen, as host and port.
    public let address: String
    /// The detail, in words, for an operator.
    public let detail: String

    init(_ code: Code, address: String, detail: String = "") {
        self.code = code
        self.address = address
        self.detail = detail
    }

    /// The address, what is wrong with it and what to do.
    public var description: String {
        switch code {
        case .host: "cannot listen on \(address): the host is no IPv4 or IPv6 address, nor localhost"
        case .addressInUse:
            "cannot listen on \(address): something listens there already; stop it or choose another port"
        case .addressNotAvailable:
            "cannot listen on \(address): the address is not one of this machine; 127.0.0.1 always is"
        case .notPermitted: "cannot listen on \(address): not permitted; choose a port from 1024 on"
        case .failed: "cannot listen on \(address): \(detail)"
        }
    }

    /// Equal by code, so that tests match simply.
    public static func == (left: HTTPServerError, right: HTTPServerError) -> Bool { left.code == right.code }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
