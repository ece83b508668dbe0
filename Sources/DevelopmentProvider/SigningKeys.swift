import JOSE
import Synchronization

/// The provider's keys, one for each algorithm, made when first asked for: an RSA key takes a tenth of a second.
final class SigningKeys: Sendable {
    let algorithms: Set<JWSAlgorithm>
    private let made = Mutex<[JWSAlgorithm: SigningKey]>([:])

    init(for algorithms: Set<JWSAlgorithm>) { self.algorithms = algorithms }

    func key(for algorithm: JWSAlgorithm) throws(JOSEError) -> SigningKey {
        try made.withLock { keys throws(JOSEError) in
            if let key = keys[algorithm] { return key }
            // A new identifier at every start: a client that remembers an old key sees that it lacks this one.
            var generator = SystemRandomNumberGenerator()
            let suffix = String(generator.next() as UInt64, radix: 36)
            let key = try SigningKey.generate(algorithm, keyID: "\(algorithm.rawValue)-\(suffix)")
            keys[algorithm] = key
            return key
        }
    }

    /// The keys of all algorithms, in the order in which the algorithms are listed.
    func all() throws(JOSEError) -> [SigningKey] {
        var keys: [SigningKey] = []
        for algorithm in JWSAlgorithm.allCases where algorithms.contains(algorithm) {
            keys.append(try key(for: algorithm))
        }
        return keys
    }

    /// What was signed since the start can be checked with these; makes none.
    var madePublicKeys: JWKSet { JWKSet(keys: made.withLock { $0.values.map(\.publicJWK) }) }
}
