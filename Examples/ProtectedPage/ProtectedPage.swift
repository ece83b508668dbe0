import CurlTransport
import HTTPMessages
import HTTPServer
import Sessions
import WebLogin

@main
enum ProtectedPage {
    static func main() async throws {
        let login = try WebLogin(
            publicURL: "http://localhost:8000", secretKeys: .generated(), sessions: MemorySessionStore(),
            transport: try CurlTransport())
        try login.register(
            "idp", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://idp.example/.well-known/openid-configuration")
        let server = try HTTPServer(HTTPServerConfiguration(port: 8000), handler: pages(login).respond)
        await server.serveUntilTerminated()
    }

    static func pages(_ login: WebLogin) -> Router {
        var router = Router()
        login.mount(on: &router)
        router.add(.get, "/") { _ in .text("For everybody. /me wants a login, /admin the role admin.\n") }
        router.add(.get, "/me", login.requireLogin { _, user in .text("You are \(user.subject).\n") })
        router.add(.get, "/admin", login.requireRole("admin") { _, _ in .text("For admins.\n") })
        return router
    }
}
