import Cryptography
import DevelopmentProvider
import HTTPMessages
import HTTPServer
import JOSE
import OpenIDConnect

/// The development provider, listening beside the app on this machine's loopback.
struct EmbeddedProvider: Sendable {
    let issuer: String
    /// The app's registration there.
    let clientID = "oidc-demo"
    let clientSecret: String

    private let server: HTTPServer

    /// Starts on the first free port of the twenty after `port`, with the app at `publicURL` as its only client.
    ///
    /// Throws a problem of `PORT` where none is free.
    init(publicURL: EndpointURL, after port: UInt16) throws(SettingProblem) {
        var generator = SystemRandomNumberGenerator()
        clientSecret = Base64URL.encode(randomBytes(32, using: &generator))
        for candidate in (Int(port) + 1...Int(port) + 20).compactMap(UInt16.init(exactly:)) {
            // Not localhost: cookies know no ports, and the app's own are there.
            let issuer = "http://127.0.0.1:\(candidate)"
            do {
                let provider = try DevelopmentProvider(
                    issuer: issuer,
                    clients: [
                        DevelopmentClient(
                            id: clientID, secret: clientSecret,
                            redirectURIs: [publicURL.origin + "/login/authorize"],
                            postLogoutRedirectURIs: [publicURL.origin + "/"])
                    ])
                server = try HTTPServer(HTTPServerConfiguration(host: "127.0.0.1", port: candidate)) {
                    await provider.respond(to: $0)
                }
                self.issuer = issuer
                return
            } catch let error as HTTPServerError where error.code == .addressInUse {
                continue
            } catch {
                throw SettingProblem(
                    .unusable, "The development provider", "cannot start: \(error)",
                    remedy: "Configure another provider.")
            }
        }
        throw SettingProblem(
            .unusable, "PORT", "\(port) has no free port among the twenty after it for the development provider",
            remedy: "Set PORT to another number, or configure another provider.")
    }

    func stop() async { await server.shutdown(within: .seconds(2)) }
}
