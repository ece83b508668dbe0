extension HTTPTransport {
    /// Sends a request; what the transport throws becomes an ``OpenIDError`` that names the endpoint.
    func exchange(
        _ request: TransportRequest, for purpose: TransportRequest.Purpose
    ) async throws(OpenIDError) -> TransportResponse {
        let request = request.with(purpose)
        let recorder = LoginRecorder.current
        let start = recorder?.time
        recorder?.add(purpose.step, [.init(.sent, request.method.rawValue, request.url.string)])
        do {
            let response = try await send(request)
            if let recorder, let start { recorder.add(response, of: purpose, since: start) }
            return response
        } catch let error as TransportError {
            if let recorder, let start { recorder.add(purpose.step, requestSince: start) }
            throw OpenIDError(
                .transport(error.code), expected: "an answer from the \(purpose.words) at \(request.url.origin)",
                actual: error.detail, remedy: error.code.remedy, endpoint: purpose)
        } catch {
            throw OpenIDError(
                .transport(.failed), expected: "an answer from the \(purpose.words) at \(request.url.origin)",
                actual: "the transport failed", remedy: TransportError.Code.failed.remedy, endpoint: purpose)
        }
    }

    /// Gets a document whose status has to be one of success. A redirect is not followed: it is an answer of the wrong status.
    func document(
        at url: EndpointURL, for purpose: TransportRequest.Purpose, accept: String = "application/json",
        limits: TransportRequest.Limits
    ) async throws(OpenIDError) -> [UInt8] {
        let request = TransportRequest(method: .get, url: url, fields: [("Accept", accept)], limits: limits)
        let response = try await exchange(request, for: purpose)
        guard response.hasDocument else {
            let target = response.redirectTarget.map { ", a redirect to \($0)" } ?? ""
            throw OpenIDError(
                .status, expected: "status 200 from the \(purpose.words) at \(url.origin)",
                actual: "status \(response.status)\(target)", remedy: purpose.remedy(forStatus: response.status),
                endpoint: purpose)
        }
        return response.document
    }
}

extension TransportError.Code {
    /// What an operator does about it.
    var remedy: String {
        switch self {
        case .unresolved: "Check the host name in the address and this machine's name resolution."
        case .unreachable: "Check that the provider runs and that this machine may connect to it."
        case .certificateExpired:
            "The provider has to renew its certificate; if it is valid, set this machine's clock."
        case .certificateUnknownIssuer:
            """
            Trust the certification authority that issued it (CA_FILE, or for one of several providers CA_FILE with its name in \
            front), or have the provider send its intermediate certificates.
            """
        case .certificateNameMismatch:
            "Compare the host in the address (SERVER_METADATA_URL, or the endpoint's) with the names in the certificate."
        case .tls:
            "The provider has to speak TLS 1.2 or later at this port; a detail of the handshake stands above."
        case .timedOut: "The provider is slow or stuck; try again, and look at its health."
        case .tooLarge: "The answer is larger than any that a login needs; check the address."
        case .truncated, .malformed: "Something between here and the provider breaks its answers; check proxies."
        case .cancelled: "Try again."
        case .tooManyOpenFiles:
            "Raise this app's limit on open files (LimitNOFILE in systemd, or ulimit -n); the provider was not asked."
        case .failed: "See the detail; check the network between here and the provider."
        }
    }
}
