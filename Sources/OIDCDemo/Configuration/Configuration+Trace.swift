import OpenIDConnect

/// Whose logins are kept to be looked at, as the setting `TRACE` says.
enum TraceChoice: Sendable, Hashable {
    /// Nobody's.
    case off
    /// Those of users with the role of whoever runs the app.
    case admins
    /// Everybody's, failed ones too.
    case everyone
}

extension SettingsReader {
    /// On this machine everybody's, since who develops wants to see why a login fails; elsewhere nobody's unless it is set.
    mutating func trace(publicURL: EndpointURL?) -> TraceChoice {
        let isLocal = publicURL?.isLoopback ?? false
        let choice: TraceChoice? = optional(.trace, hasToBe: "off, on or everyone", example: "off") { text in
            // String: a setting.
            switch text {
            case "off": .off
            case "on": isLocal ? .everyone : .admins
            case "everyone": .everyone
            default: nil
            }
        }
        return choice ?? (isLocal ? .everyone : .off)
    }
}
