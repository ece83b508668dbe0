import CurlTransport
import Foundation
import HTTPMessages
import HTTPServer
import Sessions
import WebLogin

/// A small application whose server takes more connections than is wise behind a proxy: what do idle ones cost? Its
/// settings are those of oidc-demo, with sessions in memory.
@main
enum ManyConnections {
    static func main() async throws {
        let settings = ProcessInfo.processInfo.environment
        let login = try WebLogin(
            publicURL: settings["PUBLIC_URL", default: ""], secretKeys: .generated(), sessions: MemorySessionStore(),
            transport: try CurlTransport())
        try login.register(
            "oidc_entry", clientID: settings["CLIENT_ID", default: ""],
            clientSecret: settings["CLIENT_SECRET", default: ""],
            serverMetadataURL: settings["SERVER_METADATA_URL", default: ""])
        var router = Router()
        login.mount(on: &router)
        router.add(.get, "/") { request in
            guard let user = try? await login.session(of: request) else { return .text("Nobody is logged in.\n") }
            return .text("\(user.subject), \(user.email ?? "without e-mail")\n")
        }
        var configuration = HTTPServerConfiguration(port: settings["PORT"].flatMap(UInt16.init) ?? 8000)
        configuration.connections = 20_000
        configuration.connectionsPerAddress = 20_000
        configuration.idleTimeout = .seconds(600)
        let server = try HTTPServer(configuration, handler: router.respond)
        await server.serveUntilTerminated()
    }
}
