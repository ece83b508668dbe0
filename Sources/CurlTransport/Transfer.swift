import CCurl
import OpenIDConnect

/// One attempt at a request, with what came of its answer so far. Lives on the loop's thread only.
final class Transfer {
    let order: TransferLoop.Order
    let attempt: Attempt
    var easy: EasyHandle
    private let limits: TransportRequest.Limits
    private let now: @Sendable () -> ContinuousClock.Instant

    private(set) var head = ReceivedHead()
    private(set) var body: [UInt8] = []
    /// Why we ended it ourselves; libcurl only knows that a callback said no.
    private(set) var refusal: TransportError?
    private(set) var headerBytes = 0
    /// Whether it was handed to a connection. libcurl would send it again where one that was kept turns out to be closed.
    private(set) var wasSent = false
    /// Whether that connection was kept from an earlier request.
    private(set) var usedKeptConnection = false
    /// By when a kept connection has to bring a first byte, or another one is tried.
    private(set) var patience: ContinuousClock.Instant?

    var id: UInt { order.id }
    var request: TransportRequest { order.request }
    var origin: String { order.request.url.origin }
    var timeLeft: Duration { attempt.deadline - now() }

    init(
        _ order: TransferLoop.Order, attempt: Attempt, settings: TransferSettings,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws(TransportError) {
        guard let easy = EasyHandle() else {
            throw TransportError(
                .failed, origin: order.request.url.origin, detail: "libcurl has no memory for a request")
        }
        self.easy = easy
        self.order = order
        self.attempt = attempt
        self.now = now
        limits = order.request.limits
        try setOptions(order.request, settings)
        unsafe self.easy.setReceiver(
            Unmanaged.passUnretained(self).toOpaque(), header: receiveHeader, body: receiveBody,
            beforeRequest: allowRequest)
    }

    /// Hands the outcome to the task that waits; called once.
    func finish(_ outcome: Result<TransportResponse, TransportError>) {
        order.continuation.resume(with: outcome.mapError { $0 as any Error })
    }

    fileprivate func takeHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        headerBytes += line.count
        guard headerBytes <= limits.headerBytes else {
            return refuse(.tooLarge, "the header section is larger than \(limits.headerBytes) bytes")
        }
        do throws(ReceivedHead.Malformed) {
            try unsafe head.append(line: line)
        } catch {
            return refuse(.malformed, error.detail)
        }
        if head.isComplete, let length = head.contentLength, length > limits.bodyBytes { return refuseBody() }
        return true
    }

    fileprivate func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count + bytes.count <= limits.bodyBytes else { return refuseBody() }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    fileprivate func mayBeSent() -> Bool {
        guard !wasSent else {
            return refuse(.truncated, "the server closed the connection without an answer; nothing is sent twice")
        }
        let isKept = easy.number(CURLINFO_NUM_CONNECTS) == 0
        guard !(isKept && attempt.opensConnection) else {
            return refuse(.failed, "libcurl took a kept connection for what needs a new one")
        }
        wasSent = true
        usedKeptConnection = isKept
        if isKept {
            let now = now()
            patience = now + (attempt.deadline - now) / 4
        }
        return true
    }

    private func refuseBody() -> Bool { refuse(.tooLarge, "the body is larger than \(limits.bodyBytes) bytes") }

    private func refuse(_ code: TransportError.Code, _ detail: String) -> Bool {
        refusal = refusal ?? TransportError(code, origin: origin, detail: detail)
        return false
    }
}

/// libcurl ends a transfer whose callback takes another number of bytes than it was given.
private let refused = 0

private func receiveHeader(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receive(data, size * count, context) { unsafe $0.takeHeader($1) }
}

private func receiveBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe receive(data, size * count, context) { unsafe $0.takeBody($1) }
}

private func receive(
    _ data: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    by take: (Transfer, UnsafeBufferPointer<UInt8>) -> Bool
) -> Int {
    guard count > 0, let data = unsafe data, let context = unsafe context else { return refused }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
    return unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe take(transfer, $0) } ? count : refused
}

private func allowRequest(
    _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?, _: Int32,
    _: Int32
) -> Int32 {
    guard let context = unsafe context else { return CURL_PREREQFUNC_ABORT }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.mayBeSent() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
