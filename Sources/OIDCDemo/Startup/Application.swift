import CurlTransport
import FoundationEssentials
import HTTPMessages
import HTTPServer
import OpenIDConnect
import SQLiteSessions
import Sessions
import WebLogin

/// The app, put together and listening.
final class Application: Sendable {
    /// What somebody who just started it wants to know.
    let announcement: String

    private let server: HTTPServer
    private let keys: SecretKeys
    private let embedded: EmbeddedProvider?
    private let transports: ProviderTransports
    private let cleaner: Task<Void, Never>

    /// Puts together what the configuration says, and begins to listen.
    ///
    /// Throws a ``SettingProblem`` where a setting turns out not to work: a file that cannot be used, a port that is
    /// taken. Nothing listens then.
    init(_ configuration: Configuration, log: any Log) async throws(SettingProblem) {
        if let directory = configuration.dataDirectory { try makePrivateDirectory(directory, for: .dataDirectory) }
        let warnings = try configuration.examineDataDirectory()
        let keys = try configuration.keys()
        self.keys = keys
        let sessions = try await configuration.store(keys: keys)
        for warning in warnings + configuration.examineDatabase() { log.write(LogEntry(warning)) }
        let transports = try ProviderTransports(configuration)
        self.transports = transports

        var embedded: EmbeddedProvider?
        do {
            if configuration.providers.isEmpty {
                embedded = try EmbeddedProvider(publicURL: configuration.publicURL, after: configuration.port)
            }
            var pages = Pages(
                isDevelopment: embedded != nil, redirectURI: configuration.publicURL.origin + "/login/authorize")
            pages.showsTraces = configuration.trace == .everyone
            let operations = Operations(
                log: log, readers: configuration.metricsReaders, proxies: configuration.trustedProxies,
                logsRequests: configuration.logsRequests)
            let login = try configuration.login(
                keys: keys, sessions: sessions, transports: transports, pages: pages, embedded: embedded,
                operations: operations)
            let access = SiteAccess(
                adminRole: configuration.adminRole, forwardAuthRules: configuration.forwardAuthRules,
                trustedProxies: configuration.trustedProxies)
            let site = Site(
                login: login, pages: pages, sessions: sessions,
                logos: configuration.providers.compactMap { $0.specifics.logo?.file(of: $0.name) },
                operations: operations, access: access)
            try makeRoom(forConnections: configuration.connectionLimits.all)
            server = try HTTPServer(configuration.server, answering: { await site.respond(to: $0) })
        } catch {
            await embedded?.stop()
            transports.shutdown()
            throw error
        }
        self.embedded = embedded
        announcement = configuration.announcement(embeddedProvider: embedded?.issuer)
        cleaner = Task {
            // What is over is gone for everybody at once; this only gives its room back.
            while (try? await Task.sleep(for: .seconds(600))) != nil {
                do {
                    try await sessions.removeExpired()
                } catch {
                    log.write(LogEntry(.sessionsFailed, ["error": "\(error)"]))
                }
            }
        }
    }

    /// Takes the secrets that a configuration has now, from the environment, the settings' file or the app's own; the
    /// sessions that were sealed with one of them go on. Everything else stays as it was at the start.
    ///
    /// Throws the problem of the secret's file; the secrets then stay as they are.
    func takeSecrets(of configuration: Configuration) throws(ConfigurationError) {
        do throws(SettingProblem) {
            keys.replace(with: try configuration.keys())
        } catch {
            throw ConfigurationError([error])
        }
    }

    /// Serves until one of the signals comes.
    func serve(until signals: TerminationSignals) async {
        await server.serveUntilTerminated(signals)
        await stop()
    }

    /// Stops accepting, lets finish what is under way, and frees everything.
    func stop() async {
        cleaner.cancel()
        await server.shutdown()
        await embedded?.stop()
        transports.shutdown()
    }
}

extension Configuration {
    /// What the server is to be like.
    var server: HTTPServerConfiguration {
        var server = HTTPServerConfiguration(host: host, port: port)
        server.trustedProxies = trustedProxies
        server.connections = connectionLimits.all
        server.connectionsPerAddress = connectionLimits.perClient
        server.idleTimeout = .seconds(connectionLimits.idle)
        return server
    }
}

extension HTTPServer {
    /// Listens, or tells which setting stands in the way.
    fileprivate convenience init(
        _ configuration: HTTPServerConfiguration, answering handler: @escaping HTTPHandler
    ) throws(SettingProblem) {
        let (host, port) = (configuration.host, configuration.port)
        do {
            try self.init(configuration, handler: handler)
        } catch {
            switch error.code {
            case .addressInUse:
                throw SettingProblem(
                    .unusable, "PORT", "\(port) is in use by another program",
                    remedy: "Stop that, or set PORT to another number.")
            case .notPermitted:
                throw SettingProblem(
                    .unusable, "PORT", "\(port) needs a privilege that the app does not have",
                    remedy: "Set PORT to a number from 1024 on.")
            case .host, .addressNotAvailable:
                throw SettingProblem(
                    .unusable, "HOST", "\(host) is no address of this machine",
                    remedy: "Set HOST to one, such as 127.0.0.1.")
            case .failed:
                throw SettingProblem(
                    .unusable, "HOST", "\(host) with PORT \(port) does not work: \(error.detail)",
                    remedy: "Set another HOST or PORT.")
            }
        }
    }
}
