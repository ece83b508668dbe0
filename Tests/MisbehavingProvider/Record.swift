import JOSE

/// What the provider has seen.
package struct Record: Sendable {
    /// Requests in the order in which they came.
    package var requests: [Endpoint] = []
    /// The same at the second server.
    package var elsewhere: [Endpoint] = []
    /// What the client did that it must not do.
    package var violations: [String] = []
    /// Codes, tokens and ID Tokens that were given out, by what they are.
    package var secrets: [(what: String, text: String)] = []
    /// How often the client's secret itself came, rather than a proof that the client has it.
    package var secretsOfClient = 0

    var logins = 0
    package init() {}

    var grants: [String: Grant] = [:]
    var accessTokens: Set<String> = []
    var refreshTokens: [String: Grant] = [:]
    /// The `jti` of the client's assertions.
    var assertions: Set<String> = []
    var issued = 0

    /// What a code or a refresh token stands for.
    struct Grant: Sendable {
        let nonce: String
        let challenge: String
        var isUsed = false
    }

    mutating func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.append(violation()) }
    }
}
