import ByteText
import CurlTransport
import FoundationEssentials
import Glibc
import OpenIDConnect
import Sessions
import WebLogin

extension Configuration {
    /// Examines the settings and every provider that is registered, or the one of this name.
    ///
    /// Throws a problem of a setting that cannot be used, or of a name that is no provider's.
    func check(
        only name: String?, now: @escaping @Sendable () -> Date = { Date() }
    ) async throws(SettingProblem) -> CheckReport {
        try checkSecret()
        let transports = try ProviderTransports(self)
        defer { transports.shutdown() }
        // Registered as the app registers them, so that what is examined is what a login uses.
        let login = try login(
            keys: .generated(), sessions: MemorySessionStore(), transports: transports,
            pages: Pages(isDevelopment: false, redirectURI: ""), embedded: nil,
            operations: Operations(log: LineLog(logFormat)))
        let all = login.registrations
        let chosen = name.map { name in all.filter { $0.name.string.isExactly(name) } } ?? all
        if let name, chosen.isEmpty {
            throw SettingProblem(
                .unknown, "The argument", "\(quoted(name)) is the name of no provider that is configured",
                remedy: all.isEmpty
                    ? "None is; leave it out." : "Name one of \(all.map(\.name.string).joined(separator: ", ")).")
        }
        let origin = publicURL.origin
        let reports = await withTaskGroup(of: (Int, ProviderReport).self) { group in
            for (index, registration) in chosen.enumerated() {
                group.addTask {
                    var check = ProviderCheck(
                        registration, transport: transports.transport(of: registration.name),
                        authorities: authorities(of: registration.name), now: now)
                    await check.run()
                    return (
                        index,
                        ProviderReport(
                            name: registration.name.string, title: registration.title,
                            metadataURL: registration.location.url.string, findings: check.findings,
                            addresses: ProviderReport.Addresses(
                                redirectURI: registration.client.redirectURI.url.string,
                                postLogoutRedirectURI: origin + "/",
                                logoutURI: origin + WebLogin.externalLogoutPath))
                    )
                }
            }
            return await group.reduce(into: [(Int, ProviderReport)]()) { $0.append($1) }
        }
        return CheckReport(
            settings: settingFindings, providers: reports.sorted { $0.0 < $1.0 }.map(\.1))
    }

    /// Whose certificates a provider's may come from, in words.
    private func authorities(of name: ProviderName) -> String {
        let all = certificateAuthorityFile.map { "those of \(quoted($0))" } ?? "the system's authorities"
        let own = providers.first { $0.name == name }?.certificateAuthorityFile
        return own.map { "\(all) and those of \(quoted($0))" } ?? all
    }

    private var settingFindings: [CheckFinding] {
        let warnings = warnings.map { CheckFinding.warning(.settings, "\($0.setting) \($0.what)", remedy: $0.remedy) }
        let names = providers.map(\.name.string).joined(separator: ", ")
        let found =
            providers.isEmpty
            ? "no provider is configured: oidc-demo would start its development provider"
            : "they are complete, for \(names) and the app at \(publicURL)"
        return [.ok(.settings, found)] + warnings
    }

    /// The app's own secret, where it has made one already; none is made here.
    private func checkSecret() throws(SettingProblem) {
        guard secretKeys == nil, let dataDirectory, access(SecretKeyFile(in: dataDirectory).path, F_OK) == 0 else {
            return
        }
        _ = try keys()
    }
}

extension CheckReport {
    /// Settings that will not do; no provider has been asked.
    init(_ error: ConfigurationError) {
        settings = error.problems.map { .problem(.settings, "\($0.setting) \($0.what)", remedy: $0.remedy) }
    }
}
