import Cryptography
import JOSE
import Testing

@Suite("Verifying tokens")
struct JWSVerificationTests {
    private func verify(
        _ token: String, _ keys: JWK..., allowing allowed: Set<JWSAlgorithm> = Set(JWSAlgorithm.allCases)
    ) throws -> VerifiedPayload {
        try JWS(compact: token).verify(using: JWKSet(keys: keys), allowing: allowed)
    }

    /// The public half of a key with other members that describe it.
    private func published(_ key: SigningKey, _ changes: (String, JSONValue?)...) throws -> JWK {
        var members = try key.privateMembers
        for (name, value) in changes { members[name] = value }
        return try JWK(members)
    }

    @Test(
        "an algorithm that was not agreed on is refused, though the signature is right",
        arguments: JWSAlgorithm.allCases)
    func notAllowed(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        let token = try key.sign(payload: [])
        _ = try verify(token, key.publicJWK)
        let others = Set(JWSAlgorithm.allCases).subtracting([algorithm])
        #expect(throws: JOSEError(.algorithmNotAllowed, "")) { try verify(token, key.publicJWK, allowing: others) }
        #expect(throws: JOSEError(.algorithmNotAllowed, "")) { try verify(token, key.publicJWK, allowing: []) }
    }

    @Test("another key of the same kind does not verify", arguments: JWSAlgorithm.allCases)
    func otherKey(_ algorithm: JWSAlgorithm) throws {
        let token = try SigningKey.generate(algorithm, keyID: nil).sign(payload: [])
        let key = try Keys.key(algorithm).publicJWK
        #expect(throws: JOSEError(.signature, "")) { try verify(token, key) }
    }

    @Test("the payload is the one that was signed", arguments: JWSAlgorithm.allCases)
    func otherPayload(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        var parts = try key.sign(payload: Array("{}".utf8)).split(separator: ".").map(String.init)
        parts[1] = Base64URL.encode(Array("[]".utf8))
        #expect(throws: JOSEError(.signature, "")) { try verify(parts.joined(separator: "."), key.publicJWK) }
    }

    @Test("an empty signature does not verify", arguments: JWSAlgorithm.allCases)
    func emptySignature(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        let parts = try key.sign(payload: []).split(separator: ".", omittingEmptySubsequences: false)
        #expect(throws: JOSEError(.signature, "")) { try verify("\(parts[0]).\(parts[1]).", key.publicJWK) }
    }

    @Test("a token by one algorithm does not pass for one by another", arguments: JWSAlgorithm.allCases)
    func confusion(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        for claimed in JWSAlgorithm.allCases where claimed != algorithm {
            // EdDSA and Ed25519 are two names of one algorithm.
            if claimed.keyType == .okp && algorithm.keyType == .okp { continue }
            let token = try Keys.token(header: #"{"alg":"\#(claimed.rawValue)"}"#, by: key)
            let open = try published(key, ("alg", nil))
            let isOtherKind = claimed.keyType != algorithm.keyType || claimed.keyType == .ec
            #expect(throws: JOSEError(.noFittingKey, "")) { try verify(token, key.publicJWK) }
            #expect(
                throws: JOSEError(
                    isOtherKind ? .noFittingKey : claimed.needsMore(than: algorithm) ? .key : .signature, "")
            ) {
                try verify(token, open)
            }
        }
    }

