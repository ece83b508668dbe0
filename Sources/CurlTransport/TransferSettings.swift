import CCurl
import FoundationEssentials

/// The configuration, with the files of certification authorities as they are at one time.
struct TransferSettings: Sendable {
    /// What libcurl is given.
    enum Authorities: Sendable {
        /// What it was built with.
        case system
        case file(String)
        case text([UInt8])
        case memory(MemoryFile)
    }

    let authorities: Authorities
    let proxy: CurlTransport.Configuration.Proxy
    /// Whether the system's directory of certificates is searched. Not beside its bundle, which holds the same: libcurl
    /// keeps a bundle parsed only where there is no directory, and parsing takes 20 ms for each connection.
    let searchesDirectory: Bool
    /// The files that were read, as they were before.
    private let files: [(path: String, version: FileVersion?)]

    init(_ configuration: CurlTransport.Configuration) throws(CurlTransportError) {
        proxy = configuration.proxy
        let bundle = Self.systemBundle
        let isSystem = configuration.authorities == .system
        searchesDirectory = isSystem && bundle == nil
        var paths = [configuration.additionalAuthorityFile].compactMap(\.self)
        switch configuration.authorities {
        case .system: paths += [bundle].compactMap(\.self)
        case .file(let path): paths.append(path)
        case .pem: break
        }
        files = paths.map { ($0, FileVersion(path: $0)) }

        let base: Authorities
        switch configuration.authorities {
        case .system: base = .system
        case .file(let path):
            _ = try Self.certificates(in: path)
            base = .file(path)
        case .pem(let text):
            try Self.requireCertificate(in: text, named: "the certification authorities")
            base = .text(text)
        }
        guard let additional = configuration.additionalAuthorityFile else {
            authorities = base
            return
        }
        var all = try Self.certificates(in: additional) + [UInt8(ascii: "\n")]
        switch base {
        case .system: if let bundle { all += try Self.certificates(in: bundle) }
        case .file(let path): all += try Self.certificates(in: path)
        case .text(let text): all += text
        case .memory: break
        }
        authorities = MemoryFile(all).map { .memory($0) } ?? .text(all)
    }

    /// Whether a file is another one by now.
    var haveFilesChanged: Bool { files.contains { FileVersion(path: $0.path) != $0.version } }

    private static var systemBundle: String? {
        unsafe ccurl_system_bundle().map { unsafe String(cString: $0) }
            .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }

    private static func certificates(in path: String) throws(CurlTransportError) -> [UInt8] {
        guard let contents = FileManager.default.contents(atPath: path) else {
            throw CurlTransportError(
                .authoritiesUnreadable, context: path,
                remedy: "check that the file of certificate authorities exists and may be read")
        }
        try requireCertificate(in: contents, named: path)
        return Array(contents)
    }

    /// libcurl would tell only at the first request, and then as a failed handshake.
    private static func requireCertificate(
        in text: some Sequence<UInt8>, named name: String
    ) throws(CurlTransportError) {
        let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        let heads = ["-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----"].map { Array($0.utf8) }
        guard lines.contains(where: { line in heads.contains { line.starts(with: $0) } }) else {
            throw CurlTransportError(
                .authoritiesEmpty, context: name, remedy: "give at least one certificate in PEM form")
        }
    }
}
