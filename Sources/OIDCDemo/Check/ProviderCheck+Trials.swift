import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import WebLogin

/// What only the provider's answers tell: whether it takes the client's proof, and whether it knows the redirect URI.
extension ProviderCheck {
    // MARK: The token endpoint

    /// Sends a code that nobody has issued: the answer tells whether the provider accepted who sent it (RFC 6749 §5.2).
    mutating func tryTokenEndpoint(_ client: OpenIDClient, _ chosen: ClientAuthenticationMethod) async {
        // Apple's secrets are made of a key: there is no secret of one's own that could be wrong.
        let method = isApple ? .privateKeyJWT : chosen
        guard let error = await answer(to: client) else {
            add(
                .problem(
                    .tokenEndpoint, "the provider gave tokens for a code that it has not issued",
                    remedy: "Do not use this provider: it logs in whoever asks."))
            return
        }
        switch error.code {
        case .tokenRequestRefused(.invalidGrant): await weighAcceptance(error, client, method)
        case .tokenRequestRefused(.invalidClient): await explainRefusal(error, client, method)
        case .tokenRequestRefused(let name)
        where name == .unauthorizedClient || name.name.isExactly("unsupported_grant_type"):
            add(
                .problem(.tokenEndpoint, error)
                    .remedied(
                        "Check CLIENT_ID and CLIENT_SECRET, and that the client may use the authorization code flow there."
                    ))
        case .tokenRequestRefused(let name) where name.name.asciiLowercased.utf8.contains("redirect_uri"):
            add(
                .problem(.tokenEndpoint, error)
                    .remedied("Register the redirect URI below at the provider, to the byte."))
        case .status where error.actual.utf8.hasPrefix("status 401"):
            await explainRefusal(error, client, method)
        case .status where ["status 404", "status 405", "status 410"].contains(where: error.actual.utf8.hasPrefix):
            add(
                .problem(.tokenEndpoint, error)
                    .remedied("The metadata name a token_endpoint that is not there; the provider has to mend them."))
        case .registration, .transport: add(.problem(.tokenEndpoint, error))
        // Not every provider says invalid_grant: Glewlwyd 2.7 says invalid_code.
        case .tokenRequestRefused where method != .none && method != .privateKeyJWT:
            await weighAcceptance(error, client, method)
        default: add(uncertain(error))
        }
    }

    private var isApple: Bool { registration.client.appleTeamID != nil }

    private func uncertain(_ error: OpenIDError) -> CheckFinding {
        .warning(
            .tokenEndpoint,
            "a made-up code is answered with \(error.actual): whether the client is accepted cannot be told",
            remedy: "Log in once to see. If that fails at the token endpoint, read the provider's log.")
    }

    private func answer(to client: OpenIDClient) async -> OpenIDError? {
        do throws(OpenIDError) {
            try await client.redeemUnissuedCode()
            return nil
        } catch {
            return error
        }
    }

    /// A provider that looks at the code before it looks at the client answers anybody so: a wrong secret is the
    /// counter-check.
    private mutating func weighAcceptance(
        _ error: OpenIDError, _ client: OpenIDClient, _ method: ClientAuthenticationMethod
    ) async {
        switch method {
        case .none:
            add(.ok(.tokenEndpoint, "the provider answers the client; it has no secret that could be wrong"))
        case .privateKeyJWT:
            add(
                .ok(
                    .tokenEndpoint,
                    "the provider answers a made-up code with invalid_grant, so it has accepted the client's key"))
        case .clientSecretBasic, .clientSecretPost, .clientSecretJWT:
            var registration = registration.client
            var generator = SystemRandomNumberGenerator()
            registration.clientSecret = ClientSecret(
                "no-secret-" + State(using: &generator).string + State(using: &generator).string)
            let counter = await answer(to: registration, at: client.metadata)
            guard counter.map(isRefusalOfClient) ?? false else {
                add(uncertain(error))
                return
            }
            add(
                .ok(
                    .tokenEndpoint,
                    "client_id and client_secret are right: a made-up code is answered with \(error.actual),"
                        + " and with another secret the client is refused"))
        }
    }

