import ByteText
import CCurl
import Glibc
import OpenIDConnect

extension Transfer {
    /// What libcurl's verdict and what was received amount to.
    func outcome(_ result: CURLcode) -> Result<TransportResponse, TransportError> {
        if let refusal { return .failure(refusal) }
        guard result == CURLE_OK else {
            let text = easy.errorText
            let detail = text.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : text
            if !wasSent, let words = descriptorShortage() {
                return .failure(TransportError(.tooManyOpenFiles, origin: origin, detail: words))
            }
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
        guard case .failure(let error) = outcome, error.code != .tooManyOpenFiles, !attempt.isLast, timeLeft > .zero
        else { return nil }
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
        case CURLE_PEER_FAILED_VERIFICATION: certificateCode
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
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

extension Transfer {
    /// What is wrong with a certificate, by OpenSSL's verdict (`X509_V_ERR_…`).
    fileprivate var certificateCode: TransportError.Code {
        switch easy.number(CURLINFO_SSL_VERIFYRESULT) {
        // The chain is good: what remains is the host's name, which libcurl compares by itself, with 1 for "not yet".
        case 0, 1, 62, 64: .certificateNameMismatch
        // Not valid yet, and expired.
        case 9, 10: .certificateExpired
        // The issuer's certificate is not there, is self-signed, or is no trusted one.
        case 2, 18, 19, 20, 21, 27: .certificateUnknownIssuer
        default: .tls
        }
    }

    /// What keeps a socket from being opened, in words; `nil` where one can be. libcurl does not tell, and the name's lookup and
    /// the certification authorities need descriptors as well.
    fileprivate func descriptorShortage() -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor < 0 else {
            close(descriptor)
            return nil
        }
        switch errno {
        case EMFILE: return "this process has as many files open as it may (EMFILE)"
        case ENFILE: return "this machine has as many files open as it may (ENFILE)"
        default: return nil
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
