import CurlTransport
import DevelopmentProvider
import HTTPMessages
import HTTPServer
import OpenIDConnect
import ProgramSupport
import Sessions
import TestSupport
import Testing
import WebLogin

/// An example with development providers beside it, all listening on loopback.
final class PlayedSite {
    let origin: String
    let browser: SmallBrowser
    /// Where the metadata of each provider lie.
    let metadataURLs: [String]
    private let servers: [HTTPServer]
    private let transport: CurlTransport

    /// The example is made when the addresses are known. `clients` are its identifier and its secret at each provider.
    init(
        clients: [(id: String, secret: String, callback: String)],
        _ example: (WebLogin, [String]) throws -> Router
    ) throws {
        let handlers = (0...clients.count).map { _ in Mutexed<HTTPHandler?>(nil) }
        servers = try handlers.map { handler in
            try HTTPServer(HTTPServerConfiguration()) { request in
                await handler.value?(request) ?? .text("too early", status: 503)
            }
        }
        let application = "http://localhost:\(servers[0].port)"
        origin = application
        let issuers = servers.dropFirst().map { "http://127.0.0.1:\($0.port)" }
        for ((client, issuer), handler) in zip(zip(clients, issuers), handlers.dropFirst()) {
            let provider = try DevelopmentProvider(
                issuer: issuer,
                clients: [
                    DevelopmentClient(
                        id: client.id, secret: client.secret, redirectURIs: [application + client.callback],
                        postLogoutRedirectURIs: [application + "/"])
                ])
            handler.value = { await provider.respond(to: $0) }
        }
        metadataURLs = issuers.map { $0 + "/.well-known/openid-configuration" }
        browser = try SmallBrowser()
        transport = try CurlTransport()
        let login = try WebLogin(
            publicURL: application, secretKeys: .generated(), sessions: MemorySessionStore(), transport: transport)
        handlers[0].value = try example(login, metadataURLs).respond
    }

    func close() async {
        browser.close()
        transport.shutdown()
        for server in servers { await server.shutdown() }
    }
}
