/// How many connections the app takes at a time, and for how long it keeps one that is idle.
struct ConnectionLimits: Sendable, Equatable {
    static let usual = ConnectionLimits(all: 512, perClient: 256)

    let all: Int
    /// Of one client; of a client behind a trusted proxy, the requests in progress.
    let perClient: Int
    /// Seconds from a response to the next request on the same connection.
    var idle = 30
}

extension SettingsReader {
    /// The limits that are set; where only that for all is, a client may have half of it.
    mutating func connectionLimits() -> ConnectionLimits {
        let usual = ConnectionLimits.usual
        let all = number(.maxConnections, from: 2, to: 100_000, example: usual.all) ?? usual.all
        let perClient = number(.maxConnectionsPerClient, from: 1, to: all, example: min(all, usual.perClient))
        let idle = number(.idleTimeout, from: 1, to: 3600, example: usual.idle) ?? usual.idle
        return ConnectionLimits(all: all, perClient: perClient ?? max(1, all / 2), idle: idle)
    }

    private mutating func number(_ setting: Setting, from least: Int, to most: Int, example: Int) -> Int? {
        optional(setting, hasToBe: "a number from \(least) to \(most)", example: "\(example)") { text in
            wholeNumber(text).flatMap { (least...most).contains($0) ? $0 : nil }
        }
    }
}
