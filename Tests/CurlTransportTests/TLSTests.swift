import CurlTransport
import Foundation
import OpenIDConnect
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

/// `openssl s_server` on loopback, with a self-signed certificate made for it.
final class TLSServer: Sendable {
    static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    struct Failure: Error {
        let words: String
    }

    let certificate: URL
    private let port: UInt16
    private let process: Process

    /// `name`: a subject alternative name as openssl writes it.
    init(for name: String) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificate = directory.appending(path: "certificate.pem")
        let key = directory.appending(path: "key.pem").path
        let making = try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", certificate.path,
        ])
        making.process.waitUntilExit()
        let serving = try Self.openssl([
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate.path, "-key", key,
        ])
        process = serving.process
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var words = ""
        while !words.contains("ACCEPT") || !words.hasSuffix("\n") {
            let piece = serving.output.availableData
            guard !piece.isEmpty else { throw Failure(words: words) }
            words += String(decoding: piece, as: UTF8.self)
        }
        guard
            let port = words.split(separator: ":").last.flatMap({
                UInt16($0.trimmingCharacters(in: .whitespacesAndNewlines))
            })
        else { throw Failure(words: words) }
        self.port = port
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: certificate.deletingLastPathComponent())
    }

    func request() throws -> TransportRequest {
        TransportRequest(method: .get, url: try #require(EndpointURL("https://127.0.0.1:\(port)/")))
    }

    private static func openssl(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }
}
