import ByteText
public import FoundationEssentials
public import HTTPMessages
public import OpenIDConnect
public import Sessions
import Synchronization

/// Login by OpenID Connect for a web application: register providers, mount the routes, read the session's user.
///
/// ```swift
/// let login = try WebLogin(publicURL: "http://localhost:8000", secretKeys: keys, sessions: store, transport: transport)
/// try login.register("oidc_entry", clientID: id, clientSecret: secret, serverMetadataURL: url)
/// login.mount(on: &router)
/// router.add(.get, "/") { request in
///     guard let user = try? await login.session(of: request) else { return login.loginRequired(request) }
///     return .text("Hello, \(user.name ?? user.subject.string)")
/// }
/// ```
public final class WebLogin: Sendable {
    let publicURL: EndpointURL
    let secretKeys: SecretKeys
    let sessions: any SessionStore
    let sessionLifetime: SessionLifetime
    let transport: any HTTPTransport
    let pages: any LoginPages
    let clientAddress: @Sendable (HTTPRequest) -> String
    let wait: @Sendable (Duration) async throws -> Void
    let refreshes = Refreshes()
    let tracing: TracePolicy
    /// Traces take room where the sessions are: two hundred at once, a thousand an hour after that.
    let traceBudget = Mutex(Budget(most: 200, perSecond: 1000.0 / 3600))
    let now: @Sendable () -> Date
    let report: @Sendable (LoginEvent) -> Void
    let cookieNames: CookieNames
    private let providers = Mutex(Providers())

    /// A login for the application at `publicURL`, its address as browsers know it: never read from a request's `Host`.
    /// `secretKeys` seal what browsers carry during a login. `clientAddress` says where a browser is, for the list of a
    /// user's sessions; behind a proxy the peer is the proxy. `report` hears of each login, refusal and logout. `wait` is
    /// used while another machine refreshes a token. `tracing` says whose logins are kept to be looked at.
    ///
    /// Throws ``WebLoginError`` where the address is no https URL (http for loopback only, or where `plainHTTP` says so)
    /// without path and query.
    public init(
        publicURL: String, secretKeys: SecretKeys, sessions: any SessionStore,
        sessionLifetime: SessionLifetime = SessionLifetime(), transport: any HTTPTransport,
        pages: any LoginPages = PlainLoginPages(), tracing: TracePolicy = .off,
        plainHTTP: EndpointURL.PlainHTTP = .onLoopback,
        clientAddress: @escaping @Sendable (HTTPRequest) -> String = { $0.peerAddress },
        now: @escaping @Sendable () -> Date = { Date() },
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        report: @escaping @Sendable (LoginEvent) -> Void = { _ in }
    ) throws(WebLoginError) {
        guard let url = EndpointURL(publicURL, plainHTTP: plainHTTP), ["", "/"].containsExactly(url.path),
            url.query == nil
        else { throw WebLoginError(publicURL: publicURL) }
        self.publicURL = url
        self.secretKeys = secretKeys
        self.sessions = sessions
        self.sessionLifetime = sessionLifetime
        self.transport = transport
        self.pages = pages
        self.tracing = tracing
        self.clientAddress = clientAddress
        self.wait = wait
        self.now = now
        self.report = report
        cookieNames = CookieNames(isSecure: url.scheme == .https)
    }

