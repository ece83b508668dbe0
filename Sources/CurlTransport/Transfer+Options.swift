import CCurl
import OpenIDConnect

extension Transfer {
    /// Everything that makes the request, and every limit that libcurl can keep for us.
    func setOptions(_ request: TransportRequest, _ settings: TransferSettings) throws(TransportError) {
        easy.setID(id)
        easy.set(CURLOPT_URL, request.url.string)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_USERAGENT, "swift-openid-connect")
        if request.method == .post {
            easy.set(CURLOPT_POST, 1)
            easy.setBody(request.body)
            // libcurl would wait for "100 Continue" before a large body.
            easy.appendField("Expect:")
        }
        for (name, value) in request.fields {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw TransportError(.failed, origin: origin, detail: "a field of the request is not one of HTTP")
            }
            // For libcurl a name with a colon and nothing else takes a field away.
            easy.appendField(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        setLimits(request.limits)
        setConnection()
        setTrust(settings, isLoopback: request.url.isLoopback)
        guard easy.refusedOption == CURLE_OK else {
            throw TransportError(.failed, origin: origin, detail: "libcurl lacks an option that is needed")
        }
    }

    private func setLimits(_ limits: TransportRequest.Limits) {
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_HTTP09_ALLOWED, 0)
        // One framing, of which every part is checked; a few requests a login gain nothing from HTTP/2.
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connect))
        easy.set(CURLOPT_TIMEOUT_MS, milliseconds(timeLeft))
        easy.set(CURLOPT_NOSIGNAL, 1)
        // Without it, a transfer that ends while its host name is looked up holds up all others until that is done.
        easy.set(CURLOPT_QUICK_EXIT, 1)
    }

    /// Which connections and which addresses serve.
    private func setConnection() {
        if attempt.opensConnection { easy.set(CURLOPT_FRESH_CONNECT, 1) }
        // What was idle for longer is closed: to find out that it leads nowhere takes longer than to open another.
        easy.set(CURLOPT_MAXAGE_CONN, 1)
        // Whether an address is still good is for us to decide: -1 is for ever, 0 is not at all.
        easy.set(CURLOPT_DNS_CACHE_TIMEOUT, attempt.looksUpName ? 0 : -1)
    }

    private func setTrust(_ settings: TransferSettings, isLoopback: Bool) {
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        switch settings.authorities {
        case .system: break
        case .file(let path): easy.set(CURLOPT_CAINFO, path)
        case .memory(let file): easy.set(CURLOPT_CAINFO, file.path)
        case .text(let text): easy.setBlob(CURLOPT_CAINFO_BLOB, text)
        }
        if !settings.searchesDirectory { easy.set(CURLOPT_CAPATH, nil) }
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // An empty text turns the environment's proxies off.
        if settings.proxy == .none || isLoopback { easy.set(CURLOPT_PROXY, "") }
    }
}

/// libcurl takes 0 for "no limit", and no more than 31 bits.
private func milliseconds(_ duration: Duration) -> Int {
    Int(min(max(duration / .milliseconds(1), 1), Double(Int32.max)))
}
