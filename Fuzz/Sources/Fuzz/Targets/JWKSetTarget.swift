import JOSE

/// ``JWKSet``: the keys that are taken are published as they were read, without their secrets.
struct JWKSetTarget: FuzzTarget {
    /// RFC 7515 A.3: whose signature foreign keys are asked about.
    private let token: JWS

    init() throws { token = try JWS(compact: Tokens.es256) }

    func run(_ input: [UInt8]) throws {
        for allowingSecrets in [false, true] {
            guard let set = try? JWKSet(parsing: input, allowingSecrets: allowingSecrets) else { return }
            try demand(set.keys.count + set.skipped.count <= JWKSet.maximumCount, "no more keys than are looked at")
            let published = set.json
            for key in published["keys"]?.array ?? [] {
                let names = key.object?.members.map(\.name) ?? []
                try demand(
                    Set(names).isDisjoint(with: ["d", "p", "q", "dp", "dq", "qi", "k"]), "no secret is published")
            }
            let again = try JWKSet(parsing: published.serialized())
            let asymmetric = set.keys.filter { $0.keyType != .oct }
            try demand(again.keys.count == asymmetric.count, "every public key that is published is taken")
            try demand(again.json == JWKSet(keys: asymmetric).json, "keys are published as they were read")
            _ = try? token.verify(using: set, allowing: Set(JWSAlgorithm.allCases))
        }
    }
}
