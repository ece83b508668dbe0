extension CurlTransport {
    /// Whom the transport trusts and which way it goes.
    public struct Configuration: Sendable {
        /// The certificate authorities that a server's certificate may come from.
        public enum Authorities: Sendable, Hashable {
            /// Those of the operating system.
            case system
            /// Those in a PEM file, and no others. It is read again when it has changed.
            case file(String)
            /// Those in a PEM text, and no others.
            case pem([UInt8])
        }

        /// Whether requests go through a proxy.
        public enum Proxy: Sendable, Hashable {
            /// As the variables `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` say, which is what operators
            /// expect; with `https` the proxy sees the host's name only. Requests to loopback never go through it.
            case environment
            /// Never.
            case none
        }

        /// Whose certificates are trusted.
        public var authorities: Authorities
        /// A PEM file with certificate authorities that are trusted beside ``authorities``. It is read again when it has
        /// changed; while it cannot be read, or holds no certificate, what it held before serves.
        public var additionalAuthorityFile: String?
        /// Which way requests go.
        public var proxy: Proxy

        /// Trusts the system's authorities and honours the environment's proxy, unless told otherwise.
        public init(
            authorities: Authorities = .system, additionalAuthorityFile: String? = nil, proxy: Proxy = .environment
        ) {
            self.authorities = authorities
            self.additionalAuthorityFile = additionalAuthorityFile
            self.proxy = proxy
        }
    }
}

/// Why the transport could not start.
public struct CurlTransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Sendable, Hashable {
        /// The file of certificate authorities cannot be read.
        case authoritiesUnreadable
        /// There is no certificate in what should hold the certificate authorities.
        case authoritiesEmpty
        /// libcurl or its thread did not start.
        case library
    }

    /// The kind of failure.
    public let code: Code
    /// What it concerns: the file, or the library's own words.
    public let context: String
    /// What to do about it.
    public let remedy: String

    init(_ code: Code, context: String, remedy: String) {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// All of it on one line, for an operator.
    public var description: String { "\(context): \(remedy) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: CurlTransportError, right: CurlTransportError) -> Bool { left.code == right.code }

    /// By code, as equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
