import CCurl
import FoundationEssentials

/// The configuration, checked once when the transport starts.
struct TransferSettings: Sendable {
    let authorities: CurlTransport.Configuration.Authorities
    let proxy: CurlTransport.Configuration.Proxy
    /// Whether the system's directory of certificates is searched. Not beside its bundle, which holds the same: libcurl
    /// keeps a bundle parsed only where there is no directory, and parsing takes 20 ms for each connection.
    let searchesDirectory: Bool

    init(_ configuration: CurlTransport.Configuration) throws(CurlTransportError) {
        authorities = configuration.authorities
        proxy = configuration.proxy
        let bundle = unsafe ccurl_system_bundle().map { unsafe String(cString: $0) }
        let hasBundle = bundle.map { FileManager.default.fileExists(atPath: $0) } ?? false
        searchesDirectory = configuration.authorities == .system && !hasBundle
        switch configuration.authorities {
        case .system: break
        case .file(let path):
            guard let contents = FileManager.default.contents(atPath: path) else {
                throw CurlTransportError(
                    .authoritiesUnreadable, context: path,
                    remedy: "check that the file of certificate authorities exists and may be read")
            }
            try Self.requireCertificate(in: contents, named: path)
        case .pem(let text):
            try Self.requireCertificate(in: text, named: "the certificate authorities")
        }
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
