/// A set of keys (RFC 7517 §5). Keys that cannot be used are skipped and remembered with the reason.
public struct JWKSet: Sendable {
    /// A key that was not taken.
    public struct Skipped: Sendable, Hashable {
        /// Its place in the set, from 0.
        public let index: Int
        /// Its `kid`, where it has one.
        public let keyID: String?
        /// Why it was not taken.
        public let reason: JOSEError
    }

    /// How many keys are looked at; the rest of a larger set is left out.
    public static let maximumCount = 1000

    /// The keys that can be used, in their order.
    public let keys: [JWK]
    /// The keys that cannot.
    public let skipped: [Skipped]
    /// Where the keys of each `kid` stand.
    private let positions: [JSONObject.Name: [Int]]
    /// Where the symmetric keys without one stand.
    private let unnamedSecrets: [Int]

    /// A set of keys.
    public init(keys: [JWK]) { self.init(keys: keys, skipped: []) }

    private init(keys: [JWK], skipped: [Skipped]) {
        self.keys = keys
        self.skipped = skipped
        var positions: [JSONObject.Name: [Int]] = [:]
        for (position, key) in keys.enumerated() {
            if let keyID = key.keyID { positions[JSONObject.Name(text: keyID), default: []].append(position) }
        }
        self.positions = positions
        unnamedSecrets = keys.indices.filter { keys[$0].keyID == nil && keys[$0].keyType == .oct }
    }

    /// The keys that a token with this `kid` may be signed by, in their order: those that have it, and symmetric ones without
    /// any.
    func keys(named keyID: String) -> [JWK] {
        let named = positions[JSONObject.Name(text: keyID)] ?? []
        return (unnamedSecrets.isEmpty ? named : (named + unnamedSecrets).sorted()).map { keys[$0] }
    }

    /// Reads the key set that somebody publishes. Keys with a secret in them, private or symmetric, are skipped unless
    /// `allowingSecrets`: who can read them can sign with them (OIDC Discovery §3, `jwks_uri`).
    ///
    /// Throws `.json` where the bytes are no JSON object, `.keySet` where it has no array `keys`.
    public init(parsing bytes: [UInt8], allowingSecrets: Bool = false) throws(JOSEError) {
        let object: JSONObject
        do {
            object = try JSONObject(parsing: bytes)
        } catch {
            throw JOSEError(.json, "the key set: \(error)")
        }
        guard let entries = object["keys"]?.array else { throw JOSEError(.keySet, "the key set has no array keys") }
        var keys: [JWK] = []
        var skipped: [Skipped] = []
        for (index, entry) in entries.prefix(Self.maximumCount).enumerated() {
            do throws(JOSEError) {
                guard let object = entry.object else { throw JOSEError(.key, "a key is not an object") }
                if !allowingSecrets, ["d", "p", "q", "k"].contains(where: { object[$0] != nil }) {
                    throw JOSEError(.key, "a published key holds its secret")
                }
                keys.append(try JWK(object))
            } catch {
                skipped.append(Skipped(index: index, keyID: entry.object?["kid"]?.string, reason: error))
            }
        }
        self.init(keys: keys, skipped: skipped)
    }

    /// The set as JSON, without anything secret.
    public var json: JSONObject { ["keys": .array(keys.map { .object($0.publicMembers) })] }
}