    @Test("a public key is no secret for HMAC, in whatever form")
    func publicKeyAsSecret() throws {
        let key = try Keys.key(.rs256)
        let members = key.publicJWK.publicMembers
        let secrets = [
            try Base64URL.decode(members["n"]?.string ?? ""), Array((members["n"]?.string ?? "").utf8),
            members.serialized(),
        ]
        for secret in secrets {
            let input = Base64URL.encode(Array(#"{"alg":"HS256","kid":"RS256"}"#.utf8)) + ".e30"
            let token = input + "." + Base64URL.encode(try hmac(Array(input.utf8), key: secret, using: .sha256))
            #expect(throws: JOSEError(.noFittingKey, "")) { try verify(token, key.publicJWK) }
            #expect(throws: JOSEError(.noFittingKey, "")) {
                try verify(token, try published(key, ("alg", nil), ("use", nil)))
            }
        }
    }

    @Test("EdDSA and Ed25519 are the same algorithm under two names", arguments: [JWSAlgorithm.edDSA, .ed25519])
    func twoNames(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        for name in ["EdDSA", "Ed25519"] {
            _ = try verify(try Keys.token(header: #"{"alg":"\#(name)"}"#, by: key), key.publicJWK)
        }
    }

    @Test("a key that the token brings along is ignored", arguments: ["jwk", "jku", "x5c", "x5u"])
    func embeddedKey(_ name: String) throws {
        let attacker = try SigningKey.generate(.es256, keyID: "ES256")
        let value: JSONValue =
            switch name {
            case "jwk": .object(attacker.publicJWK.publicMembers)
            case "x5c": ["MIIB"]
            default: "https://attacker.example/keys"
            }
        let forged = try attacker.sign(payload: [], extraHeader: [name: value])
        #expect(throws: JOSEError(.signature, "")) { try verify(forged, Keys.key(.es256).publicJWK) }
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(forged) }
        // Beside a right signature it does no harm.
        let honest = try Keys.key(.es256).sign(payload: [], extraHeader: [name: value])
        _ = try verify(honest, Keys.key(.es256).publicJWK)
    }

    @Test("a kid that no key has is told apart from a key that does not fit")
    func unknownKeyID() throws {
        let key = try Keys.key(.es256)
        let other = try SigningKey.generate(.es256, keyID: "other")
        let token = try key.sign(payload: [])
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(token, other.publicJWK) }
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(token, published(key, ("kid", "es256"))) }
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(token, published(key, ("kid", nil))) }
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(token) }
        #expect(throws: JOSEError(.noFittingKey, "")) {
            try verify(token, Keys.key(.rs256).publicJWK.renamed("ES256"), other.publicJWK)
        }
    }

    @Test("a kid is compared code point by code point")
    func exactKeyID() throws {
        let key = try SigningKey.generate(.es256, keyID: "K")
        #expect(throws: JOSEError(.keyNotFound, "")) {
            try verify(try key.sign(payload: []), published(key, ("kid", "\u{212A}")))
        }
    }

    @Test("without a kid every key that fits is tried")
    func withoutKeyID() throws {
        let signer = try Keys.key(.es256)
        let token = try Keys.token(header: #"{"alg":"ES256"}"#, by: signer)
        let others = try (0..<3).map { try SigningKey.generate(.es256, keyID: "\($0)").publicJWK }
        let payload = try verify(token, others[0], Keys.key(.rs256).publicJWK, others[1], signer.publicJWK, others[2])
        #expect(payload.keyID == "ES256")
        #expect(throws: JOSEError(.signature, "")) { try verify(token, others[0], others[1]) }
        #expect(throws: JOSEError(.noFittingKey, "")) { try verify(token, Keys.key(.rs256).publicJWK) }
    }

    @Test("keys that share a kid are told apart by what they are for")
    func sharedKeyID() throws {
        let signer = try Keys.key(.rs256)
        let encryption = try published(Keys.key(.ps256), ("kid", "RS256"), ("use", "enc"), ("alg", nil))
        _ = try verify(
            try signer.sign(payload: []), encryption, Keys.key(.es256).publicJWK.renamed("RS256"), signer.publicJWK)
    }

    @Test("of many keys those with the token's kid are tried, one after the other")
    func amongMany() throws {
        let signer = try Keys.key(.es256)
        let token = try JWS(compact: try signer.sign(payload: []))
        let others = try (0..<20).map { try SigningKey.generate(.es256, keyID: "\($0)").publicJWK }
        func verify(_ keys: [JWK]) throws -> VerifiedPayload {
            try token.verify(using: JWKSet(keys: keys), allowing: [.es256])
        }
        let namesake = try others[3].renamed("ES256")
        #expect(try verify(others + [namesake] + others + [signer.publicJWK] + others).keyID == "ES256")
        #expect(throws: JOSEError(.signature, "")) { try verify(others + [namesake]) }
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(others) }
    }

    @Test("a key that is for encryption, for other operations or for another algorithm does not verify")
    func purpose() throws {
        let key = try Keys.key(.rs256)
        let token = try key.sign(payload: [])
        let open: [(String, JSONValue?)] = [("use", nil), ("alg", nil)]
        _ = try verify(token, published(key, open[0], open[1]))
        _ = try verify(token, published(key, open[0], ("key_ops", ["verify"])))
        _ = try verify(token, published(key, ("key_ops", ["encrypt", "verify"])))
        _ = try verify(token, published(key, ("key_ops", [])))
        for change: (String, JSONValue) in [
            ("use", "enc"), ("key_ops", ["sign"]), ("key_ops", ["encrypt", "wrapKey"]),
            ("key_ops", ["Verify"]),
            ("alg", "RS384"), ("alg", "PS256"),
        ] {
            #expect(throws: JOSEError(.noFittingKey, "")) { try verify(token, published(key, change)) }
        }
    }

    @Test("a secret is at least as long as the hash", arguments: [JWSAlgorithm.hs256, .hs384, .hs512])
    func secretLength(_ algorithm: JWSAlgorithm) throws {
        let length = algorithm.hash.byteCount
        let input = Base64URL.encode(Array(#"{"alg":"\#(algorithm.rawValue)"}"#.utf8)) + ".e30"
        func token(_ secret: [UInt8]) throws -> String {
            input + "." + Base64URL.encode(try hmac(Array(input.utf8), key: secret, using: algorithm.hash))
        }
        for count in [length, length + 1, 200] {
            let secret = [UInt8](repeating: 7, count: count)
            _ = try verify(try token(secret), .symmetric(secret))
        }
        for count in [0, 1, 16, length - 1] {
            let secret = [UInt8](repeating: 7, count: count)
            #expect(throws: JOSEError(.key, "")) { try verify(try token(secret), .symmetric(secret)) }
            #expect(throws: JOSEError(.key, "")) { try SigningKey.symmetric(secret, algorithm) }
        }
    }

    @Test("a secret without a kid serves tokens with any; a secret with one only its own")
    func secretWithoutKeyID() throws {
        let secret = [UInt8](repeating: 7, count: 32)
        let token = try SigningKey.symmetric(secret, .hs256, keyID: "theirs").sign(payload: [])
        _ = try verify(token, .symmetric(secret))
        _ = try verify(token, .symmetric(secret, keyID: "theirs"))
        #expect(throws: JOSEError(.keyNotFound, "")) { try verify(token, .symmetric(secret, keyID: "ours")) }
    }

    @Test("a MAC that is cut off does not verify")
    func shortMAC() throws {
        let secret = [UInt8](repeating: 7, count: 32)
        let parts = try SigningKey.symmetric(secret, .hs256).sign(payload: []).split(
            separator: ".", omittingEmptySubsequences: false)
        let mac = try Base64URL.decode(parts[2])
        for wrong in [Array(mac.prefix(16)), Array(mac.dropLast()), mac + [0], []] {
            let token = "\(parts[0]).\(parts[1]).\(Base64URL.encode(wrong))"
            #expect(throws: JOSEError(.signature, "")) { try verify(token, .symmetric(secret)) }
        }
    }
}

extension JWSAlgorithm {
    /// Whether a secret as long as the other's hash is too short for this one.
    fileprivate func needsMore(than other: JWSAlgorithm) -> Bool {
        isSymmetric && other.isSymmetric && hash.byteCount > other.hash.byteCount
    }
}

extension JWK {
    /// The key under another `kid`.
    fileprivate func renamed(_ keyID: String) throws -> JWK { try JWK(publicMembers.with("kid", .string(keyID))) }
}
