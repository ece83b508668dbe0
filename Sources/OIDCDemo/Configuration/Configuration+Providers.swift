import ByteText
import WebLogin

extension SettingsReader {
    /// The providers that are set: several by `PROVIDERS`, or one as `oidc_entry`, or none. The reader stands without a
    /// prefix again when it returns.
    mutating func providers() -> [ProviderSettings] {
        if text(.providers) != nil { return severalProviders() }
        guard Setting.ofProvider.contains(where: { text($0) != nil }), let name = ProviderName("oidc_entry") else {
            return []
        }
        return ProviderSettings(named: name, title: nil, from: &self).map { [$0] } ?? []
    }

    private mutating func severalProviders() -> [ProviderSettings] {
        refuseSettingsWithoutProvider()
        let names = optional(
            .providers, hasToBe: "names of letters, digits, - and _, with commas between them, each once",
            example: "google,keycloak", providerNames)
        defer { prefix = "" }
        var providers: [ProviderSettings] = []
        for name in names ?? [] {
            prefix = settingPrefix(of: name)
            if let provider = ProviderSettings(named: name, title: name.title, from: &self) {
                providers.append(provider)
            }
        }
        return providers
    }

    /// Beside `PROVIDERS`, a setting without a provider's name would belong to nobody.
    private mutating func refuseSettingsWithoutProvider() {
        for setting in Setting.ofProvider where text(setting) != nil {
            report(
                .conflicting, setting, "is set beside PROVIDERS, so that it is not clear whose it is",
                remedy: "Put the provider's name in front, such as GOOGLE_\(setting.rawValue), or unset PROVIDERS.")
        }
    }
}

/// What stands in front of a provider's settings: `GOOGLE_` for `google`.
func settingPrefix(of name: ProviderName) -> String {
    // String: a name is ASCII.
    name.string.uppercased().replacing(["-": "_"]) + "_"
}

/// `nil` where a name is malformed, or two names have the same prefix.
private func providerNames(_ text: String) -> [ProviderName]? {
    var names: [ProviderName] = []
    for part in text.utf8.split(at: ",").map(trimmed) {
        guard let name = ProviderName(part),
            !names.contains(where: { settingPrefix(of: $0).isExactly(settingPrefix(of: name)) })
        else { return nil }
        names.append(name)
    }
    return names
}

extension ProviderName {
    /// The name for a button: `my-idp` becomes `My idp`.
    fileprivate var title: String {
        let words = string.replacing(["-": " ", "_": " "]).utf8
        // String: a name is ASCII.
        let initial = String(decoding: words.prefix(1), as: UTF8.self).uppercased()
        return initial + String(decoding: words.dropFirst(), as: UTF8.self)
    }
}
