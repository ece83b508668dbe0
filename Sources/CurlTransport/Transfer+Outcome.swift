import ByteText
import CCurl
import OpenIDConnect

extension Transfer {
    /// What libcurl's verdict and what was received amount to.
    func outcome(_ result: CURLcode) -> Result<TransportResponse, TransportError> {
        if let refusal { return .failure(refusal) }
        guard result == CURLE_OK else {
            let text = easy.errorText
            let detail = text.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : text
            return .failure(TransportError(code(result, detail), origin: origin, detail: detail))
        }
        guard head.isComplete else {
            return .failure(
                TransportError(.truncated, origin: origin, detail: "the connection ended inside the header section"))
        }
        return .success(TransportResponse(status: head.status, fields: head.fields, body: body))
    }

    /// The attempt to make after one that ended so; `nil` where it was the last, or where the request may have had an effect.
    func nextAttempt(after outcome: Result<TransportResponse, TransportError>) -> Attempt? {
        guard case .failure = outcome, !attempt.isLast, timeLeft > .zero else { return nil }
        // Nothing went out, and the machine at the known address may be gone or another one.
        let mayHaveMoved = !wasSent && refusal == nil && !attempt.looksUpName
        let mayHaveBeenClosed = usedKeptConnection && headerBytes == 0 && request.method == .get
        return mayHaveMoved || mayHaveBeenClosed ? Attempt(after: attempt) : nil
    }

    /// Whether a kept connection has brought nothing for too long.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        headerBytes == 0 && patience.map { now >= $0 } ?? false
    }

    private func code(_ result: CURLcode, _ detail: String) -> TransportError.Code {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: .unreachable
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            .tls
        // The proxy answered, but did not let us through.
        case CURLE_RECV_ERROR where easy.number(CURLINFO_HTTP_CONNECTCODE) >= 300: .unreachable
        // libcurl has no code of its own for a malformed chunk.
        case CURLE_RECV_ERROR where detail.utf8.hasSuffix("in chunked-encoding"): .malformed
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: .truncated
        // HTTP/0.9, and what is no HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: .malformed
        // A header line without an end: libcurl stops at 100 KiB.
        case CURLE_OUT_OF_MEMORY where !head.isComplete: .tooLarge
        default: .failed
        }
    }
}

extension TransportError {
    static func noAnswer(origin: String) -> TransportError {
        TransportError(.timedOut, origin: origin, detail: "no answer came on a connection that was kept")
    }

    static func cancelled(origin: String) -> TransportError {
        TransportError(.cancelled, origin: origin, detail: "the task that waited was cancelled")
    }

    static func shutDown(origin: String) -> TransportError {
        TransportError(.cancelled, origin: origin, detail: "the transport was shut down")
    }
}
