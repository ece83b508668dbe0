import ByteText
import WebLogin

extension SettingsReader {
    /// The claims that are roles, as `ROLES` names them: paths with commas between, each with `=PREFIX` behind it where its
    /// values get one.
    mutating func roles() -> RoleMapping? {
        optional(
            .roles, hasToBe: "claims with commas between them, each with =PREFIX behind it if it is to have one",
            example: "realm_access.roles,resource_access.app.roles=app:", roleMapping)
    }

    /// The rules by which a proxy's questions are answered; `nil` where it may not ask.
    mutating func forwardAuthRules() -> ForwardAuthRules? {
        let isOn: Bool? = optional(.forwardAuth, hasToBe: "on or off", example: "on") {
            ["on": true, "off": false][$0.asciiLowercased]
        }
        let text = text(.forwardAuthRules)
        guard isOn ?? (text != nil) else { return nil }
        // Without it no question would be answered.
        if self.text(.trustedProxies) == nil {
            report(
                .missing, .trustedProxies, "is not set, and only a trusted proxy may ask who is logged in",
                remedy: "Set it to the proxy's address, or to loopback where the proxy runs on this machine.")
        }
        guard let text else { return .login }
        do {
            return try ForwardAuthRules(text)
        } catch {
            report(
                .malformed, .forwardAuthRules, "has \(quoted(error.rule)), which \(error.context)", remedy: error.remedy
            )
            return nil
        }
    }
}

private func roleMapping(_ text: String) -> RoleMapping? {
    var sources: [RoleMapping.Source] = []
    for part in text.utf8.split(at: ",") {
        // The last: a claim's name may have one, as an address with a query does.
        let (before, after) = part.utf8.cut(atLast: "=") ?? (part, "")
        let path = trimmed(before)
        if path.isEmpty { return nil }
        sources.append(
            RoleMapping.Source(ClaimPath(path), prefix: trimmed(after)))
    }
    return RoleMapping(sources)
}