    private func isRefusalOfClient(_ error: OpenIDError) -> Bool {
        let refusals: [OpenIDError.Code] = [
            .tokenRequestRefused(.invalidClient), .tokenRequestRefused(.unauthorizedClient),
        ]
        return refusals.contains(error.code) || error.actual.isExactly("status 401")
    }

    private func answer(to registration: ClientRegistration, at metadata: ProviderMetadata) async -> OpenIDError? {
        do throws(OpenIDError) {
            return await answer(
                to: try OpenIDClient(registration: registration, metadata: metadata, transport: transport, now: now))
        } catch {
            return error
        }
    }

    /// Whether the other way to send the secret would be accepted. With an assertion it stays here: a check does not send what
    /// no login does.
    private mutating func explainRefusal(
        _ error: OpenIDError, _ client: OpenIDClient, _ method: ClientAuthenticationMethod
    ) async {
        let others: [ClientAuthenticationMethod: ClientAuthenticationMethod] = [
            .clientSecretBasic: .clientSecretPost, .clientSecretPost: .clientSecretBasic,
        ]
        let way = isApple ? "a secret made of the key" : method.rawValue
        let sent = "client authentication by \(way) is refused: \(error.actual)"
        if let other = others[method] {
            var registration = registration.client
            registration.tokenEndpointAuthMethod = other
            let second = await answer(to: registration, at: client.metadata)
            if second?.code == .tokenRequestRefused(.invalidGrant) {
                add(
                    .problem(.tokenEndpoint, sent + "; by \(other.rawValue) it is accepted")
                        .remedied("Set TOKEN_ENDPOINT_AUTH_METHOD=\(other.rawValue).", rule: error.code.name))
                return
            }
        }
        let remedy =
            switch method {
            case .none:
                "Check CLIENT_ID. If the provider gave a secret, set CLIENT_SECRET and unset TOKEN_ENDPOINT_AUTH_METHOD."
            case .privateKeyJWT:
                "Check CLIENT_ID, that the provider has the public key of CLIENT_KEY_FILE, and"
                    + " CLIENT_ASSERTION_AUDIENCE."
            default: "CLIENT_ID or CLIENT_SECRET is wrong, or the client has another authentication method there."
            }
        add(.problem(.tokenEndpoint, sent).remedied(remedy, rule: error.code.name))
    }

    // MARK: The authorization endpoint

    /// Asks for a login without a user (`prompt=none`): a provider that knows the redirect URI sends the refusal there, one
    /// that does not shows a page of its own (RFC 6749 §4.1.2.1).
    mutating func tryAuthorizationEndpoint(_ client: OpenIDClient) async {
        var options = registration.options
        options.prompt = [.none]
        let (address, pending) = client.beginLogin(scopes: registration.scopes(at: client.metadata), options: options)
        guard let url = EndpointURL(address, plainHTTP: registration.client.plainHTTP) else { return }
        let request = TransportRequest(
            method: .get, url: url, fields: [("Accept", "text/html")], limits: registration.client.limits)
        let response: TransportResponse
        do {
            response = try await transport.send(request)
        } catch {
            // Only browsers have to reach it: they may know it by another way than this machine.
            add(
                .warning(
                    .redirectURI, "the authorization endpoint does not answer this machine: \(excerpt("\(error)"))",
                    remedy: "Check that browsers can reach \(client.metadata.authorizationEndpoint.origin)."))
            return
        }
        let redirect = pending.redirectURI.url.string
        if (300..<400).contains(response.status), let target = response.values("location").first,
            let query = target.utf8.rest(after: redirect + "?")
        {
            judge(query, client, pending)
        } else if (400..<500).contains(response.status) {
            let page = String(decoding: response.body, as: UTF8.self).asciiLowercased.utf8
            let isNamed = ["redirect_uri", "redirect uri", "redirecturi", "redirect_url"].contains { page.contains($0) }
            let found = "the provider answers a login with status \(response.status) in place of a redirect"
            let remedy = "Register the redirect URI \(redirect) at the provider, to the byte; check CLIENT_ID."
            add(
                isNamed
                    ? .problem(.redirectURI, found + ", and its page speaks of the redirect URI", remedy: remedy)
                    : .warning(.redirectURI, found + ": probably it does not know the redirect URI", remedy: remedy))
        } else if response.status >= 500 {
            add(
                .warning(
                    .redirectURI, "the authorization endpoint answers with status \(response.status)",
                    remedy: "See the provider's log."))
        } else if registration.options.responseMode == .formPost,
            String(decoding: response.body, as: UTF8.self).utf8.contains(redirect)
        {
            add(.ok(.redirectURI, "the provider sends a form to \(redirect)"))
        } else {
            add(
                .warning(
                    .redirectURI,
                    "the provider shows a page of its own in place of an answer to prompt=none, so that it cannot be told"
                        + " whether it knows the redirect URI",
                    remedy: "Log in once to see; \(redirect) has to be registered, to the byte."))
        }
    }

