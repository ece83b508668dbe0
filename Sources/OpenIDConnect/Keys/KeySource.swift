public import FoundationEssentials
public import JOSE

/// A provider's keys. Who needs them while a fetch is under way shares it; an outage keeps the last good set; a key that
/// is not known is looked for at once, but not more often than a small budget allows.
public actor KeySource {
    private struct Fetched {
        let keys: JWKSet
        let at: Date
    }

    private let url: EndpointURL
    private let transport: any HTTPTransport
    private let limits: TransportRequest.Limits
    private let now: @Sendable () -> Date
    private var last: Fetched?
    private var flight: Task<Result<JWKSet, OpenIDError>, Never>?
    private var budget = RefetchBudget()

    /// How long a set serves before the next login asks again, in seconds.
    static let freshness: TimeInterval = 900

    /// Keys at `jwks_uri`; nothing is fetched yet.
    public init(
        url: EndpointURL, transport: any HTTPTransport, limits: TransportRequest.Limits = .init(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.url = url
        self.transport = transport
        self.limits = limits
        self.now = now
    }

    /// Verifies a signature. Where no key fits, or the one that fits does not verify, the provider may have changed its
    /// keys: then they are fetched anew once (OIDC Core §10.1.1), unless they have just been.
    ///
    /// Throws ``OpenIDError`` `.idToken(.signature)` or what fetching the keys throws.
    func verify(_ token: JWS, allowing algorithms: Set<JWSAlgorithm>) async throws(OpenIDError) -> VerifiedPayload {
        let (keys, fresh) = try await current()
        do {
            return try token.verify(using: keys, allowing: algorithms)
        } catch {
            guard !fresh, error.mayBeMendedByNewKeys, budget.spend(at: now()) else { throw refusal(error, keys) }
        }
        let renewed = try await fetch()
        do {
            return try token.verify(using: renewed, allowing: algorithms)
        } catch {
            throw refusal(error, renewed)
        }
    }

    /// The keys to begin with, and whether they were fetched just now.
    private func current() async throws(OpenIDError) -> (JWKSet, fresh: Bool) {
        guard let last else { return (try await fetch(), true) }
        if now().timeIntervalSince(last.at) < Self.freshness { return (last.keys, false) }
        do {
            return (try await fetch(), true)
        } catch {
            return (last.keys, true)
        }
    }

    /// One fetch at a time; who comes while it runs gets its result.
    private func fetch() async throws(OpenIDError) -> JWKSet {
        if let flight { return try await flight.value.get() }
        let task = Task { [url, transport, limits] () -> Result<JWKSet, OpenIDError> in
            do throws(OpenIDError) {
                return .success(try await Self.fetch(url, through: transport, limits: limits))
            } catch {
                return .failure(error)
            }
        }
        flight = task
        let result = await task.value
        flight = nil
        if case .success(let keys) = result { last = Fetched(keys: keys, at: now()) }
        return try result.get()
    }

    private static func fetch(
        _ url: EndpointURL, through transport: any HTTPTransport, limits: TransportRequest.Limits
    ) async throws(OpenIDError) -> JWKSet {
        let bytes = try await transport.document(
            at: url, endpoint: "key set", accept: "application/jwk-set+json, application/json", limits: limits)
        do {
            return try JWKSet(parsing: bytes)
        } catch {
            throw OpenIDError(
                .keySet, expected: "a JWK Set at jwks_uri", actual: "\(error)",
                remedy: "The provider's key set is not usable; its operator has to mend it.")
        }
    }

    private func refusal(_ error: JOSEError, _ keys: JWKSet) -> OpenIDError {
        let skipped = keys.skipped.isEmpty ? "" : " (\(keys.skipped.count) unusable keys were skipped)"
        return OpenIDError(
            .idToken(.signature), expected: "a signature by one of the provider's \(keys.keys.count) keys\(skipped)",
            actual: "\(error)",
            remedy: "Check that jwks_uri serves the keys that this provider signs with; try to log in again.")
    }
}

extension JOSEError {
    fileprivate var mayBeMendedByNewKeys: Bool { [.keyNotFound, .noFittingKey, .signature].contains(code) }
}

/// How often keys are fetched because a token's key was not known: five times at once, then once a minute. Enough for a
/// provider that rotates during logins, too little to be used against it.
struct RefetchBudget {
    private static let most = 5.0
    private static let perSecond = 1.0 / 60
    private var left = Self.most
    private var asOf: Date?

    /// Takes one from the budget; false where none is left.
    mutating func spend(at now: Date) -> Bool {
        if let asOf { left = min(Self.most, left + max(0, now.timeIntervalSince(asOf)) * Self.perSecond) }
        asOf = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
