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
        #expect(error.code == .certificateUnknownIssuer)
        #expect(error.detail.contains("self-signed certificate"), "\(error)")
    }

    @Test("its authority given as a file or as text lets it in, alone or beside others")
    func ownAuthority() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let another = try TLSCertificate(for: "IP:127.0.0.1")
        let text = try Array(Data(contentsOf: server.certificate))
        for configuration in [
            CurlTransport.Configuration(authorities: .file(server.certificate.path)),
            .init(authorities: .pem(text)),
            .init(additionalAuthorityFile: server.certificate.path),
            .init(authorities: .file(another.file.path), additionalAuthorityFile: server.certificate.path),
            .init(authorities: .file(server.certificate.path), additionalAuthorityFile: another.file.path),
            .init(authorities: .pem(text), additionalAuthorityFile: another.file.path),
        ] {
            let transport = try CurlTransport(configuration: configuration)
            #expect(try await transport.send(server.request()).status == 200, "\(configuration)")
        }
    }

    @Test("a certificate for another host is refused though its authority is known")
    func otherHost() async throws {
        let server = try TLSServer(for: "DNS:other.example")
        let error = try await failure(of: server.request(), .init(authorities: .file(server.certificate.path)))
        #expect(error.code == .certificateNameMismatch, "\(error)")
    }

    @Test("a certificate that has expired is refused though its authority is known")
    func expired() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1", isExpired: true)
        let error = try await failure(of: server.request(), .init(authorities: .file(server.certificate.path)))
        #expect(error.code == .certificateExpired, "\(error)")
    }

    @Test("another authority does not let it in, beside the system's neither")
    func anotherAuthority() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let another = try TLSCertificate(for: "IP:127.0.0.1")
        let text = try Array(Data(contentsOf: another.file))
        for configuration in [
            CurlTransport.Configuration(), .init(authorities: .file(another.file.path)), .init(authorities: .pem(text)),
            .init(additionalAuthorityFile: another.file.path),
        ] {
            #expect(try await failure(of: server.request(), configuration).code == .certificateUnknownIssuer)
        }
    }

    @Test("a file of authorities is read again when it has changed, and while it holds none the last ones serve")
    func changedFile() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let another = try TLSCertificate(for: "IP:127.0.0.1")
        let directory = another.file.deletingLastPathComponent()
        let (first, second) = (directory.appending(path: "first"), directory.appending(path: "second"))
        let (right, wrong) = (try Data(contentsOf: server.certificate), try Data(contentsOf: another.file))
        for (isAdditional, file) in [(false, first), (true, second)] {
            try wrong.write(to: file)
            let transport = try CurlTransport(
                configuration: isAdditional
                    ? .init(additionalAuthorityFile: file.path) : .init(authorities: .file(file.path)))
            await #expect(throws: TransportError(.certificateUnknownIssuer, origin: "", detail: "")) {
                try await transport.send(server.request())
            }
            try right.write(to: file, options: .atomic)
            #expect(try await transport.send(server.request()).status == 200)
            try Data("half".utf8).write(to: file)
            #expect(try await transport.send(server.request()).status == 200)
            try FileManager.default.removeItem(at: file)
            #expect(try await transport.send(server.request()).status == 200)
            // Neither a connection nor a session that the old authority let in serves under the new.
            try wrong.write(to: file)
            await #expect(throws: TransportError(.certificateUnknownIssuer, origin: "", detail: "")) {
                try await transport.send(server.request())
            }
        }
    }

    @Test("a missing file of authorities is named when the transport starts")
    func missingFile() throws {
        for configuration in [
            CurlTransport.Configuration(authorities: .file("/nowhere/ca.pem")),
            .init(additionalAuthorityFile: "/nowhere/ca.pem"),
        ] {
            let error = #expect(throws: CurlTransportError.self) { try CurlTransport(configuration: configuration) }
            #expect(error?.code == .authoritiesUnreadable)
            #expect(error?.context == "/nowhere/ca.pem")
        }
    }

    @Test("what holds no certificate is no authority", arguments: ["", "hello", "-----BEGIN PRIVATE KEY-----\n"])
    func noCertificate(_ text: String) {
        let error = #expect(throws: CurlTransportError.self) {
            try CurlTransport(configuration: .init(authorities: .pem(Array(text.utf8))))
        }
        #expect(error?.code == .authoritiesEmpty)
    }
}
