import Foundation
import InMemory
import JOSE
import SQLiteSessions
import Sessions

/// By the number of claims that a provider sends of a user.
enum ClaimGrowth {
    private static let sizes = [10, 100, 1000, 10_000]
    /// Where an ID Token reaches the most that is read of one.
    private static let tokenSizes = [10, 100, 1000, 2500, 10_000]
    /// Where a session outgrows a browser's cookies.
    private static let cookieSizes = [10, 30, 100, 300, 1000]

    /// `directory` is for files.
    static func series(in directory: URL) async throws -> [Series] {
        let key = try SigningKey.generate(.es256, keyID: "1")
        let secrets = SecretKeys.generated()
        let shared = MemorySharedValues(now: Moment.now)
        let cookies = CookieSessionStore(keys: secrets, shared: shared, now: Moment.now)
        let path = directory.appending(path: "sessions.sqlite").path
        // So that every request reads the file, whatever was read before.
        let file = try await SQLiteSessionStore(path: path, keys: secrets, now: Moment.toAndFro())
        func application(_ count: Int, _ store: any SessionStore) throws -> InMemoryApplication {
            let provider = InMemoryProvider(key: key, userInfo: claims(count), now: Moment.now)
            return try InMemoryApplication(at: provider, sessions: store, keys: secrets, now: Moment.now)
        }
        func signedIn(_ count: Int, _ store: any SessionStore) async throws -> Series.Work {
            let application = try application(count, store)
            let request = try await application.finish(application.callback())
            return repeated { try await application.send(request) }
        }
        let series = [
            try await Series("the check of an ID Token with them (ES256)", "claims", tokenSizes) { count in
                let token = try InMemoryProvider.idToken(
                    by: key, issuer: IDTokenCheck.issuer, nonce: IDTokenCheck.nonce, at: Moment.now(),
                    claims: claims(count))
                let check = try IDTokenCheck(
                    of: token, keySet: JWKSet(keys: [key.publicJWK]).json.serialized(), now: Moment.now)
                return { try await check.time($0) }
            },
            try await Series("the end of a login, with them from UserInfo, kept in SQLite", "claims", sizes) {
                callbacks(of: try application($0, file))
            },
            try await Series("a signed-in request, read from SQLite", "claims", sizes) { try await signedIn($0, file) },
            try await Series("the end of a login, kept in the cookie", "claims", cookieSizes) {
                callbacks(of: try application($0, cookies))
            },
            try await Series("a signed-in request, read from the cookie", "claims", cookieSizes) {
                try await signedIn($0, cookies)
            },
        ]
        await file.close()
        return series
    }

    /// So many claims, of fourteen characters each.
    private static func claims(_ count: Int) -> JSONObject {
        JSONObject(members: (0..<count).map { ("c\($0)", .string("value")) })
    }
}
