import JOSE
import MisbehavingProvider
import Testing

/// One thing that a provider does, and what has to come of it.
struct Row: Sendable, CustomTestStringConvertible {
    private(set) var name: String
    let misbehaviour: Misbehaviour
    let expected: Outcome
    /// The last requests that the provider may see, any one of them: nothing is asked after the fault.
    let last: Set<Endpoint>
    /// So many logins, one after the other, in one browser; the last one is judged.
    var logins = 1
    /// What the provider is asked, where that is not ``way``.
    var asked: [Endpoint]?
    /// Whether the client breaks the provider's rules, as it should here.
    var expectsViolations = false
    /// What the log has to say besides.
    var words: String?
    /// Why nothing is decided by what is malformed, where a login goes on all the same.
    var reason: String?
    /// The address at which the login begins, where that is not `/login`.
    var begin: (@Sendable (DemoApp) throws -> String)?
    /// More settings for the app.
    var settings: [String: String] = [:]

    /// A login's requests in order, as far as it comes.
    static let way: [Endpoint] = [.discovery, .authorize, .token, .keys, .userInfo]

    /// Whether the provider saw the requests of one login up to the last that it may see, each once, and no other.
    func fits(_ requests: [Endpoint]) -> Bool {
        if let asked { return requests == asked }
        guard let end = requests.last, last.contains(end), let place = Self.way.firstIndex(of: end) else {
            return false
        }
        return requests == Array(Self.way[...place])
    }

    var testDescription: String { name }

    /// A row whose last request follows from the rule's name, unless it is told.
    private init(_ name: String, _ misbehaviour: Misbehaviour, _ expected: Outcome, last: Set<Endpoint>) {
        self.name = name
        self.misbehaviour = misbehaviour
        self.expected = expected
        self.last = last
    }

    /// The provider's way is unusual and right: a session, and the user info with it.
    static func accept(_ name: String, _ misbehaviour: Misbehaviour) -> Row {
        Row(name, misbehaviour, .accepted, last: [.userInfo])
    }

    /// The provider's way is wrong: no session, a page with the status that fits, and the rule in the log.
    static func refuse(_ name: String, _ misbehaviour: Misbehaviour, _ rule: String) -> Row {
        Row(name, misbehaviour, .refused(rule: rule, status: status(of: rule)), last: lastRequests(of: rule))
    }

    /// The same, where the rule does not tell at which endpoint it was broken.
    static func refuse(_ name: String, at endpoint: Endpoint, _ misbehaviour: Misbehaviour, _ rule: String) -> Row {
        Row(name, misbehaviour, .refused(rule: rule, status: status(of: rule)), last: [endpoint])
    }

    func logins(_ count: Int, asking asked: [Endpoint]) -> Row {
        var row = self.asking(asked)
        row.logins = count
        return row
    }

    func asking(_ asked: [Endpoint]) -> Row {
        var row = self
        row.asked = asked
        return row
    }

    func saying(_ words: String) -> Row {
        var row = self
        row.words = words
        return row
    }

    func because(_ reason: String) -> Row {
        var row = self
        row.reason = reason
        return row
    }

    func beginning(_ begin: @escaping @Sendable (DemoApp) throws -> String) -> Row {
        var row = self
        row.begin = begin
        return row
    }

    func named(_ name: String) -> Row {
        var row = self
        row.name = name
        return row
    }

    /// The client does what the provider holds against it, as the row wants it.
    func breaking() -> Row {
        var row = self
        row.expectsViolations = true
        return row
    }

    func set(_ settings: [String: String]) -> Row {
        var row = self
        row.settings.merge(settings) { $1 }
        return row
    }

    /// 4xx for what cannot be trusted, 502 and 504 for a provider that failed.
    private static func status(of rule: String) -> Int {
        switch rule {
        case "transport.timedOut": 504
        case "authorizationResponse.error.access_denied": 403
        case "tokenResponse.error.invalid_grant", "userInfo.subject", "userInfo.signature", "transaction.cookie",
            "login.next":
            400
        case "login.provider": 404
        case _ where rule.hasPrefix("idToken.") || rule.hasPrefix("authorizationResponse."): 400
        default: 502
        }
    }

    private static func lastRequests(of rule: String) -> Set<Endpoint> {
        switch rule.prefix(while: { $0 != "." }) {
        case "metadata": [.discovery]
        case "authorizationResponse": [.authorize]
        case "tokenResponse": [.token]
        case "keySet": [.keys]
        case "userInfo": [.userInfo]
        // The keys are asked for only where form, type and algorithm are right.
        case "idToken":
            ["idToken.present", "idToken.form", "idToken.type", "idToken.algorithm"].contains(rule) ? [.token] : [.keys]
        default: []
        }
    }
}

/// How a login ends.
enum Outcome: Sendable, Equatable, CustomStringConvertible {
    case accepted
    case refused(rule: String, status: Int)

    var description: String {
        switch self {
        case .accepted: "accepted"
        // A refresh at the library itself has no status.
        case .refused(let rule, let status): status == 0 ? "refused \(rule)" : "refused \(status) \(rule)"
        }
    }
}
