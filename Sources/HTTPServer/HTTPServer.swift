public import HTTPMessages

/// An HTTP/1.1 server. It listens when it is made and until ``shutdown(within:)``, or until nobody holds it any longer.
///
/// ```swift
/// let server = try HTTPServer(HTTPServerConfiguration(port: 8000)) { _ in .text("Hello") }
/// ```
///
/// A handler runs on the server's own thread until it first waits, so that it must not block. HEAD is answered without
/// the body of the response. The server adds `Content-Length`, `Date` and `Connection` and leaves out what a handler
/// says of these.
///
/// What two readers could understand differently is refused before a handler sees it (RFC 9112 §11). One thing the
/// library below does not show: lines of chunked bodies may end with a bare LF. And a `Content-Length` that is no number
/// it refuses by itself, with an answer whose head stands there twice. A server behind nginx, HAProxy or Caddy gets
/// neither.
public final class HTTPServer: Sendable {
    private let engine: Engine

    /// Listens and begins to serve.
    ///
    /// Throws ``HTTPServerError`` where the host is no address or the system refuses, a port that is taken above all.
    public init(_ configuration: HTTPServerConfiguration, handler: @escaping HTTPHandler) throws(HTTPServerError) {
        engine = try Engine(configuration, handler: handler)
    }

    deinit {
        Task.detached { [engine] in await engine.shutdown(within: .zero) }
    }

    /// The port that the server listens on.
    public var port: UInt16 { engine.port }

    /// Stops accepting at once, lets the requests that are under way finish, and stops. After `limit`, requests that still
    /// wait are answered with 503 and their handlers' tasks are cancelled. Further calls wait for the first one's end.
    public func shutdown(within limit: Duration = .seconds(10)) async {
        await engine.shutdown(within: limit)
    }
}
