import CurlTransport
import HTTPMessages
import HTTPServer
import OpenIDConnect
import Testing

@testable import WebLogin

@Suite("The head of a request")
struct RequestHeadTests {
    @Test("has room for as many cookies as the application sets, the longest target, and 2 KiB of other fields")
    func worst() async throws {
        let configuration = HTTPServerConfiguration()
        let server = try HTTPServer(configuration) { .text($0.cookies["own"] == nil ? "none" : "own") }
        let transport = try CurlTransport(configuration: CurlTransport.Configuration())
        let cookie = "own=" + String(repeating: "b", count: CookieNames.maximumByteCount - "own=; ".utf8.count)
        // Host, the request line and the like are among the 2 KiB. Where the bytes stand does not matter to the limit.
        let other = String(repeating: "c", count: configuration.targetBytes + (2 << 10) - 256)
        let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/", plainHTTP: .everywhere))
        let request = TransportRequest(
            method: .get, url: url, fields: [("Cookie", cookie), ("X-Other", other)], body: [])
        let response = try await transport.send(request)
        #expect(String(decoding: response.body, as: UTF8.self) == "own")
        transport.shutdown()
        await server.shutdown()
    }
}
