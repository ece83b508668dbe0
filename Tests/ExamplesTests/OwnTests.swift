import DevelopmentProvider
import HTTPMessages
import JOSE
import OpenIDConnect
import Testing

/// The development provider as a transport: a login without a browser, a socket or a sleep.
struct InProcessProvider: HTTPTransport {
    let provider: DevelopmentProvider

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        var fields = HTTPFields()
        for field in request.fields { HTTPFields.Name(field.name).map { fields.append($0, field.value) } }
        let target = request.url.path + (request.url.query.map { "?" + $0 } ?? "")
        let method: HTTPMethod = request.method == .get ? .get : .post
        let message = HTTPRequest(method: method, target: target, fields: fields, body: request.body)
        let answer = await provider.respond(to: try #require(message))
        let lines = answer.fields.lines.map { (name: $0.name.canonical, value: $0.value) }
        return TransportResponse(status: answer.status, fields: lines, body: answer.body)
    }
}

@Suite("An application's own test")
struct OwnTests {
    @Test("discovers the development provider without a network")
    func discovery() async throws {
        let issuer = "http://127.0.0.1:9000"
        let provider = try DevelopmentProvider(
            issuer: issuer,
            clients: [DevelopmentClient(id: "app", secret: "app-secret", redirectURIs: ["http://localhost:8000/cb"])])
        let client = try await OpenIDClient(
            discovering: issuer, clientID: "app", clientSecret: "app-secret", redirectURI: "http://localhost:8000/cb",
            transport: InProcessProvider(provider: provider))
        #expect(client.metadata.issuer.string == issuer)
        #expect(client.beginLogin().url.hasPrefix(issuer))
    }
}
