import ByteText

/// What the relying party asks the network through. One request, one answer; a transport follows no redirect, sends no
/// cookie, and keeps within the limits of the request. It sends nothing twice, but for a `GET` whose connection was kept
/// from an earlier request and brought no byte of an answer (RFC 9110 §9.2.2). It sends no `POST` on such a connection: a
/// code or a refresh token that meets a closed one cannot be sent again.
///
/// A fake for tests is one closure long:
/// ```swift
/// struct Scripted: HTTPTransport {
///     func send(_ request: TransportRequest) async throws -> TransportResponse {
///         TransportResponse(status: 200, fields: [], body: Array("{}".utf8))
///     }
/// }
/// ```
public protocol HTTPTransport: Sendable {
    /// Sends the request and reads the whole answer.
    ///
    /// Throws ``TransportError`` when no whole, well-formed answer came within the limits. Any status is an answer.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}

/// A request to a provider.
public struct TransportRequest: Sendable, CustomReflectable {
    /// Method and origin; never a field or the body, which carry credentials.
    public var customMirror: Mirror { Mirror(self, children: ["method": method.rawValue, "origin": url.origin]) }

    /// The two methods that OpenID Connect needs.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// What the relying party asks a provider for.
    public enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// The provider's metadata (OIDC Discovery §4).
        case metadata
        /// The key set at `jwks_uri`.
        case keys
        /// Tokens, for a code or a refresh token.
        case token
        /// What is known of the user (OIDC Core §5.3).
        case userInfo
    }

    /// What an answer may cost at most.
    public struct Limits: Sendable, Hashable {
        /// Time to reach the server, TLS included.
        public var connect: Duration
        /// Time for all of it, from the first packet to the last byte of the body.
        public var total: Duration
        /// Bytes of the header section.
        public var headerBytes: Int
        /// Bytes of the body.
        public var bodyBytes: Int

        /// Limits that suit what providers send.
        public init(
            connect: Duration = .seconds(5), total: Duration = .seconds(10), headerBytes: Int = 64 << 10,
            bodyBytes: Int = 1 << 20
        ) {
            self.connect = connect
            self.total = total
            self.headerBytes = headerBytes
            self.bodyBytes = bodyBytes
        }
    }

    /// The method.
    public var method: Method
    /// The address.
    public var url: EndpointURL
    /// Header fields, without `Host` and `Content-Length`, which the transport adds.
    public var fields: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: [UInt8]
    /// What the answer may cost.
    public var limits: Limits
    /// What is asked for: for a transport that keeps count of it. `nil` where that is nothing of the kind.
    public var purpose: Purpose?

    /// A request as it stands.
    public init(
        method: Method, url: EndpointURL, fields: [(name: String, value: String)] = [], body: [UInt8] = [],
        limits: Limits = Limits(), purpose: Purpose? = nil
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.limits = limits
        self.purpose = purpose
    }
}

/// A whole answer, whatever its status.
public struct TransportResponse: Sendable {
    /// The status code.
    public var status: Int
    /// Header fields as they came, names in any case.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// An answer as it stands.
    public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The values of a field, by its name without regard to case.
    public func values(_ name: String) -> [String] {
        let name = name.asciiLowercased
        return fields.lazy.filter { $0.name.asciiLowercased.isExactly(name) }.map(\.value)
    }
}

/// Why no answer came.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, coarse enough to choose a remedy.
    public enum Code: String, Sendable, Hashable {
        /// The host name is not known.
        case unresolved
        /// Nothing listens there, or the network does not lead there.
        case unreachable
        /// The server's certificate has expired, or is not valid yet.
        case certificateExpired
        /// No certification authority that is trusted issued the server's certificate.
        case certificateUnknownIssuer
        /// The server's certificate is another host's.
        case certificateNameMismatch
        /// The TLS handshake failed for another reason.
        case tls
        /// A limit on time passed.
        case timedOut
        /// The header section or the body is larger than the limit.
        case tooLarge
        /// The connection ended before the answer did.
        case truncated
        /// What came is not HTTP, or contradicts itself.
        case malformed
        /// The task that waited was cancelled, or the transport was shut down.
        case cancelled
        /// This process or this machine has as many files and connections open as it may (`EMFILE`, `ENFILE`): the server was not
        /// asked.
        case tooManyOpenFiles
        /// Anything else that the library below reports.
        case failed

        /// Whether no secure connection came about, though one to the server did.
        public var isTLS: Bool {
            switch self {
            case .certificateExpired, .certificateUnknownIssuer, .certificateNameMismatch, .tls: true
            default: false
            }
        }
    }

    /// What went wrong.
    public let code: Code
    /// Scheme, host and port that were asked; never a query, never a credential.
    public let origin: String
    /// The detail, in words, for an operator; free of secrets.
    public let detail: String

    /// An error as it stands.
    public init(_ code: Code, origin: String, detail: String) {
        self.code = code
        self.origin = origin
        self.detail = detail
    }

    /// One line for a log.
    public var description: String { "\(origin): \(detail) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: TransportError, right: TransportError) -> Bool { left.code == right.code }

    /// By code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