    /// Registers a provider. The first one's redirect URI is `/login/authorize`, every further one's
    /// `/login/authorize/NAME`, so that an answer tells which provider it is from (RFC 9700 §4.4.2.2).
    ///
    /// `kind` is known by the address where the service is known by it, else `ProviderKind.other`; what is usual for it
    /// is set first, and `configure` sets what else the registration can be told.
    ///
    /// Throws ``RegistrationError`` where a value breaks the rule of its type or the name is taken.
    public func register(
        _ name: String, title: String? = nil, clientID: String, clientSecret: String?, serverMetadataURL: String,
        scopes: [Scope]? = nil, plainHTTP: EndpointURL.PlainHTTP = .onLoopback, kind: ProviderKind? = nil,
        configure: (inout ProviderRegistration) -> Void = { _ in }
    ) throws(RegistrationError) {
        guard let valid = ProviderName(name) else { throw RegistrationError(code: .name, provider: name) }
        guard let id = ClientID(clientID) else { throw RegistrationError(code: .clientID, provider: name) }
        var secret: ClientSecret?
        if let clientSecret {
            guard let given = ClientSecret(clientSecret) else {
                throw RegistrationError(code: .clientSecret, provider: name)
            }
            secret = given
        }
        guard let location = MetadataLocation(metadataURL: serverMetadataURL, plainHTTP: plainHTTP) else {
            throw RegistrationError(code: .serverMetadataURL, provider: name)
        }
        let taken = providers.withLock { providers in
            let path = Self.callbackPath + (providers.inOrder.isEmpty ? "" : "/\(valid)")
            guard providers.named[valid] == nil,
                let redirect = RedirectURI(publicURL.origin + path, plainHTTP: .everywhere)
            else { return true }
            var client = ClientRegistration(clientID: id, clientSecret: secret, redirectURI: redirect)
            client.plainHTTP = plainHTTP
            var registration = ProviderRegistration(
                name: valid, title: title ?? name, location: location, client: client, scopes: scopes)
            registration.apply(kind ?? location.issuers.first.map { ProviderKind(issuer: $0) } ?? .other)
            configure(&registration)
            let choice = ProviderChoice(
                name: valid, title: registration.title, loginPath: Self.loginPath + "?provider=\(valid)",
                kind: registration.kind, logoPath: registration.logoPath)
            providers.append(
                RegisteredProvider(
                    registration, choice: choice, transport: registration.transport ?? transport, now: now))
            return false
        }
        if taken { throw RegistrationError(code: .duplicateName, provider: name) }
    }

    /// The providers in the order in which they were registered.
    public var choices: [ProviderChoice] { all.map(\.choice) }

    /// How each of them is registered.
    package var registrations: [ProviderRegistration] { all.map(\.registration) }

    /// The provider with the name; `nil` where there is none.
    package func choice(named name: ProviderName) -> ProviderChoice? { provider(named: name)?.choice }

    var all: [RegisteredProvider] { providers.withLock { $0.inOrder } }

    func provider(named name: ProviderName) -> RegisteredProvider? { providers.withLock { $0.named[name] } }

    static let loginPath = "/login"
    static let callbackPath = "/login/authorize"
    static let logoutPath = "/logout"
    package static let externalLogoutPath = "/external-logout"

    /// Mounts `/login`, `/login/authorize` (with `/NAME` for further providers), `/login/session` (with `.js` and `/check`),
    /// `/logout` and `/external-logout`, and has every answer of the router tell the browser what has become of its session.
    public func mount(on router: inout Router) {
        router.surround { request, handler in await self.attend(request, handler) }
        for method in [HTTPMethod.get, .post] {
            router.add(method, Self.loginPath) { await self.beginLogin($0) }
            router.add(method, Self.callbackPath) { await self.finishLogin($0) }
            router.add(method, Self.callbackPath + "/*") { await self.finishLogin($0) }
            router.add(method, Self.logoutPath) { await self.logout($0) }
        }
        router.add(.get, Self.sessionFramePath) { await self.sessionFrame($0) }
        router.add(.get, Self.sessionScriptPath) { Self.sessionScript($0) }
        router.add(.get, Self.sessionCheckPath) { await self.checkSession($0) }
        router.add(.get, Self.externalLogoutPath) { await self.frontChannelLogout($0) }
        router.add(.post, Self.externalLogoutPath) { await self.backChannelLogout($0) }
    }

    /// Whether each provider could log somebody in now: `nil`, or why not.
    public func readiness() async -> [(provider: ProviderChoice, problem: OpenIDError?)] {
        var found: [(provider: ProviderChoice, problem: OpenIDError?)] = []
        for provider in all {
            do throws(OpenIDError) {
                _ = try await provider.client()
                found.append((provider.choice, nil))
            } catch {
                found.append((provider.choice, error))
            }
        }
        return found
    }
}

/// The registered providers. Each request of a user looks for theirs.
private struct Providers {
    private(set) var inOrder: [RegisteredProvider] = []
    private(set) var named: [ProviderName: RegisteredProvider] = [:]

    mutating func append(_ provider: RegisteredProvider) {
        inOrder.append(provider)
        named[provider.choice.name] = provider
    }
}

/// `publicURL` is no address that an application can have.
public struct WebLoginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address as it was given.
    public let publicURL: String

    /// What would be right.
    public var description: String {
        "the public URL \(publicURL) has to be https://HOST or https://HOST:PORT without a path (http for loopback only)"
    }
}