    /// An answer at the redirect URI: the provider knows that. What it says may still keep everybody from logging in.
    private mutating func judge(_ query: Substring, _ client: OpenIDClient, _ pending: PendingLogin) {
        let redirect = pending.redirectURI.url.string
        let known = CheckFinding.ok(.redirectURI, "the provider knows \(redirect)")
        guard let parameters = try? FormParameters(parsing: query) else {
            add(.warning(.redirectURI, "the provider's answer at \(redirect) cannot be read"))
            return
        }
        do throws(OpenIDError) {
            let response = try AuthorizationResponse(
                parameters: parameters.parameters.map { ($0.name, $0.value) }, mode: pending.responseMode)
            try client.check(response, pending: pending)
            add(known)
        } catch {
            let error = incompleteRefusal(parameters, error) ?? error
            guard case .authorizationRefused(let refusal) = error.code else {
                add(.problem(.redirectURI, error))
                return
            }
            let harmless = ["login_required", "interaction_required", "consent_required", "account_selection_required"]
            switch refusal {
            case _ where harmless.containsExactly(refusal.name), .accessDenied: add(known)
            case .invalidScope:
                add(.problem(.scopes, error).remedied("Set SCOPE to what the provider has for this client."))
            case .unauthorizedClient: add(.problem(.redirectURI, error))
            default:
                add(
                    .warning(
                        .redirectURI, "the provider knows \(redirect), and answers a login with \(error.actual)",
                        remedy: error.remedy))
            }
        }
    }
}

extension ProviderCheck {
    /// What a refusal says that lacks `iss` or `state`: that shows nothing of what a login's response has, and no login ends
    /// by it. One with another's is a problem. Tells of it.
    private mutating func incompleteRefusal(_ parameters: FormParameters, _ error: OpenIDError) -> OpenIDError? {
        let isLack =
            error.code == .responseIssuer && parameters["iss"] == nil
            || error.code == .authorizationResponse && parameters["state"] == nil
        guard isLack, parameters["code"] == nil, let refusal = parameters["error"].flatMap({ ErrorResponse($0) }) else {
            return nil
        }
        let lacking = ["state", "iss"].filter { parameters[$0] == nil }
        add(
            .warning(
                .responseIssuer,
                "the provider's error response lacks \(list(lacking)): a login's response that lacks it too is refused",
                remedy: "Log in once to see. Who cancels at the provider is told that the response cannot be trusted."))
        return OpenIDError(
            .authorizationRefused(refusal), expected: "a code", actual: refusal.name,
            remedy: "See the provider's log and documentation for this error.")
    }
}

extension CheckFinding {
    /// The same with a remedy that fits better.
    func remedied(_ remedy: String, rule: String? = nil) -> CheckFinding {
        CheckFinding(check: check, verdict: verdict, found: found, remedy: remedy, rule: rule ?? self.rule)
    }
}
