import CurlTransport
import Foundation
import OpenIDConnect
import TestSupport
import Testing

@Suite("TLS", .enabled(if: TLSServer.isPossible, "needs the openssl command"))
struct TLSTests {
    @Test("a certificate of an unknown authority is refused, and the error says so")
    func selfSigned() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let error = try await failure(of: server.request())
        #expect(error.code == .tls)
        #expect(error.detail.contains("self-signed certificate"), "\(error)")
    }

    @Test("its authority given as a file or as text lets it in")
    func ownAuthority() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let asFile = try CurlTransport(configuration: .init(authorities: .file(server.certificate.path)))
        #expect(try await asFile.send(server.request()).status == 200)
        let text = try Array(Data(contentsOf: server.certificate))
        let asText = try CurlTransport(configuration: .init(authorities: .pem(text)))
        #expect(try await asText.send(server.request()).status == 200)
    }

    @Test("a certificate for another host is refused though its authority is known")
    func otherHost() async throws {
        let server = try TLSServer(for: "DNS:other.example")
        let error = try await failure(of: server.request(), .init(authorities: .file(server.certificate.path)))
        #expect(error.code == .tls)
    }

    @Test("another authority does not let it in")
    func anotherAuthority() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let another = try TLSServer(for: "IP:127.0.0.1")
        let text = try Array(Data(contentsOf: another.certificate))
        for authorities in [
            CurlTransport.Configuration.Authorities.system, .file(another.certificate.path), .pem(text),
        ] {
            #expect(try await failure(of: server.request(), .init(authorities: authorities)).code == .tls)
        }
    }

    @Test("a missing file of authorities is named when the transport starts")
    func missingFile() throws {
        let error = #expect(throws: CurlTransportError.self) {
            try CurlTransport(configuration: .init(authorities: .file("/nowhere/ca.pem")))
        }
        #expect(error?.code == .authoritiesUnreadable)
        #expect(error?.context == "/nowhere/ca.pem")
    }

    @Test("what holds no certificate is no authority", arguments: ["", "hello", "-----BEGIN PRIVATE KEY-----\n"])
    func noCertificate(_ text: String) {
        let error = #expect(throws: CurlTransportError.self) {
            try CurlTransport(configuration: .init(authorities: .pem(Array(text.utf8))))
        }
        #expect(error?.code == .authoritiesEmpty)
    }
}
