import InMemory
import JOSE

/// By the number of keys in a provider's set.
enum KeyGrowth {
    static func series() async throws -> [Series] {
        let sizes = [1, 10, 100, 1000]
        let keys = try (0..<1000).map { try SigningKey.generate(.es256, keyID: "key-\($0)") }
        func set(_ count: Int) -> [UInt8] { JWKSet(keys: keys.prefix(count).map(\.publicJWK)).json.serialized() }
        return [
            try await Series("the check of an ID Token by the last key (ES256)", "keys in the set", sizes) { count in
                let token = try InMemoryProvider.idToken(
                    by: keys[count - 1], issuer: IDTokenCheck.issuer, nonce: IDTokenCheck.nonce, at: Moment.now())
                let check = try IDTokenCheck(of: token, keySet: set(count), now: Moment.now)
                return { try await check.time($0) }
            },
            try await Series("the reading of the set, four times an hour", "keys in the set", sizes) { count in
                let bytes = set(count)
                return repeated { _ = try JWKSet(parsing: bytes) }
            },
        ]
    }
}
