import Foundation
import HTTPMessages
import InMemory
import JOSE
import SQLiteSessions
import Sessions

/// What is done often. Its repetitions are alike: time stands still, and nothing is kept of one that the next would find.
struct Operation: Sendable {
    /// Does it so many times.
    let run: @Sendable (_ count: Int) async throws -> Void
    /// Removes what is left.
    var remove: @Sendable () async throws -> Void = {}

    static let all: [String: @Sendable () async throws -> Operation] = [
        "id-token-rs256": idToken,
        "signed-in-sqlite": { try await signedInBySQLite(Moment.now) },
        "signed-in-sqlite-anew": { try await signedInBySQLite(Moment.toAndFro()) },
        "signed-in-cookie": signedInByCookie,
        "discovery-json": discovery,
        "begin-login": beginLogin,
        "whole-login": wholeLogin,
    ]

    /// The whole check of an ID Token.
    private static func idToken() throws -> Operation {
        let keySet: JSONObject = [
            "keys": [
                .object([
                    "kty": "RSA", "kid": "2026-11", "use": "sig", "alg": "RS256", "e": "AQAB",
                    "n": .string(FixedToken.modulus),
                ])
            ]
        ]
        let check = try IDTokenCheck(of: FixedToken.compact, keySet: keySet.serialized(), now: Moment.now)
        return Operation { count in
            // The requests for tokens around it are as many whatever the count, and so are none of it.
            guard count <= maximumCount else { throw BenchmarkError("more than \(maximumCount)") }
            for _ in 0..<count { try await check.run() }
            for _ in count..<maximumCount { try await check.alone() }
        }
    }

    private static let maximumCount = 1000

    /// `GET /` with a session from SQLite: what answers it from the request on, a page of one line.
    private static func signedInBySQLite(_ now: @escaping @Sendable () -> Date) async throws -> Operation {
        let directory = FileManager.default.temporaryDirectory.appending(path: "hot-operations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let keys = try secretKeys()
        let path = directory.appending(path: "sessions.sqlite").path
        let store = try await SQLiteSessionStore(path: path, keys: keys, now: now)
        return Operation(run: try await signedIn(store, keys).run) {
            await store.close()
            try FileManager.default.removeItem(at: directory)
        }
    }

    /// The same with the session in the cookie.
    private static func signedInByCookie() async throws -> Operation {
        let keys = try secretKeys()
        return try await signedIn(
            CookieSessionStore(keys: keys, shared: MemorySharedValues(now: Moment.now), now: Moment.now), keys)
    }

    private static func signedIn(_ store: any SessionStore, _ keys: SecretKeys) async throws -> Operation {
        let application = try application(store, keys)
        let request = try await application.finish(application.callback())
        return Operation { for _ in 0..<$0 { try await application.send(request) } }
    }

    /// The provider's metadata, read by the strict reader of JSON.
    private static func discovery() -> Operation {
        let document = InMemoryProvider.metadata(of: IDTokenCheck.issuer).serialized()
        return Operation { for _ in 0..<$0 { _ = try JSONObject(parsing: document) } }
    }

    /// `GET /login`: the authorization request, and the sealed transaction in a cookie.
    private static func beginLogin() async throws -> Operation {
        let application = try application(MemorySessionStore(now: Moment.now), try secretKeys())
        let request = try InMemoryApplication.request("/login?next=/reports")
        return Operation { for _ in 0..<$0 { try await application.send(request, expecting: 303) } }
    }

    /// The same, and the end of the login, what the provider in memory does for it included.
    private static func wholeLogin() throws -> Operation {
        let application = try application(MemorySessionStore(now: Moment.now), try secretKeys())
        return Operation { for _ in 0..<$0 { try await application.finish(application.callback()) } }
    }

    private static func application(_ store: any SessionStore, _ keys: SecretKeys) throws -> InMemoryApplication {
        let provider = InMemoryProvider(key: try SigningKey.generate(.es256, keyID: "1"), now: Moment.now)
        return try InMemoryApplication(at: provider, sessions: store, keys: keys, now: Moment.now)
    }

    private static func secretKeys() throws -> SecretKeys { try SecretKeys(["0123456789abcdef0123456789abcdef"]) }
}
