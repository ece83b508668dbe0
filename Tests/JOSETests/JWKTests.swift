import JOSE
import Testing

@Suite("JSON Web Keys")
struct JWKTests {
    private func refused(_ object: JSONObject, _ comment: Comment? = nil) {
        #expect(throws: JOSEError(.key, ""), comment) { try JWK(object) }
    }

    static func publicMembers(_ algorithm: JWSAlgorithm) throws -> JSONObject {
        try Keys.key(algorithm).publicJWK.publicMembers
    }

    @Test("members that nobody knows are ignored", arguments: [JWSAlgorithm.rs256, .es384, .ed25519])
    func unknownMembers(_ algorithm: JWSAlgorithm) throws {
        let key = try JWK(
            Self.publicMembers(algorithm).with("x5c", ["abc"]).with("x5t", 1).with("iat", nil).with("zzz", [:]))
        #expect(key.keyType == algorithm.keyType)
        #expect(key.keyID == algorithm.rawValue)
        #expect(key.algorithm == algorithm)
        #expect(key.use == .signature)
    }

    @Test("a kty that is only canonically equivalent to a known one is unknown")
    func exactKeyType() throws {
        refused(try Self.publicMembers(.ed25519).with("kty", "O\u{212A}P"))
    }

    @Test("a key without a kty, or with one that is unknown or no text, is refused")
    func keyType() throws {
        let members = try Self.publicMembers(.rs256)
        for value: JSONValue? in [nil, "rsa", "RSA ", "", "EC", "oct", "OKP", "AKP", 1, .null] {
            refused(members.with("kty", value))
        }
    }

    @Test("each member that makes the key has to be there, a text, and base64url")
    func members() throws {
        for (algorithm, names) in [
            (JWSAlgorithm.rs256, ["n", "e"]), (.es256, ["crv", "x", "y"]), (.es512, ["x", "y"]),
            (.ed25519, ["crv", "x"]),
        ] {
            let members = try Self.publicMembers(algorithm)
            for name in names {
                let text = members[name]?.string ?? ""
                for value: JSONValue? in [nil, .null, 1, [], "", .string(text + "="), .string(text + " "), "!!!!"] {
                    refused(members.with(name, value), "\(algorithm) \(name) \(value?.text ?? "missing")")
                }
            }
        }
        refused(["kty": "oct"])
        refused(["kty": "oct", "k": ""])
        refused(["kty": "oct", "k": "AB=="])
        refused(["kty": "oct", "k": 1])
    }

    @Test("curves that are not known are refused")
    func curves() throws {
        for name in ["SECP256K1", "P-256K", "p-256", "P256", "BP-256", "Ed25519"] {
            refused(try Self.publicMembers(.es256).with("crv", .string(name)))
        }
        for name in ["Ed448", "X25519", "ed25519", "P-256"] {
            refused(try Self.publicMembers(.ed25519).with("crv", .string(name)))
        }
    }

    @Test("a point beside its curve or of another curve's length is refused")
    func points() throws {
        let members = try Self.publicMembers(.es256).with("alg", nil)
        _ = try JWK(members)
        refused(members.with("crv", "P-384"))
        refused(members.with("crv", "P-521"))
        refused(members.with("x", members["y"]).with("y", members["x"]))
    }

    @Test("weak RSA keys are refused")
    func weak() throws {
        let members = try Self.publicMembers(.rs256)
        for exponent in ["AQ", "AA", "Ag", "AQAA"] { refused(members.with("e", .string(exponent))) }
        // 1024 bits.
        let half = Base64URL.encode([0xFF] + [UInt8](repeating: 0xA5, count: 127))
        refused(members.with("n", .string(half)))
    }

    @Test("a leading zero in an RSA modulus, which some providers write, is dropped")
    func leadingZero() throws {
        let members = try Self.publicMembers(.rs256)
        let modulus = try Base64URL.decode(try #require(members["n"]?.string))
        let key = try JWK(members.with("n", .string(Base64URL.encode([0] + modulus))))
        #expect(key.publicMembers["n"] == members["n"])
    }

    @Test("use and alg are texts, and one that is not known is refused; a kid that is no text is none")
    func description() throws {
        let members = try Self.publicMembers(.es256)
        for name in ["use", "alg"] {
            for value: JSONValue in [1, [], [:], true] { refused(members.with(name, value)) }
            for value: JSONValue? in [nil, .null] { _ = try JWK(members.with(name, value)) }
        }
        for value: JSONValue in [1, .null, [], [:], true] {
            #expect(try JWK(members.with("kid", value)).keyID == nil)
        }
        for use in ["SIG", "signature", "", "tls"] { refused(members.with("use", .string(use))) }
        for algorithm in ["none", "", "es256", "ES521", "ES256k", "RSA-OAEP", "A128KW"] {
            refused(members.with("alg", .string(algorithm)))
        }
        #expect(try JWK(members.with("use", "enc")).use == .encryption)
        #expect(try JWK(members.with("kid", "")).keyID == "")
    }

    @Test("key_ops is a list of different texts, of which unknown ones are left out")
    func operations() throws {
        let members = try Self.publicMembers(.es256)
        #expect(try JWK(members).keyOperations == nil)
        #expect(try JWK(members.with("key_ops", [])).keyOperations == nil)
        #expect(try JWK(members.with("key_ops", ["verify", "dance", "wrap\u{212A}ey"])).keyOperations == [.verify])
        #expect(
            try JWK(members.with("key_ops", ["verify", "deriveBits"])).publicMembers["key_ops"] == [
                "verify", "deriveBits",
            ])
        for value: JSONValue in ["verify", ["verify", "verify"], ["x", "x"], ["verify", 1], [.null], [:], 1] {
            refused(members.with("key_ops", value))
        }
        #expect(try JWK(members.with("key_ops", .null)).keyOperations == nil)
    }

    @Test("an algorithm goes with its type of key and its curve only", arguments: JWSAlgorithm.allCases)
    func algorithmIsBound(_ algorithm: JWSAlgorithm) throws {
        let sameKind: [JWSAlgorithm] =
            switch algorithm.keyType {
            case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
            case .okp: [.edDSA, .ed25519]
            case .oct: [.hs256, .hs384, .hs512]
            case .ec: [algorithm]
            }
        let members = try Keys.key(algorithm).privateMembers
        for other in JWSAlgorithm.allCases {
            let object = members.with("alg", .string(other.rawValue))
            if sameKind.contains(other) {
                #expect(try JWK(object).algorithm == other)
            } else {
                refused(object)
            }
        }
    }

    @Test("what describes a key, dumps it or publishes it does not hold its secret", arguments: JWSAlgorithm.allCases)
    func secrecy(_ algorithm: JWSAlgorithm) throws {
        let key = try Keys.key(algorithm)
        let members = try key.privateMembers
        var dumped = ""
        dump([key.publicJWK, JWK.symmetric([1, 2, 3])], to: &dumped)
        dump(key, to: &dumped)
        let shown = "\(key) \(key.publicJWK) \([key.publicJWK]) \(String(reflecting: key)) \(dumped)"
        let published = key.publicJWK.publicMembers
        for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            #expect(published[name] == nil)
            if let secret = members[name]?.string {
                #expect(!shown.contains(secret))
                #expect(!published.text.contains(secret))
                let bytes = try Base64URL.decode(secret).prefix(4).map(String.init).joined(separator: ", ")
                #expect(!shown.contains(bytes))
            }
        }
        #expect(!dumped.contains("material"))
    }
}
