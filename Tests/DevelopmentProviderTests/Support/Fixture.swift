import FoundationEssentials
import HTTPMessages
import JOSE
import Synchronization

@testable import DevelopmentProvider

/// A provider with three clients on a clock that the test moves.
struct Fixture {
    static let issuer = "http://localhost:8001"
    static let callback = "http://localhost:8000/login/authorize"
    static let afterLogout = "http://localhost:8000/"
    static let secret = "s3cret: +%&=ä"
    // RFC 7636 appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let ada = "7d1f6c0a-ada"
    static let ben = "c2905b3e-ben"
    static let cleo = "e84a71d5-cleo"

    static var clients: [DevelopmentClient] {
        [
            DevelopmentClient(
                id: "app", name: "The Application", secret: secret, redirectURIs: [callback],
                postLogoutRedirectURIs: [afterLogout], idTokenAlgorithm: .es256),
            DevelopmentClient(
                id: "public", secret: nil, redirectURIs: [callback, "com.example.app:/cb?from=op"],
                idTokenAlgorithm: .es256),
            DevelopmentClient(
                id: "other", secret: "other secret", redirectURIs: [callback],
                postLogoutRedirectURIs: ["http://localhost:9999/bye"], idTokenAlgorithm: .es256),
        ]
    }

    let clock = ManualClock()
    let provider: DevelopmentProvider

    init(
        issuer: String = Fixture.issuer, clients: [DevelopmentClient] = Fixture.clients,
        users: [DevelopmentUser] = .readyUsers, capacity: Int = 1000
    ) throws {
        let clock = clock
        provider = try DevelopmentProvider(
            issuer: issuer, clients: clients, users: users, capacity: capacity, now: { clock.now },
            using: SeededGenerator())
    }

    /// The parameters of a good request of the client `app`, with some changed or, for `nil`, left out.
    static func request(_ changes: KeyValuePairs<String, String?> = [:]) -> FormParameters {
        var changed: [String: String?] = [:]
        for (name, value) in changes { changed[name] = value }
        let good: FormParameters = [
            "response_type": "code", "client_id": "app", "redirect_uri": callback, "scope": "openid",
            "state": "st&te 1", "nonce": "n-1", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        var request = FormParameters()
        for parameter in good.parameters {
            if let value = changed.removeValue(forKey: parameter.name) ?? parameter.value {
                request.append(parameter.name, value)
            }
        }
        for (name, value) in changed.sorted(by: { $0.key < $1.key }) {
            if let value { request.append(name, value) }
        }
        return request
    }
}

/// A clock that stands until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { time.withLock(\.self) }

    func advance(by seconds: TimeInterval) { time.withLock { $0.addTimeInterval(seconds) } }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 42

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
