public import FoundationEssentials
public import HTTPMessages

/// An OpenID Provider for development and tests: it lets everyone in, as one of its users, with one click and no password.
///
/// A handler over HTTP messages, to be put behind a server that listens on the loopback address only. It offers
/// discovery, the code flow with PKCE, refresh, user information and RP-initiated logout. Its keys are made when first
/// needed, its state is in memory and bounded, and both end with it.
///
/// ```swift
/// let provider = try DevelopmentProvider(
///     issuer: "http://localhost:8001",
///     clients: [
///         DevelopmentClient(
///             id: "oidc-demo", secret: "secret", redirectURIs: ["http://localhost:8000/login/authorize"])
///     ])
/// let response = await provider.respond(to: request)
/// ```
public final class DevelopmentProvider: Sendable {
    /// The issuer, byte for byte as it was given.
    public let issuer: String
    private let router: Router

    /// A provider with these clients and users.
    ///
    /// `now` is the time, `generator` the source of codes, tokens and identifiers. Throws
    /// ``DevelopmentProviderError`` where the issuer is not on the loopback, where clients or users have the same
    /// identifier, and where one of them cannot be registered.
    public convenience init(
        issuer: String, clients: [DevelopmentClient], users: [DevelopmentUser] = .readyUsers,
        now: @escaping @Sendable () -> Date = { Date() },
        using generator: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(DevelopmentProviderError) {
        try self.init(
            issuer: issuer, clients: clients, users: users, capacity: 10_000, now: now, using: generator)
    }

    /// `capacity` bounds sessions and grants, each.
    init(
        issuer: String, clients: [DevelopmentClient], users: [DevelopmentUser], capacity: Int,
        now: @escaping @Sendable () -> Date, using generator: some RandomNumberGenerator & Sendable
    ) throws(DevelopmentProviderError) {
        let endpoints = Endpoints(
            issuer: try LoopbackIssuer(issuer), clients: try Self.registered(clients), users: try Self.checked(users),
            capacity: capacity, now: now, using: generator)
        self.issuer = issuer
        router = endpoints.router
    }

    /// Answers a request.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        await router.respond(to: request)
    }

    private static func registered(
        _ clients: [DevelopmentClient]
    ) throws(DevelopmentProviderError) -> [String: DevelopmentClient] {
        var registered: [String: DevelopmentClient] = [:]
        for client in clients {
            try client.check()
            guard registered.updateValue(client, forKey: client.id) == nil else {
                throw DevelopmentProviderError(
                    .client, "client \(client.id.debugDescription) is there twice",
                    remedy: "give every client an identifier of its own")
            }
        }
        return registered
    }

    private static func checked(_ users: [DevelopmentUser]) throws(DevelopmentProviderError) -> [DevelopmentUser] {
        guard !users.isEmpty else {
            throw DevelopmentProviderError(.user, "there is no user", remedy: "leave the ready users in place")
        }
        var subjects: Set<String> = []
        for user in users {
            // OIDC Core §2.
            let isASCII = user.subject.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
            guard !user.subject.isEmpty, user.subject.utf8.count <= 255, isASCII else {
                throw DevelopmentProviderError(
                    .user, "the subject \(user.subject.debugDescription) is empty, too long or not ASCII",
                    remedy: "use at most 255 ASCII characters")
            }
            guard subjects.insert(user.subject).inserted else {
                throw DevelopmentProviderError(
                    .user, "the subject \(user.subject.debugDescription) is there twice",
                    remedy: "give every user a subject of its own")
            }
        }
        return users
    }
}
