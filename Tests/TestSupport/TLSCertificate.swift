package import Foundation

/// A self-signed certificate with its key, made by the openssl command in a directory of its own.
package final class TLSCertificate: Sendable {
    struct Failure: Error {
        let words: String
    }

    package let file: URL
    let key: String

    /// `name`: a subject alternative name as openssl writes it.
    package init(for name: String, isExpired: Bool = false) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        file = directory.appending(path: "certificate.pem")
        key = directory.appending(path: "key.pem").path
        let ec = [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test", "-keyout", key,
        ]
        guard isExpired else {
            try Self.run(
                ["req", "-x509", "-days", "2", "-addext", "subjectAltName=\(name)", "-out", file.path] + ec)
            return
        }
        // Only `openssl ca` makes what has expired.
        let configuration = """
            [ca]
            default_ca = test
            [test]
            database = \(directory.path)/index
            serial = \(directory.path)/serial
            new_certs_dir = \(directory.path)
            default_md = sha256
            policy = policy
            x509_extensions = extensions
            [policy]
            commonName = supplied
            [extensions]
            subjectAltName = \(name)

            """
        for (name, text) in [("configuration", configuration), ("index", ""), ("serial", "01\n")] {
            try Data(text.utf8).write(to: directory.appending(path: name))
        }
        try Self.run(["req", "-out", "\(directory.path)/request"] + ec)
        try Self.run([
            "ca", "-batch", "-config", "\(directory.path)/configuration", "-selfsign", "-keyfile", key, "-in",
            "\(directory.path)/request", "-startdate", "20200101000000Z", "-enddate", "20200102000000Z", "-out",
            file.path,
        ])
    }

    deinit { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(words: arguments.joined(separator: " ")) }
    }
}
