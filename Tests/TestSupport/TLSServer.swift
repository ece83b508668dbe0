package import Foundation
package import OpenIDConnect
import Testing

/// `openssl s_server` on loopback, with a self-signed certificate made for it.
package final class TLSServer: Sendable {
    package static let isPossible = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    /// What it does with a connection.
    package enum Mode: Sendable {
        /// Answers a `GET` with a page of OpenSSL's about the connection, and closes it.
        case page
        /// Shows what comes, and sends what it is told to: one connection after the other.
        case dialogue
    }

    package let port: UInt16
    private let made: TLSCertificate
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()
    private let heard = Mutexed("")

    package var certificate: URL { made.file }

    /// `name`: a subject alternative name as openssl writes it.
    package init(for name: String, isExpired: Bool = false, mode: Mode = .page) throws {
        made = try TLSCertificate(for: name, isExpired: isExpired)
        process = Process()
        // It would keep back what it shows.
        process.executableURL = URL(filePath: "/usr/bin/stdbuf")
        process.arguments = [
            "-oL", "/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", made.file.path, "-key", made.key,
        ]
        if mode == .page { process.arguments?.append("-www") }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var words = ""
        while !words.contains("ACCEPT") || !words.hasSuffix("\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw TLSCertificate.Failure(words: words) }
            words += String(decoding: piece, as: UTF8.self)
        }
        guard
            let port = words.split(separator: ":").last.flatMap({
                UInt16($0.trimmingCharacters(in: .whitespacesAndNewlines))
            })
        else { throw TLSCertificate.Failure(words: words) }
        self.port = port
    }

    deinit {
        // SIGTERM does not reach it: started from a thread of Dispatch, it has that thread's mask of signals.
        kill(process.processIdentifier, SIGKILL)
    }

    package func request(
        _ method: TransportRequest.Method = .get, _ path: String = "/", body: String = ""
    ) throws -> TransportRequest {
        TransportRequest(
            method: method, url: try #require(EndpointURL("https://127.0.0.1:\(port)\(path)")), body: Array(body.utf8))
    }

    // MARK: Dialogue

    /// Sends this to the client.
    package func send(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

    /// Closes the connection as TLS wants it, with `close_notify`.
    package func closeConnection() throws {
        send("q\n")
        try wait(for: "CONNECTION CLOSED")
    }

    /// Waits until openssl has shown this; what it showed before is gone then.
    package func wait(for text: String) throws {
        while !heard.value.contains(text) {
            var descriptor = pollfd(
                fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let piece = poll(&descriptor, 1, 10_000) > 0 ? output.fileHandleForReading.availableData : Data()
            guard !piece.isEmpty else { throw TLSCertificate.Failure(words: "no \(text) in \(heard.value)") }
            heard.value += String(decoding: piece, as: UTF8.self)
        }
        heard.value = heard.value.ranges(of: text).first.map { String(heard.value[$0.upperBound...]) } ?? ""
    }
}
