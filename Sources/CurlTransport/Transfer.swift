import CCurl
import OpenIDConnect

/// One request under way, with what came of its answer so far. Lives on the loop's thread only.
final class Transfer {
    let id: UInt
    let origin: String
    var easy: EasyHandle
    private let limits: TransportRequest.Limits
    private let continuation: CheckedContinuation<TransportResponse, any Error>

    private(set) var head = ReceivedHead()
    private(set) var body: [UInt8] = []
    /// Why we ended it ourselves; libcurl only knows that a callback said no.
    private(set) var refusal: TransportError?
    private var headerBytes = 0
    private var sendsLeft: Int

    init(_ order: TransferLoop.Order, settings: TransferSettings) throws(TransportError) {
        let request = order.request
        guard let easy = EasyHandle() else {
            throw TransportError(.failed, origin: request.url.origin, detail: "libcurl has no memory for a request")
        }
        self.easy = easy
        id = order.id
        origin = request.url.origin
        limits = request.limits
        continuation = order.continuation
        // A kept connection may turn out to be closed, and libcurl then sends again: harmless for GET only.
        sendsLeft = request.method == .get ? 2 : 1
        try setOptions(request, settings)
        unsafe self.easy.setReceiver(
            Unmanaged.passUnretained(self).toOpaque(), header: receiveHeader, body: receiveBody,
            beforeRequest: allowRequest)
    }

    /// Hands the outcome to the task that waits; called once.
    func finish(_ outcome: Result<TransportResponse, TransportError>) {
        continuation.resume(with: outcome.mapError { $0 as any Error })
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
        guard sendsLeft > 0 else {
            return refuse(.truncated, "the server closed the connection without an answer; nothing is sent twice")
        }
        sendsLeft -= 1
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
