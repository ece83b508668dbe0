import CurlTransport
import HTTPMessages
import HTTPServer
import OpenIDConnect
import WebLogin

@main
enum NotesAPI {
    static func main() async throws {
        let api = try BearerAPI(
            issuer: "https://idp.example", audience: "https://notes.example", transport: try CurlTransport())
        let server = try HTTPServer(HTTPServerConfiguration(port: 8000), handler: routes(api).respond)
        await server.serveUntilTerminated()
    }

    static func routes(_ api: BearerAPI) -> Router {
        var router = Router()
        router.add(.get, "/notes", api.require("notes:read") { _, token in .text("The notes of \(token.subject).\n") })
        router.add(
            .post, "/notes",
            api.require("notes:read", "notes:write") { request, token in
                .text("\(request.body.count) bytes noted for \(token.subject), by \(token.clientID).\n")
            })
        return router
    }
}
