import ByteText
import WebLogin

/// A picture for a provider's button, read at the start and served by the app itself: nobody else learns who looks at the
/// page.
struct Logo: Sendable, Hashable {
    /// The most bytes that a file has.
    static let maximumByteCount = 64 << 10

    private let contentType: String
    private let bytes: [UInt8]

    /// Why a file is no logo.
    struct Problem: Error, Sendable {
        let reason: String
    }

    /// Reads a file. PNG is told by its first bytes (PNG §5.2), SVG by its root element.
    ///
    /// Throws the reason where it is neither, too large, or cannot be read.
    init(path: String) throws(Problem) {
        guard let bytes = readFile(path, limit: Self.maximumByteCount + 1) else {
            throw Problem(reason: "which cannot be read: \(systemError())")
        }
        guard bytes.count <= Self.maximumByteCount else { throw Problem(reason: "which is too large") }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            contentType = "image/png"
        } else if let text = String(validating: bytes, as: UTF8.self), text.utf8.contains("<svg"),
            !bytes.contains(0)
        {
            contentType = "image/svg+xml"
        } else {
            throw Problem(reason: "which is neither SVG nor PNG")
        }
        self.bytes = bytes
    }

    /// The file as the app serves it. Whatever an SVG has in it, opened by itself it runs nothing and loads nothing.
    func file(of provider: ProviderName) -> StaticFile {
        StaticFile(
            path: "/logos/\(provider)", contentType: contentType, body: bytes,
            contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'")
    }
}
