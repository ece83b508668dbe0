import FoundationEssentials
import OpenIDConnect
import Synchronization

/// A registered provider with what was fetched of it.
final class RegisteredProvider: Sendable {
    let registration: ProviderRegistration
    let choice: ProviderChoice
    private let fetched: Fetched<OpenIDClient>

    /// How long metadata serve before the next login asks again, in seconds.
    static let freshness: TimeInterval = 3600

    init(
        _ registration: ProviderRegistration, choice: ProviderChoice, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Date
    ) {
        self.registration = registration
        self.choice = choice
        let client = registration.client
        let lastKeys = LastKeys()
        fetched = Fetched(freshness: Self.freshness, now: now) {
            do throws(OpenIDError) {
                let metadata = try await ProviderMetadata.discover(
                    registration.location, through: transport, plainHTTP: client.plainHTTP, limits: client.limits,
                    tenants: client.tenants)
                let keysURL = client.endpoints.jwksURI ?? metadata.jwksURI
                let keys = lastKeys.at(keysURL) {
                    KeySource(url: keysURL, transport: transport, limits: client.limits, now: now)
                }
                return .success(
                    try OpenIDClient(
                        registration: client, metadata: metadata, keys: keys, transport: transport, now: now))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The client, discovered where it has not been or was long ago. A provider that is down now may be up at the next
    /// call: a failure is not kept.
    func client() async throws(OpenIDError) -> OpenIDClient { try await fetched.current().value }

}

/// The keys outlive the metadata that named them: the last good set serves on through an outage.
final class LastKeys: Sendable {
    private let last = Mutex<KeySource?>(nil)

    func at(_ url: EndpointURL, otherwise make: () -> KeySource) -> KeySource {
        last.withLock { last in
            if let last, last.url == url { return last }
            let made = make()
            last = made
            return made
        }
    }
}
