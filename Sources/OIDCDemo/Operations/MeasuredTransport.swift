import OpenIDConnect
import WebLogin

/// The way to one provider, with what comes of each request counted and timed.
struct MeasuredTransport: HTTPTransport {
    let transport: any HTTPTransport
    let provider: ProviderName
    let metrics: Metrics
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let begin = now()
        func count(_ outcome: ProviderOutcome) {
            metrics.countProviderRequest(provider, request.purpose, outcome: outcome, took: now() - begin)
        }
        do {
            let response = try await transport.send(request)
            count(.answered(status: response.status))
            return response
        } catch {
            count(.failed((error as? TransportError)?.code ?? .failed))
            throw error
        }
    }
}
