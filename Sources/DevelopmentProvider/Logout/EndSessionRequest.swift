import ByteText
import HTTPMessages

/// A checked logout request (OIDC RP-Initiated Logout §2).
struct EndSessionRequest: Sendable {
    /// The application, as far as it is known.
    let client: DevelopmentClient?
    /// The session of the ID Token hint; `nil` where there is no hint that was issued here since the start.
    let hintedSessionID: String?
    /// Where to go afterwards.
    let location: String?
    /// The request as it came, for the page that asks to carry on.
    let parameters: FormParameters

    init(
        _ parameters: FormParameters, hint: IssuedIDToken?, clients: [String: DevelopmentClient]
    ) throws(EndSessionRefusal) {
        guard parameters.duplicates.isEmpty else {
            throw EndSessionRefusal(
                reason: "The request has more than one \(parameters.duplicates.joined(separator: ", ")).",
                remedy: "Let the application send each parameter once.")
        }
        let id = parameters["client_id"]
        if let id, let hint, !hint.clientID.isExactly(id) {
            throw EndSessionRefusal(
                reason: "The client_id is not the one that the ID Token of the hint was issued to.",
                remedy: "Let the application send its own client_id and its own ID Token.")
        }
        client = (id ?? hint?.clientID).flatMap { clients[$0] }
        if id != nil, client == nil {
            throw EndSessionRefusal(
                reason: "No application is registered under this client_id.",
                remedy: "Set the application's client identifier to one that is registered here.")
        }
        hintedSessionID = hint?.sessionID
        self.parameters = parameters
        guard let uri = parameters["post_logout_redirect_uri"] else {
            location = nil
            return
        }
        // Without client and hint, a URI that somebody registered is legitimate enough (§3): hints from before a
        // restart cannot be checked, and logout must not fail for that.
        let registered = (client.map { [$0] } ?? Array(clients.values)).flatMap(\.postLogoutRedirectURIs)
        guard registered.containsExactly(uri) else {
            throw EndSessionRefusal(
                reason: "The post_logout_redirect_uri is not registered; it must match to the byte. "
                    + "Nobody was logged out.",
                remedy: "Let the application send a registered one; look at scheme, host, port, path and a last slash.",
                facts: [("post_logout_redirect_uri", uri)] + registered.sorted().map { ("registered", $0) })
        }
        let state: FormParameters = parameters["state"].map { ["state": $0] } ?? [:]
        location = uri.adding(state)
    }
}

/// Why a logout request is refused; there is no redirect then (OIDC RP-Initiated Logout §4).
struct EndSessionRefusal: Error {
    let reason: String
    let remedy: String
    var facts: [(name: String, value: String)] = []

    var problem: Problem { Problem(title: "Logout refused", reason: reason, remedy: remedy, facts: facts) }
}
