import ByteText
import HTTPMessages
import OpenIDConnect
import Sessions
import WebLogin

/// All that the environment says to the app, checked. Nothing else reads the environment.
struct Configuration: Sendable {
    /// The registered providers; none: the development provider stands in, on this machine only.
    let providers: [ProviderSettings]
    /// The secrets that seal cookies; `nil`: made once and kept in the data directory.
    let secretKeys: SecretKeys?
    /// Where browsers reach the app: scheme, host and port.
    let publicURL: EndpointURL
    /// The address to listen on.
    let host: String
    let port: UInt16
    /// The proxies that are believed when they say where a request comes from.
    let trustedProxies: TrustedProxies
    /// How many connections at a time, in all and of one client.
    let connectionLimits: ConnectionLimits
    let sessionStore: SessionStoreChoice
    let logFormat: LineLog.Format
    /// Whether every request gets a line in the log.
    let logsRequests: Bool
    /// Who may read the metrics, by address; `nil`: nobody.
    let metricsReaders: TrustedProxies?
    /// A PEM file of certificate authorities to trust instead of the system's.
    let certificateAuthorityFile: String?
    /// The directory for what the app makes itself; `nil` where nothing needs one.
    let dataDirectory: String?
    /// Whose logins are kept to be looked at.
    let trace: TraceChoice
    /// The role of whoever runs the app.
    let adminRole: String
    /// Who may see which paths behind a proxy that asks; `nil`: it may not ask.
    let forwardAuthRules: ForwardAuthRules?
    /// Settings that look like typos, and files of secrets that others can read or change.
    let warnings: [SettingProblem]
}

extension Configuration {
    /// Reads the environment and the settings of a file; what both name, the environment says.
    ///
    /// Throws all problems at once.
    init(environment: [String: String], file: [String: String] = [:]) throws(ConfigurationError) {
        var reader = SettingsReader(file.merging(environment) { _, environment in environment })
        let providers = reader.providers()
        let isForDevelopment = providers.isEmpty && reader.problems.isEmpty
        reader.take(.secretKey, fromFileOf: .secretKeyFile)
        let secretKeys = reader.secretKeys()
        let port =
            reader.optional(.port, hasToBe: "a number from 1 to 65535", example: "8000") {
                wholeNumber($0).flatMap(UInt16.init(exactly:)).flatMap { $0 > 0 ? $0 : nil }
            } ?? 8000
        let publicURL = reader.publicURL(port: port)
        if isForDevelopment { reader.requireThisMachine(publicURL) }
        let host = reader.host()
        let trustedProxies = reader.addresses(.trustedProxies) ?? TrustedProxies()
        let connectionLimits = reader.connectionLimits()
        let logFormat = reader.optional(
            .logFormat, hasToBe: "text or json", example: "json", LineLog.Format.init(rawValue:))
        let logsRequests = reader.isOn(.accessLog)
        let metricsReaders = reader.metricsReaders(publicURL: publicURL)
        let dataDirectory = reader.dataDirectory()
        let store = reader.sessionStore(dataDirectory: dataDirectory)
        let trace = reader.trace(publicURL: publicURL)
        let forwardAuthRules = reader.forwardAuthRules()
        let needsDirectory = secretKeys == nil || reader.keepsSessionsInDataDirectory
        if needsDirectory, dataDirectory == nil {
            reader.report(
                .missing, .dataDirectory, "is not set, and neither is HOME",
                remedy: "Set it to a directory in which the app may keep its secret and its sessions.")
        }
        guard reader.problems.isEmpty, let publicURL, let host, let store else {
            throw ConfigurationError(reader.problems)
        }
        self.providers = providers
        self.secretKeys = secretKeys
        self.publicURL = publicURL
        self.host = host
        self.port = port
        self.trustedProxies = trustedProxies
        self.connectionLimits = connectionLimits
        sessionStore = store
        self.trace = trace
        self.logFormat = logFormat ?? .text
        self.logsRequests = logsRequests
        self.metricsReaders = metricsReaders
        adminRole = reader.text(.adminRole) ?? "admin"
        self.forwardAuthRules = forwardAuthRules
        certificateAuthorityFile = reader.text(.certificateAuthorityFile)
        self.dataDirectory = needsDirectory ? dataDirectory : nil
        warnings =
            reader.warnings
            + slipsOfThePen(
                environment: environment, file: file,
                prefixes: reader.text(.providers) == nil ? [] : providers.map(\.name))
    }
}

