import CurlTransport
import WebLogin

/// The ways to the providers: one for all of them, and one of its own for each that has a certification authority of its own.
struct ProviderTransports: Sendable {
    /// For all providers that have none of their own.
    let shared: CurlTransport
    private let own: [String: CurlTransport]

    /// Throws the problem of a file with certification authorities.
    init(_ configuration: Configuration) throws(SettingProblem) {
        let authorities = configuration.certificateAuthorityFile.map {
            CurlTransport.Configuration.Authorities.file($0)
        }
        var shared = CurlTransport.Configuration()
        if let authorities { shared.authorities = authorities }
        self.shared = try Self.transport(shared, Setting.certificateAuthorityFile.rawValue)
        var own: [String: CurlTransport] = [:]
        for provider in configuration.providers {
            guard let path = provider.certificateAuthorityFile else { continue }
            var trusting = shared
            trusting.additionalAuthorityFile = path
            let setting = settingPrefix(of: provider.name) + Setting.certificateAuthorityFile.rawValue
            own[provider.name.string] = try Self.transport(trusting, setting)
        }
        self.own = own
    }

    func transport(of provider: ProviderName) -> CurlTransport { own[provider.string] ?? shared }

    func shutdown() {
        for transport in [shared] + own.values { transport.shutdown() }
    }

    private static func transport(
        _ configuration: CurlTransport.Configuration, _ setting: String
    ) throws(SettingProblem) -> CurlTransport {
        do {
            return try CurlTransport(configuration: configuration)
        } catch {
            throw SettingProblem(
                .unusable, error.code == .library ? "libcurl" : setting, "cannot be used: \(error.context)",
                remedy: error.remedy)
        }
    }
}
