import Foundation
import HTTPMessages
import HTTPServer
import MisbehavingProvider
import ProgramSupport

/// The app as a process, at a provider that misbehaves.
struct DemoApp: Sendable {
    /// It has not started, for a reason that its words tell.
    struct NotStarted: Error {
        let complaints: String
    }

    static let secret = "canary-secret-of-many-letters: + % & = /?"
    static let clientID = "the client: of+the wire%20"

    let origin: String
    let provider: MisbehavingProvider
    private let program: Program
    private let data: Scratch

    /// The provider called `second`, where two are registered.
    var second: MisbehavingProvider?

    /// At one provider, or at two, called `first` and `second`.
    static func start(
        at misbehaviour: Misbehaviour, and second: Misbehaviour? = nil, settings: [String: String] = [:]
    ) async throws -> DemoApp {
        var complaints = ""
        // A port that was free a moment ago may be taken now.
        for _ in 0..<5 {
            let port = try await freePort()
            let outcome = await onThread { Result { try launch(misbehaviour, second, port: port, settings: settings) } }
            do {
                return try outcome.get()
            } catch let error as NotStarted where error.complaints.contains("is in use") {
                complaints = error.complaints
            }
        }
        throw NotStarted(complaints: complaints)
    }

    private static func freePort() async throws -> UInt16 {
        let server = try HTTPServer(HTTPServerConfiguration()) { _ in .text("") }
        await server.shutdown()
        return server.port
    }

    private static func launch(
        _ misbehaviour: Misbehaviour, _ secondMisbehaviour: Misbehaviour?, port: UInt16, settings: [String: String]
    ) throws -> DemoApp {
        let origin = "http://localhost:\(port)"
        let id = settings["CLIENT_ID"] ?? clientID
        let secret = settings["CLIENT_SECRET"] ?? secret
        let provider = try MisbehavingProvider(
            misbehaviour, client: Client(id: id, secret: secret, redirectURI: origin + "/login/authorize"))
        let data = try Scratch()
        let registration = [
            "CLIENT_ID": id, "CLIENT_SECRET": secret, "SERVER_METADATA_URL": provider.metadataURL,
        ]
        var environment = ["DATA_DIR": data.path, "PORT": "\(port)"].merging(settings) { $1 }
        var second: MisbehavingProvider?
        if let secondMisbehaviour {
            let client = Client(id: id, secret: secret, redirectURI: origin + "/login/authorize/second")
            let other = try MisbehavingProvider(secondMisbehaviour, client: client)
            second = other
            environment["PROVIDERS"] = "first,second"
            for (name, value) in registration {
                environment["FIRST_" + name] = value
                environment["SECOND_" + name] = name == "SERVER_METADATA_URL" ? other.metadataURL : value
            }
        } else {
            environment.merge(registration) { given, _ in given }
        }
        let program = try Program(environment: environment)
        guard program.announcement().contains("Listening on") else {
            throw NotStarted(complaints: program.end().complaints)
        }
        return DemoApp(origin: origin, provider: provider, program: program, data: data, second: second)
    }

    /// Ends it as a service manager does; gives its exit status and its log.
    func end() async -> (status: Int32, log: String) {
        await onThread {
            program.terminate()
            let ended = program.end()
            return (ended.status, ended.complaints)
        }
    }
}

/// Does what blocks on a thread of its own: the cooperative pool has two, and the browser needs them.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
