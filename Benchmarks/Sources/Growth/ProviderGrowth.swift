import InMemory
import JOSE
import Sessions

/// By the number of registered providers: what a user of the last one costs.
enum ProviderGrowth {
    static func series() async throws -> [Series] {
        func series(
            _ what: String,
            _ work: @escaping (_ application: InMemoryApplication, _ last: Int) async throws -> Series.Work
        ) async throws -> Series {
            try await Series(what, "registered providers", [1, 10, 100, 1000]) { count in
                try await work(try application(providers: count), count - 1)
            }
        }
        return [
            try await series("a signed-in request") { application, last in
                let request = try await application.finish(application.callback(fromProvider: last))
                return repeated { try await application.send(request) }
            },
            try await series("the start of a login") { application, last in
                let request = try InMemoryApplication.request("/login?provider=p\(last)")
                return repeated { try await application.send(request, expecting: 303) }
            },
            try await series("the end of a login") { callbacks(of: $0, fromProvider: $1) },
        ]
    }

    private static func application(providers count: Int) throws -> InMemoryApplication {
        let provider = InMemoryProvider(key: try SigningKey.generate(.es256, keyID: "1"), now: Moment.now)
        return try InMemoryApplication(
            providers: count, at: provider, sessions: MemorySessionStore(now: Moment.now), keys: .generated(),
            now: Moment.now)
    }
}
