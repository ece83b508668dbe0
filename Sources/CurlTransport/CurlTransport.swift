public import OpenIDConnect
import Synchronization

/// The transport that ships: libcurl, one thread for all requests.
///
/// Each answer is read whole, within the request's limits. No redirect is followed, no cookie kept, no credential of
/// the environment sent, nothing decompressed, and HTTP is spoken as HTTP/1.1 over TLS 1.2 or later.
///
/// A `POST`, and with it a code or a refresh token, is never sent twice, and never on a connection that was kept from an
/// earlier request: whether the server has closed that cannot be known for certain. It opens a connection of its own, which resumes
/// the TLS session of an earlier one where the server lets it. A `GET` may use a kept connection, and is sent once more on a new one
/// where that ends without a byte of an answer, or brings none in half of the request's time (RFC 9110 §9.2.2). Where
/// no connection can be had at an address that is known from before, the host's name is looked up again at once.
///
/// A request whose task is cancelled ends at once with ``TransportError/Code/cancelled``.
public final class CurlTransport: HTTPTransport {
    private let loop: Mutex<TransferLoop?>

    /// Starts the thread.
    ///
    /// Throws ``CurlTransportError`` where the certificate authorities cannot be read or libcurl cannot start.
    public init(configuration: Configuration = Configuration()) throws(CurlTransportError) {
        let settings = try TransferSettings(configuration)
        loop = Mutex(try TransferLoop(settings))
    }

    deinit { shutdown() }

    /// Sends the request and reads the whole answer within the request's limits.
    ///
    /// Throws ``TransportError``; its detail is libcurl's own words where there are any, such as what is wrong with a
    /// certificate.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard let loop = loop.withLock({ $0 }) else {
            throw TransportError.shutDown(origin: request.url.origin)
        }
        let id = loop.nextID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.submit(TransferLoop.Order(id: id, request: request, continuation: continuation))
                // A cancellation that came before the order met nothing to cancel.
                if Task.isCancelled { loop.cancel(id) }
            }
        } onCancel: {
            loop.cancel(id)
        }
    }

    /// Ends the thread, and waits for that. Requests that run end with ``TransportError/Code/cancelled``, and so does every later one.
    public func shutdown() {
        let running = loop.withLock { loop in
            defer { loop = nil }
            return loop
        }
        running?.close()
    }
}
