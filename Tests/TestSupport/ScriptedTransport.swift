package import OpenIDConnect
import Synchronization

/// A transport that answers by a closure and remembers what it was asked.
package final class ScriptedTransport: HTTPTransport {
    private let script: @Sendable (TransportRequest) async throws -> TransportResponse
    private let seen = Mutex<[TransportRequest]>([])

    package init(_ script: @escaping @Sendable (TransportRequest) async throws -> TransportResponse) {
        self.script = script
    }

    /// The requests so far, in order.
    package var requests: [TransportRequest] { seen.withLock { $0 } }

    /// The paths of the requests so far, in order.
    package var paths: [String] { requests.map(\.url.path) }

    package func send(_ request: TransportRequest) async throws -> TransportResponse {
        seen.withLock { $0.append(request) }
        return try await script(request)
    }
}

extension TransportResponse {
    /// An answer in JSON.
    package static func json(_ text: String, status: Int = 200) -> TransportResponse {
        TransportResponse(status: status, fields: [("Content-Type", "application/json")], body: Array(text.utf8))
    }
}
