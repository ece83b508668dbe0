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
/// where that ends without a byte of an answer, or brings none in a quarter of the request's time (RFC 9110 §9.2.2). Where
/// no connection can be had at an address that is known from before, the host's name is looked up again at once.
///
/// A request whose task is cancelled ends at once with ``TransportError/Code/cancelled``.
public final class CurlTransport: HTTPTransport {
    private struct Running {
        var loop: OwnedLoop
        /// Those whose certification authorities have changed since, while requests still run.
        var earlier: [Weak<OwnedLoop>] = []
    }

    private let configuration: Configuration
    private let running: Mutex<Running?>

    /// Starts the thread.
    ///
    /// Throws ``CurlTransportError`` where the certificate authorities cannot be read or libcurl cannot start.
    public init(configuration: Configuration = Configuration()) throws(CurlTransportError) {
        self.configuration = configuration
        running = Mutex(Running(loop: try OwnedLoop(configuration)))
    }

    deinit { shutdown() }

    /// Sends the request and reads the whole answer within the request's limits.
    ///
    /// Throws ``TransportError``; its detail is libcurl's own words where there are any, such as what is wrong with a
    /// certificate.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        guard let owned = currentLoop() else {
            throw TransportError.shutDown(origin: request.url.origin)
        }
        defer { withExtendedLifetime(owned) {} }
        let loop = owned.loop
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
        let last = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let last else { return }
        for owned in [last.loop] + last.earlier.compactMap(\.value) { owned.loop.close() }
    }

    /// The loop for a new request: where a file of certification authorities has changed, a new one, so that neither a connection nor a TLS
    /// session serves that was verified by the old. `nil` after the shutdown.
    private func currentLoop() -> OwnedLoop? {
        running.withLock { running in
            guard let current = running?.loop else { return nil }
            // While the file is half-written or gone, the authorities that it held serve.
            guard current.settings.haveFilesChanged, let next = try? OwnedLoop(configuration) else { return current }
            running?.earlier.removeAll { $0.value == nil }
            running?.earlier.append(Weak(value: current))
            running?.loop = next
            return next
        }
    }
}

/// A loop that ends when nobody sends through it any more.
private final class OwnedLoop: Sendable {
    let settings: TransferSettings
    let loop: TransferLoop

    init(_ configuration: CurlTransport.Configuration) throws(CurlTransportError) {
        settings = try TransferSettings(configuration)
        loop = try TransferLoop(settings)
    }

    deinit { loop.close() }
}

private struct Weak<Object: AnyObject & Sendable>: Sendable {
    weak let value: Object?
}
