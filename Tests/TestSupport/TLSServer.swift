package import Foundation
package import OpenIDConnect
import Testing

/// `openssl s_server` on loopback, with a self-signed certificate made for it.
package final class TLSServer: Sendable {
    package static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    struct Failure: Error {
        let words: String
    }

    package let certificate: URL
    package let port: UInt16
    private let process: Process

    /// `name`: a subject alternative name as openssl writes it.
    package init(for name: String) throws {
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
        // SIGTERM does not reach it: started from a thread of Dispatch, it has that thread's mask of signals.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: certificate.deletingLastPathComponent())
    }

    package func request() throws -> TransportRequest {
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
