import CurlTransport
import HTTPMessages
import HTTPServer
import Sessions
import WebLogin

@main
enum TwoProviders {
    static func main() async throws {
        let login = try WebLogin(
            publicURL: "http://localhost:8000", secretKeys: .generated(), sessions: MemorySessionStore(),
            transport: try CurlTransport())
        try register(
            at: login, customers: "https://accounts.google.com/.well-known/openid-configuration",
            staff: "https://idp.example/realms/staff/.well-known/openid-configuration")
        let server = try HTTPServer(HTTPServerConfiguration(port: 8000), handler: pages(login).respond)
        await server.serveUntilTerminated()
    }

    /// The redirect URI of the first is `/login/authorize`, of the second `/login/authorize/staff`.
    static func register(at login: WebLogin, customers: String, staff: String) throws {
        try login.register(
            "google", title: "Google", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: customers)
        try login.register(
            "staff", title: "Our staff", clientID: "YOUR_OTHER_CLIENT_ID", clientSecret: "YOUR_OTHER_CLIENT_SECRET",
            serverMetadataURL: staff)
    }

    static func pages(_ login: WebLogin) -> Router {
        var router = Router()
        login.mount(on: &router)
        router.add(
            .get, "/",
            login.requireLogin { _, user in
                // Who somebody is, is both: the same subject at another issuer is somebody else.
                .text("You are \(user.subject) at \(user.issuer), by \(user.provider).\n")
            })
        if let name = ProviderName("staff") {
            router.add(.get, "/staff", login.require(.provider(name)) { _, _ in .text("For staff.\n") })
        }
        return router
    }
}
