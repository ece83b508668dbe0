import JOSE
import RawSockets
import Synchronization

/// An OpenID Provider on loopback that does one thing wrong, or in an unusual way, and writes down what it is asked. It
/// logs everybody in at once.
///
/// It never imports `OpenIDConnect`: one misreading must not pass on both sides.
package final class MisbehavingProvider: Sendable {
    let misbehaviour: Misbehaviour
    let client: Client
    let origin: String
    let elsewhere: String
    let state = Mutex(Record())
    let generations: [KeyRing]
    private let listeners: [LoopbackListener]

    /// The user that every login is for.
    package static let subject = "subject-of-the-wire"
    /// What the user is called.
    package static let userName = "Ada of the Wire"

    /// Starts on a free port. Blocks for the time that it takes to make keys.
    package init(_ misbehaviour: Misbehaviour, client: Client) throws {
        self.misbehaviour = misbehaviour
        self.client = client
        generations = try (0..<3).map { try KeyRing(generation: $0) }
        let here = Switchboard()
        let there = Switchboard()
        listeners = [try LoopbackListener { here.serve($0) }, try LoopbackListener { there.serve($0) }]
        origin = "http://127.0.0.1:\(listeners[0].port)"
        elsewhere = "http://127.0.0.1:\(listeners[1].port)"
        here.connect { [weak self] connection in self?.serve(connection, isElsewhere: false) }
        there.connect { [weak self] connection in self?.serve(connection, isElsewhere: true) }
    }

    package var issuer: String { origin + misbehaviour.issuerPath }

    /// Where the metadata lies (OIDC Discovery §4.1).
    package var metadataURL: String { base + "/.well-known/openid-configuration" }

    /// The issuer without a slash at its end.
    var base: String { issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer }

    /// What it has seen until now.
    package var record: Record { state.withLock { $0 } }

    func situation(accessToken: String = "", code: String = "", isRefresh: Bool = false) -> Situation {
        let (login, requests) = state.withLock { record in
            (record.logins, record.requests.count { $0 == .token })
        }
        return Situation(
            issuer: issuer, origin: origin, elsewhere: elsewhere, client: client, generations: generations,
            login: login,
            tokenRequests: requests,
            accessToken: accessToken, code: code, isRefresh: isRefresh)
    }

    /// Answers requests until the connection or a fault ends.
    private func serve(_ connection: Connection, isElsewhere: Bool) {
        while let message = connection.readMessage(),
            let request = ReceivedRequest(head: message.head, body: message.body)
        {
            let endpoint = Endpoint(path: request.path)
            state.withLock { record in
                if isElsewhere { record.elsewhere.append(endpoint) } else { record.requests.append(endpoint) }
            }
            var reply = answer(request, at: endpoint)
            do {
                let situation = situation()
                for edit in misbehaviour.replies[endpoint] ?? [] { try edit(&reply, situation) }
            } catch {
                reply = broken(error)
            }
            if let fault = misbehaviour.wire[endpoint], !isElsewhere { return fault.play(connection, reply) }
            guard connection.send(reply.bytes) else { return }
        }
    }

    private func answer(_ request: ReceivedRequest, at endpoint: Endpoint) -> Reply {
        do {
            switch endpoint {
            case .discovery: return .json(try metadata().serialized())
            case .keys: return .json(try keySet().serialized())
            case .authorize: return try authorize(request)
            case .token: return try tokens(request)
            case .userInfo: return try userInfo(request)
            case .unknown: return Reply(status: 404, type: "text/plain", "no such path")
            }
        } catch {
            return broken(error)
        }
    }

    /// A fault that cannot be played is a defect of the test.
    private func broken(_ error: any Error) -> Reply {
        state.withLock { $0.violations.append("the provider itself failed: \(error)") }
        return Reply(status: 500, type: "text/plain", "failed")
    }
}

/// Connects a listener with what is made after it.
private final class Switchboard: Sendable {
    private let target = Mutex<(@Sendable (Connection) -> Void)?>(nil)

    func connect(_ serve: @escaping @Sendable (Connection) -> Void) { target.withLock { $0 = serve } }

    func serve(_ connection: Connection) { target.withLock { $0 }?(connection) }
}