extension SettingsReader {
    fileprivate mutating func secretKeys() -> SecretKeys? {
        guard let text = text(.secretKey) else { return nil }
        do {
            return try SecretKeys(text.utf8.words(separatedBy: ",").map(trimmed))
        } catch {
            report(
                .malformed, .secretKey, "has to be one or more secrets of at least 32 bytes, with commas between them",
                remedy: "Make one with: openssl rand -base64 32. Or unset it, and the app makes one and keeps it.")
            return nil
        }
    }

    fileprivate mutating func publicURL(port: UInt16) -> EndpointURL? {
        let url = optional(
            .publicURL, hasToBe: "the https address at which browsers reach the app (http on this machine only)",
            example: "https://demo.example.org"
        ) { EndpointURL($0) }
        guard let url else { return EndpointURL("http://localhost:\(port)") }
        guard url.path.isEmpty || url.path.isExactly("/"), url.query == nil else {
            report(
                .malformed, .publicURL, "is \(quoted(url.string)), but has to end after the host or port",
                remedy: "For example: PUBLIC_URL=\(url.origin)")
            return nil
        }
        return EndpointURL(url.origin)
    }

    /// The development provider logs in whoever asks: not at an address that others reach.
    fileprivate mutating func requireThisMachine(_ publicURL: EndpointURL?) {
        guard let publicURL, !publicURL.isLoopback else { return }
        report(
            .missing, .clientID,
            "is not set, and PUBLIC_URL is \(quoted(publicURL.string)), where the development provider would let"
                + " anybody in",
            remedy:
                "Set CLIENT_ID, CLIENT_SECRET and SERVER_METADATA_URL (or PROVIDERS) to your provider; or, to try the"
                + " app on this machine, unset PUBLIC_URL.")
    }

    fileprivate mutating func host() -> String? {
        let host = text(.host) ?? "127.0.0.1"
        if host.isExactly("localhost") { return "127.0.0.1" }
        if IPAddress(host) != nil { return host }
        report(
            .malformed, .host, "is \(quoted(host)), but has to be an IP address of this machine",
            remedy: "For example: HOST=127.0.0.1, or HOST=0.0.0.0 to be reached from other machines.")
        return nil
    }

    /// `nil` where neither it nor a home directory is set.
    fileprivate mutating func dataDirectory() -> String? {
        if let directory = text(.dataDirectory) { return directory }
        // A relative XDG directory has to be ignored (XDG Base Directory Specification).
        if let state = text(named: "XDG_STATE_HOME"), state.utf8.hasPrefix("/") { return state + "/oidc-demo" }
        return text(named: "HOME").map { $0 + "/.local/state/oidc-demo" }
    }

    /// A list of addresses and ranges; `nil` where it is absent, or malformed.
    fileprivate mutating func addresses(_ setting: Setting) -> TrustedProxies? {
        guard let text = text(setting) else { return nil }
        do {
            return try TrustedProxies(text)
        } catch {
            report(.malformed, setting, "names \(quoted(error.element)), \(error.context)", remedy: error.remedy)
            return nil
        }
    }

    /// Usually who is on this machine, as long as nobody else is there: an app that the world can reach has a proxy in front,
    /// and one that says nothing of where requests come from makes them all look like this machine's.
    fileprivate mutating func metricsReaders(publicURL: EndpointURL?) -> TrustedProxies? {
        guard let text = text(.metricsAllow) else {
            return publicURL?.scheme == .http ? try? TrustedProxies("loopback") : nil
        }
        return text.asciiLowercased.isExactly("off") ? nil : addresses(.metricsAllow)
    }
}
