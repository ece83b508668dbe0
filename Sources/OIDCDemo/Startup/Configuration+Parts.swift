import ByteText
import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import RedisSessions
import SQLiteSessions
import Sessions
import WebLogin

/// What the app is put together from, as the configuration says.
extension Configuration {
    /// The secrets that were set, or the one that is kept in the data directory.
    func keys() throws(SettingProblem) -> SecretKeys {
        if let secretKeys { return secretKeys }
        var generator = SystemRandomNumberGenerator()
        return try SecretKeyFile(in: dataDirectory ?? ".").secrets(using: &generator)
    }

    /// Where sessions are kept.
    func store(keys: SecretKeys) async throws(SettingProblem) -> any SessionStore {
        do {
            switch sessionStore {
            case .memory: return MemorySessionStore()
            case .sqlite(let path): return try await SQLiteSessionStore(path: path, keys: keys)
            case .redis(let address): return try await RedisSessionStore(address: address, keys: keys)
            case .cookie(.memory): return CookieSessionStore(keys: keys, shared: MemorySharedValues())
            case .cookie(.sqlite(let path)):
                let shared = try await SQLiteSessionStore(path: path, keys: keys).shared
                return CookieSessionStore(keys: keys, shared: shared)
            case .cookie(.redis(let address)):
                let shared = try await RedisSessionStore(address: address, keys: keys).shared
                return CookieSessionStore(keys: keys, shared: shared)
            }
        } catch let error as SessionStoreError {
            throw SettingProblem(
                .unusable, Setting.sessionStore.rawValue, "does not work: \(error.context)",
                remedy: "What helps: \(error.remedy).")
        } catch {
            throw SettingProblem(
                .unusable, Setting.sessionStore.rawValue, "does not work: \(error)",
                remedy: "Set it to another place.")
        }
    }

    /// The login with every provider registered: those that are set, or the embedded one.
    func login(
        keys: SecretKeys, sessions: any SessionStore, transports: ProviderTransports, pages: Pages,
        embedded: EmbeddedProvider?, operations: Operations
    ) throws(SettingProblem) -> WebLogin {
        do {
            let proxies = trustedProxies
            let login = try WebLogin(
                publicURL: publicURL.string, secretKeys: keys, sessions: sessions, transport: transports.shared,
                pages: pages,
                tracing: tracing, clientAddress: { $0.clientAddress(trusting: proxies) },
                report: { operations.note($0) })
            func measured(_ registration: inout ProviderRegistration) {
                registration.transport = MeasuredTransport(
                    transport: transports.transport(of: registration.name), provider: registration.name,
                    metrics: operations.metrics)
            }
            for provider in providers { try login.register(provider, measured) }
            if let embedded {
                try login.register(
                    "development", title: "Development provider", clientID: embedded.clientID,
                    clientSecret: embedded.clientSecret,
                    serverMetadataURL: embedded.issuer + "/.well-known/openid-configuration",
                    configure: measured)
            }
            return login
        } catch {
            // The configuration has been checked: only a rule that the two do not share leads here.
            throw SettingProblem(.malformed, "A setting", "does not fit: \(error)", remedy: "Change it accordingly.")
        }
    }

    private var tracing: TracePolicy {
        let adminRole = adminRole
        return switch trace {
        case .off: .off
        case .admins: .users { $0.hasRole(adminRole) }
        case .everyone: .everyone
        }
    }

    /// Where the app listens, and what to do next.
    func announcement(embeddedProvider: String?) -> String {
        let isUsual = publicURL.host.isExactly("localhost") && publicURL.port == port
        let place = host.utf8.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var lines = ["Listening on " + (isUsual ? publicURL.string : "http://\(place) for \(publicURL)")]
        if let embeddedProvider {
            lines += [
                "No provider is configured, so a development provider listens on \(embeddedProvider), for this machine only.",
                "Open \(publicURL) in a browser, log in, and pick one of its three users.",
                "For your own provider, set CLIENT_ID, CLIENT_SECRET and SERVER_METADATA_URL. See oidc-demo --help.",
            ]
        } else {
            for (index, provider) in providers.enumerated() {
                let path = "/login/authorize" + (index == 0 ? "" : "/\(provider.name)")
                lines.append("\(provider.title) has to know the redirect URI \(publicURL)\(path)")
            }
            lines.append("Open \(publicURL) in a browser and log in.")
        }
        return lines.map { $0 + "\n" }.joined() + "Stop it with Ctrl-C.\n"
    }
}

extension WebLogin {
    fileprivate func register(
        _ provider: ProviderSettings, _ configure: (inout ProviderRegistration) -> Void
    ) throws(RegistrationError) {
        try register(
            provider.name.string, title: provider.title, clientID: provider.clientID.string,
            clientSecret: provider.clientSecret?.string, serverMetadataURL: provider.serverMetadata.url.string,
            scopes: provider.scopes, plainHTTP: provider.specifics.plainHTTP, kind: provider.specifics.kind
        ) { registration in
            registration.location = provider.serverMetadata
            registration.client.tokenEndpointAuthMethod = provider.tokenEndpointAuthMethod
            registration.client.idTokenSignedResponseAlg = provider.idTokenSignedResponseAlg
            registration.client.clockSkew = TimeInterval(provider.clockSkew)
            registration.client.clientKey = provider.clientKeyFile?.clientKey
            registration.client.tokenEndpointAuthSigningAlg = provider.tokenEndpointAuthSigningAlg
            registration.client.clientAssertionAudience = provider.clientAssertionAudience
            registration.client.usesUserInfo = provider.userInfo != nil
            registration.client.userInfoTokenPlacement = provider.userInfo ?? .header
            registration.client.userInfoSignedResponseAlg = provider.userInfoSignedResponseAlg
            registration.options = provider.options
            registration.logoutURL = provider.logoutURL
            registration.logsOutByPost = provider.logsOutByPost
            registration.roles = provider.roles
            registration.watchesSession = provider.watchesSession
            provider.specifics.configure(&registration)
            configure(&registration)
        }
    }
}
