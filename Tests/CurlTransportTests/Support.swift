import CurlTransport
import OpenIDConnect
import RawSockets
import Testing

extension ScriptedServer {
    func request(
        _ method: TransportRequest.Method = .get, _ path: String = "/", scheme: String = "http",
        fields: [(name: String, value: String)] = [], body: String = "",
        limits: TransportRequest.Limits = TransportRequest.Limits()
    ) throws -> TransportRequest {
        let url = try #require(EndpointURL("\(scheme)://127.0.0.1:\(port)\(path)"))
        return TransportRequest(method: method, url: url, fields: fields, body: Array(body.utf8), limits: limits)
    }
}

/// The error that the request ends with.
func failure(
    of request: TransportRequest, _ configuration: CurlTransport.Configuration = CurlTransport.Configuration()
) async throws -> TransportError {
    let transport = try CurlTransport(configuration: configuration)
    return try #require(
        await #expect(throws: TransportError.self) {
            try await transport.send(request)
        })
}

/// The error that a request ends with at a server that gives this answer and closes.
func failure(
    at answer: String, limits: TransportRequest.Limits = TransportRequest.Limits()
) async throws -> TransportError {
    let server = try ScriptedServer(answeringOnce: answer)
    return try await failure(of: server.request(limits: limits))
}

/// The answer of a server that gives this answer and closes.
func response(at answer: String) async throws -> TransportResponse {
    let server = try ScriptedServer(answeringOnce: answer)
    return try await CurlTransport().send(server.request())
}

extension TransportResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
