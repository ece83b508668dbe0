public import FoundationEssentials
import JOSE
import Synchronization

/// A provider's keys, fetched when they are needed. A key that is not known is looked for at once, but not more often
/// than a small budget allows; an outage keeps the last good set.
public final class KeySource: Sendable {
    /// `jwks_uri`.
    package let url: EndpointURL
    private let fetched: Fetched<JWKSet>
    private let now: @Sendable () -> Date
    private let budgets = Mutex<[TokenSender: Budget]>([:])

    /// How long a set serves before the next login asks again, in seconds.
    static let freshness: TimeInterval = 900
    /// How often keys are fetched because a token's key was not known: five times at once, then once a minute. Enough for a
    /// provider that rotates during logins, too little to be used against it.
    private static let refetches = Budget(most: 5, perSecond: 1.0 / 60)

    /// Keys at `jwks_uri`; nothing is fetched yet.
    public init(
        url: EndpointURL, transport: any HTTPTransport, limits: TransportRequest.Limits = .init(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.url = url
        self.now = now
        fetched = Fetched(freshness: Self.freshness, now: now) {
            do throws(OpenIDError) {
                return .success(try await Self.fetch(url, through: transport, limits: limits))
            } catch {
                return .failure(error)
            }
        }
    }

    /// How many tokens that anybody can send are verified at a time, in the whole process: half of the processors at most are
    /// kept busy by junk.
    static let untrustedVerifications = ConcurrencyLimit(max(1, ProcessInfo.processInfo.activeProcessorCount / 2))

    /// Verifies a signature. Where no key fits, or the one that fits does not verify, the provider may have changed its
    /// keys: then they are fetched anew once (OIDC Core §10.1.1), unless they have just been.
    ///
    /// Throws ``OpenIDError`` `.idToken(.signature)` or what fetching the keys throws.
    func verify(
        _ token: JWS, from sender: TokenSender, allowing algorithms: Set<JWSAlgorithm>
    ) async throws(OpenIDError) -> VerifiedPayload {
        let (keys, isNew) = try await fetched.current()
        do {
            return try await verify(token, from: sender, with: keys, allowing: algorithms)
        } catch {
            let spent =
                !isNew && error.mayBeMendedByNewKeys
                && budgets.withLock { $0[sender, default: Self.refetches].spend(at: now()) }
            guard spent else {
                // The key may be one of those that could not be fetched: that says nothing against the token.
                if error.isUnknownKey, let failure = fetched.lastFailure { throw failure }
                throw Self.refusal(error, keys)
            }
        }
        let renewed = try await fetched.renewed()
        do {
            return try await verify(token, from: sender, with: renewed, allowing: algorithms)
        } catch {
            throw Self.refusal(error, renewed)
        }
    }

    private func verify(
        _ token: JWS, from sender: TokenSender, with keys: JWKSet, allowing algorithms: Set<JWSAlgorithm>
    ) async throws(JOSEError) -> VerifiedPayload {
        do throws(JOSEError) {
            let payload =
                switch sender {
                case .provider: try token.verify(using: keys, allowing: algorithms)
                case .anybody:
                    try await Self.untrustedVerifications.run { () throws(JOSEError) in
                        try token.verify(using: keys, allowing: algorithms)
                    }
                }
            LoginRecorder.current?.add(keys, fitting: payload.keyID, for: token, verified: true)
            return payload
        } catch {
            LoginRecorder.current?.add(keys, fitting: nil, for: token, verified: false)
            throw error
        }
    }

    private static func fetch(
        _ url: EndpointURL, through transport: any HTTPTransport, limits: TransportRequest.Limits
    ) async throws(OpenIDError) -> JWKSet {
        let bytes = try await transport.document(
            at: url, for: .keys, accept: "application/jwk-set+json, application/json", limits: limits)
        do {
            return try JWKSet(parsing: bytes)
        } catch {
            throw OpenIDError(
                .keySet, expected: "a JWK Set at jwks_uri", actual: "\(error)",
                remedy: "The provider's key set is not usable: check JWKS_URI; else its operator has to mend it.",
                endpoint: .keys)
        }
    }

    private static func refusal(_ error: JOSEError, _ keys: JWKSet) -> OpenIDError {
        let skipped = keys.skipped.isEmpty ? "" : " (\(keys.skipped.count) unusable ones were skipped)"
        return OpenIDError(
            .idToken(.signature), expected: "a signature by one of the provider's \(keys.keys.count) keys\(skipped)",
            actual: "\(error)",
            remedy: error.code == .tooManyKeys ? error.remedy : Self.remedy(error, keys))
    }

    private static func remedy(_ error: JOSEError, _ keys: JWKSet) -> String {
        if keys.keys.isEmpty {
            return
                "The key set at jwks_uri (JWKS_URI) has no key that can be used; its operator finds the reasons with oidc-demo check."
        }
        return switch error.code {
        case .keyNotFound:
            "The token names a key that is not in the set at jwks_uri (JWKS_URI): the provider has to publish the keys that it signs with."
        case .noFittingKey:
            "The key set at jwks_uri (JWKS_URI) has no key for the algorithm that the token is signed with: the provider has to publish it, or sign with another (ID_TOKEN_SIGNED_RESPONSE_ALG)."
        default:
            "The token was not signed by the key that it names, or was changed on the way: check that jwks_uri (JWKS_URI) serves the keys of this provider, then try again."
        }
    }
}

extension JOSEError {
    fileprivate var mayBeMendedByNewKeys: Bool {
        [.keyNotFound, .noFittingKey, .signature, .tooManyKeys].contains(code)
    }
}

extension JOSEError {
    fileprivate var isUnknownKey: Bool { [.keyNotFound, .noFittingKey].contains(code) }
}

/// Where a token came from. Each has a budget of its own: junk that anybody can post takes nothing from the logins, and only
/// so many of it is verified at a time.
enum TokenSender {
    /// The provider, which was asked for it.
    case provider
    /// Whoever can reach this application.
    case anybody
}
