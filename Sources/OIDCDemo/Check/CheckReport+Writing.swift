import JOSE

extension CheckReport {
    /// For a reader.
    var text: String {
        var text = "Settings\n\n" + settings.map(\.text).joined()
        for provider in providers {
            text += "\n\(provider.title) (\(provider.name))\n\n"
            text += provider.findings.map(\.text).joined()
            text += """

                  To register there:
                    redirect URI                 \(provider.addresses.redirectURI)
                    post-logout redirect URI     \(provider.addresses.postLogoutRedirectURI)
                    back-channel logout URI      \(provider.addresses.logoutURI)
                    front-channel logout URI     \(provider.addresses.logoutURI)

                """
        }
        return text + "\n\(summary)\n"
    }

    private var summary: String {
        let all = settings + providers.flatMap(\.findings)
        let counts = [CheckFinding.Verdict.problem, .warning].map { verdict in
            let count = all.count { $0.verdict == verdict }
            return "\(count) \(verdict.rawValue)\(count == 1 ? "" : "s")"
        }
        let words =
            switch exitStatus {
            case 0 where providers.isEmpty: "There is no provider to examine."
            case 0: "A login can work."
            case 1: "A login would fail."
            default: "The settings are wrong; no provider was asked."
            }
        return "\(words) (\(counts.joined(separator: ", ")))"
    }

    /// For a program: the shape is described in docs/check.md.
    var json: JSONObject {
        [
            "version": 1, "exit_status": .number(JSONNumber(Int64(exitStatus))),
            "settings": .array(settings.map { .object($0.json) }),
            "providers": .array(providers.map { .object($0.json) }),
        ]
    }
}

extension ProviderReport {
    fileprivate var json: JSONObject {
        [
            "name": .string(name), "title": .string(title), "server_metadata_url": .string(metadataURL),
            "verdict": .string(verdict.rawValue), "findings": .array(findings.map { .object($0.json) }),
            "register": [
                "redirect_uri": .string(addresses.redirectURI),
                "post_logout_redirect_uri": .string(addresses.postLogoutRedirectURI),
                "backchannel_logout_uri": .string(addresses.logoutURI),
                "frontchannel_logout_uri": .string(addresses.logoutURI),
            ],
        ]
    }
}

extension CheckFinding {
    /// A line, and one more with the remedy.
    fileprivate var text: String {
        func padded(_ text: String, to width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.utf8.count))
        }
        let head = "  \(padded(verdict.rawValue, to: 8)) \(padded(check.rawValue, to: 22)) "
        let indent = String(repeating: " ", count: head.utf8.count)
        return head + found + "\n" + (remedy.map { indent + $0 + "\n" } ?? "")
    }

    fileprivate var json: JSONObject {
        var object: JSONObject = [
            "check": .string(check.rawValue), "verdict": .string(verdict.rawValue), "found": .string(found),
        ]
        if let remedy { object["remedy"] = .string(remedy) }
        if let rule { object["rule"] = .string(rule) }
        return object
    }
}
