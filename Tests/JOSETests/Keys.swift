import JOSE

/// Keys that tests share; made once, for making an RSA key takes long in a debug build.
enum Keys {
    private static let made: [JWSAlgorithm: SigningKey] = {
        var keys: [JWSAlgorithm: SigningKey] = [:]
        for algorithm in JWSAlgorithm.allCases {
            keys[algorithm] = try? .generate(algorithm, keyID: algorithm.rawValue)
        }
        return keys
    }()

    /// The key for the algorithm; its `kid` is the algorithm's name.
    static func key(_ algorithm: JWSAlgorithm) throws -> SigningKey {
        if let key = made[algorithm] { return key }
        return try .generate(algorithm, keyID: algorithm.rawValue)
    }

    /// A token with any header and payload, signed.
    static func token(header: String, payload: String = "{}", by key: SigningKey) throws -> String {
        let input = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return input + "." + Base64URL.encode(try key.signature(for: Array(input.utf8)))
    }
}

extension JSONObject {
    /// The object with one member set, or left out.
    func with(_ name: String, _ value: JSONValue?) -> JSONObject {
        var object = self
        object[name] = value
        return object
    }
}
