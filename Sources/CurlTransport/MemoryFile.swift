import CCurl
import Glibc

/// A file that is in memory alone, for what libcurl wants as a path: it parses a file once, and a text for each connection.
@safe final class MemoryFile: Sendable {
    private let descriptor: Int32

    /// `nil` where the system has no such files, or no path to them.
    init?(_ bytes: [UInt8]) {
        let descriptor = unsafe ccurl_memory_file("certificate-authorities")
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return nil }
            rest = rest.dropFirst(count)
        }
        guard unsafe access(path, R_OK) == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Good as long as this lives.
    var path: String { "/proc/self/fd/\(descriptor)" }
}
