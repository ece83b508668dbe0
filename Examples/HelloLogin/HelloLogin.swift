import CurlTransport
import HTTPMessages
import HTTPServer
import Sessions
import WebLogin

@main
enum HelloLogin {
    static func main() async throws {
        let login = try WebLogin(
            publicURL: "http://localhost:8000", secretKeys: .generated(), sessions: MemorySessionStore(),
            transport: try CurlTransport())
        try login.register(
            "google", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://accounts.google.com/.well-known/openid-configuration")
        var router = Router()
        login.mount(on: &router)
        router.add(.get, "/") { request in
            guard let user = try? await login.session(of: request) else { return login.loginRequired(request) }
            return .text("Hello, \(user.name ?? "you")! You are \(user.subject) at \(user.issuer).\n")
        }
        let server = try HTTPServer(HTTPServerConfiguration(port: 8000), handler: router.respond)
        await server.serveUntilTerminated()
    }
}
