import FoundationEssentials
import OpenIDConnect

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
        fetched = Fetched(freshness: Self.freshness, now: now) {
            do throws(OpenIDError) {
                return .success(
                    try await OpenIDClient(
                        discovering: registration.location, registration: registration.client, transport: transport,
                        now: now))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The client, discovered where it has not been or was long ago. A provider that is down now may be up at the next
    /// call: a failure is not kept.
    func client() async throws(OpenIDError) -> OpenIDClient { try await fetched.current().value }

}
