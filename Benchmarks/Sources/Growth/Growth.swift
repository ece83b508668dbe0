import Foundation

/// `growth`: what it costs when there are more of something, as JSON.
@main
struct Growth {
    static func main() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "growth-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(try await series(in: directory)), as: UTF8.self))
    }

    /// Away from the main actor, so that a call is not a change of threads.
    @concurrent
    private static func series(in directory: URL) async throws -> [Series] {
        try await ProviderGrowth.series() + KeyGrowth.series() + ClaimGrowth.series(in: directory)
    }
}
