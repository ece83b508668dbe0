import ByteText
import FoundationEssentials
import JOSE
import OpenIDConnect
import WebLogin

/// Examines one provider as a login would use it, without anybody logging in. Each request has the time limit of a login's,
/// and there are at most seven.
struct ProviderCheck {
    let registration: ProviderRegistration
    let transport: ObservedTransport
    let now: @Sendable () -> Date
    /// Whose certificates the provider's may come from, in words.
    let authorities: String
    /// What is found, in order.
    private(set) var findings: [CheckFinding] = []

    init(
        _ registration: ProviderRegistration, transport: any HTTPTransport, authorities: String,
        now: @escaping @Sendable () -> Date
    ) {
        self.registration = registration
        self.transport = ObservedTransport(transport, now: now)
        self.authorities = authorities
        self.now = now
    }

    /// Looks at everything; what depends on something that failed is left out.
    mutating func run() async {
        if let metadata = await discover() {
            let keys = await examineKeys(metadata)
            examineAlgorithms(metadata, keys)
            let method = examineClientAuthentication(metadata)
            examinePKCE(metadata)
            examineResponseMode(metadata)
            examineScopes(metadata)
            examineLogout(metadata)
            if let client = client(at: metadata) {
                if let method { await tryTokenEndpoint(client, method) }
                await tryAuthorizationEndpoint(client)
            }
        }
        examineClock()
    }

    mutating func add(_ finding: CheckFinding) { findings.append(finding) }

    /// The client that a login would use. What keeps it from being made has been found already.
    private func client(at metadata: ProviderMetadata) -> OpenIDClient? {
        try? OpenIDClient(registration: registration.client, metadata: metadata, transport: transport, now: now)
    }

    // MARK: Discovery

    private mutating func discover() async -> ProviderMetadata? {
        let location = registration.location
        do throws(OpenIDError) {
            let metadata = try await ProviderMetadata.discover(
                location, through: transport, plainHTTP: registration.client.plainHTTP,
                limits: registration.client.limits, tenants: registration.client.tenants)
            examineTLS(location.url)
            add(.ok(.discovery, "\(location.url) names the issuer \(metadata.issuer), which is the expected one"))
            examineEndpoints(metadata.document)
            tellLeftOut(metadata)
            return metadata
        } catch {
            explainDiscovery(error)
            return nil
        }
    }

    private mutating func examineTLS(_ url: EndpointURL) {
        guard url.scheme == .https else {
            add(
                .warning(
                    .tls, "the provider is reached by plain http on this machine",
                    remedy: "Good for development; a provider out in the world has to have https."))
            return
        }
        add(.ok(.tls, "the certificate of \(url.host) is verified by \(authorities)"))
    }

    private mutating func explainDiscovery(_ error: OpenIDError) {
        let answer = transport.exchanges.last?.response
        if answer != nil { examineTLS(registration.location.url) }
        switch error.code {
        case .transport(let code) where code.isTLS: add(.problem(.tls, error))
        case .metadata where answer.map(isPage) ?? false:
            add(.problem(.discovery, error, came: "a page (HTML)"))
        case .metadata:
            let before = findings.count
            if let answer, let document = try? JSONObject(parsing: answer.body), document["issuer"] != nil {
                examineEndpoints(document)
            }
            if !findings[before...].contains(where: { $0.verdict == .problem }) { add(.problem(.discovery, error)) }
        default: add(.problem(.discovery, error))
        }
    }

    private func isPage(_ response: TransportResponse) -> Bool {
        response.values("content-type").first?.asciiLowercased.utf8.hasPrefix("text/html") ?? false
            || response.body.first { $0 > 0x20 } == UInt8(ascii: "<")
    }

    // MARK: Endpoints

    private mutating func examineEndpoints(_ document: JSONObject) {
        // As the library reads them: a provider with https has no endpoint without it.
        let isPlain = document["issuer"]?.string.flatMap { EndpointURL($0) }?.scheme == .http
        let plainHTTP = isPlain ? registration.client.plainHTTP : .nowhere
        var found: [String] = []
        for (name, feature) in [
            ("authorization_endpoint", nil), ("token_endpoint", nil), ("jwks_uri", nil),
            ("userinfo_endpoint", "UserInfo is not asked; set USERINFO_ENDPOINT"),
            ("end_session_endpoint", "a logout ends the session here only; set END_SESSION_ENDPOINT or LOGOUT_URL"),
            ("check_session_iframe", "pages cannot watch the session there; use back-channel logouts"),
        ] as [(String, String?)] {
            guard let value = document[name] else {
                if feature == nil {
                    add(
                        .problem(
                            .endpoints, "the metadata have no \(name), without which nobody logs in",
                            remedy: "The provider's operator has to add it; or the address is another kind of server's."
                        ))
                }
                continue
            }
            if let text = value.string, EndpointURL(text, plainHTTP: plainHTTP) != nil {
                found.append(name)
                continue
            }
            let words =
                "\(name) is \(quoted(value.string ?? value.text)), but has to be an https URL"
                + " (http for a provider on this machine only)"
            let remedy =
                "The provider's operator has to mend it: often its own public address is not set,"
                + " or its proxy does not tell it that browsers use https."
            if let feature {
                add(.warning(.endpoints, words, remedy: "Until it is mended, \(feature). \(remedy)"))
            } else {
                add(.problem(.endpoints, words, remedy: remedy))
            }
        }
        if !findings.contains(where: { $0.check == .endpoints }) {
            add(.ok(.endpoints, "there are \(found.joined(separator: ", "))"))
        }
    }

    /// What of the metadata is malformed and not used; the endpoints have been told.
    private mutating func tellLeftOut(_ metadata: ProviderMetadata) {
        let endpoints = ["userinfo_endpoint", "end_session_endpoint", "check_session_iframe"]
        for member in metadata.leftOut where !endpoints.containsExactly(member.name) {
            add(
                .warning(
                    .discovery, "\(member.name) is \(quoted(member.actual)), but has to be \(member.expected)",
                    remedy: "It is left out, as if the provider did not say. Its operator has to mend it."))
        }
    }

    // MARK: The clock

    private mutating func examineClock() {
        guard !transport.exchanges.isEmpty else { return }
        guard let offset = ClockOffset(transport.exchanges) else {
            add(.warning(.clock, "the provider's answers have no Date, so that its clock cannot be compared"))
            return
        }
        let skew = registration.client.clockSkew
        let direction = offset.seconds < 0 ? "behind" : "ahead of"
        let seconds = wholeSeconds(abs(offset.seconds).rounded())
        let words = "the provider's clock is \(seconds) s \(direction) this machine's"
        let remedy = "Both should follow a time server; CLOCK_SKEW is \(wholeSeconds(skew)) s."
        // An ID Token of a provider whose clock is behind is old on arrival, and refused when it is too old.
        let limit = offset.seconds < 0 ? registration.client.maximumIDTokenAge + skew : max(skew, 1)
        if offset.atLeast >= limit {
            add(.problem(.clock, words + ", more than a login allows: ID Tokens are refused", remedy: remedy))
        } else if offset.atLeast >= max(skew, 1) {
            add(.warning(.clock, words + ": ID Tokens that serve for a short time are refused", remedy: remedy))
        } else if offset.atLeast >= 5 {
            add(.warning(.clock, words, remedy: remedy))
        } else {
            add(.ok(.clock, "the provider's clock and this machine's agree to a few seconds"))
        }
    }
}
