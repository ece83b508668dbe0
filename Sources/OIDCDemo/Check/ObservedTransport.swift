import FoundationEssentials
import OpenIDConnect
import Synchronization

/// A transport that keeps what came, so that the check sees the answers that the library reads.
final class ObservedTransport: HTTPTransport {
    /// A request and its answer.
    struct Exchange: Sendable {
        let url: EndpointURL
        let sentAt: Date
        /// In seconds.
        let roundTrip: Double
        let response: TransportResponse
    }

    private let transport: any HTTPTransport
    private let now: @Sendable () -> Date
    private let kept = Mutex<[Exchange]>([])

    init(_ transport: any HTTPTransport, now: @escaping @Sendable () -> Date) {
        self.transport = transport
        self.now = now
    }

    /// In the order in which the answers came.
    var exchanges: [Exchange] { kept.withLock { $0 } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let sentAt = now()
        let begin = ContinuousClock.now
        let response = try await transport.send(request)
        let roundTrip = (ContinuousClock.now - begin) / .seconds(1)
        kept.withLock {
            $0.append(Exchange(url: request.url, sentAt: sentAt, roundTrip: roundTrip, response: response))
        }
        return response
    }
}
