import FoundationEssentials
import HTTPMessages
import WebLogin

/// What whoever runs the app learns of it: the log, the metrics, and who may read them.
struct Operations: Sendable {
    let log: any Log
    let metrics: Metrics
    let access: OperatorAccess
    /// Whether every request gets a line in the log.
    let logsRequests: Bool
    let now: @Sendable () -> ContinuousClock.Instant
    private let numbers = RequestNumbers()

    init(
        log: any Log, readers: TrustedProxies? = nil, proxies: TrustedProxies = TrustedProxies(),
        logsRequests: Bool = false, startedAt: Date = Date(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.log = log
        metrics = Metrics(startedAt: startedAt, lostLogLines: { log.lostLineCount })
        access = OperatorAccess(readers: readers, proxies: proxies)
        self.logsRequests = logsRequests
        self.now = now
    }

    /// Takes note of what happened to a login.
    func note(_ event: LoginEvent) {
        metrics.count(event)
        log.write(LogEntry(event))
    }

    /// Lets a request be answered under a number, which the answer bears, and counts it.
    func attend(
        _ request: HTTPRequest, route: String?, _ answer: (HTTPRequest) async -> HTTPResponse
    ) async -> HTTPResponse {
        let begin = now()
        let current = CurrentRequest(request, trusting: access.proxies, number: numbers.next())
        return await CurrentRequest.$value.withValue(current) {
            var response = await answer(request)
            response.fields[.xRequestID] = current.id
            metrics.countRequest(route: route, status: response.status)
            if logsRequests {
                let milliseconds = Int((now() - begin) / .milliseconds(1))
                // Never the query: codes and logout tokens stand there.
                log.write(
                    LogEntry(
                        .requestAnswered,
                        [
                            "method": request.method.rawValue, "path": request.path, "status": String(response.status),
                            "milliseconds": String(milliseconds), "client": current.client,
                        ]))
            }
            return response
        }
    }
}
