import JOSE
import MisbehavingProvider

/// Words for tables of faults that need more than one edit.
extension Misbehaviour {
    static func offering(_ algorithms: JSONValue) -> Misbehaviour {
        .metadata("id_token_signing_alg_values_supported", algorithms)
    }

    static func metadata(_ name: String, appending text: String) -> Misbehaviour {
        .metadata { metadata, _ in metadata[name] = .string((metadata[name]?.string ?? "") + text) }
    }

    // MARK: Who signs.

    /// `alg` in some spelling, and no signature.
    static func unsigned(_ algorithm: JSONValue) -> Misbehaviour {
        .header("alg", algorithm) + .signature { _ in [] }
    }

    /// One bit is another.
    static let brokenSignature = Misbehaviour.signature { signature in
        var signature = signature
        signature[signature.count / 2] ^= 1
        return signature
    }

    private static let secp256k1 = Result { try SigningKey.generate(.es256k, keyID: "k-1") }

    static let signedOnSecp256k1 =
        Misbehaviour.signed { _ in try secp256k1.get() }
        + .keys { keys, _ in keys.append(.object(try secp256k1.get().publicJWK.publicMembers)) }

    static let signedByEC = Misbehaviour.signed { $0.keys.ec }

    /// The RSA key, with the newer padding.
    static let signedWithPSS = Misbehaviour.signed { situation in
        var key = try situation.keys.rsa.privateMembers
        key["alg"] = nil
        return try SigningKey(jwk: key, algorithm: .ps256)
    }

    static let signedByEd25519 = Misbehaviour.signed { $0.keys.ed25519 }

    /// HMAC with these bytes for a key, and the `kid` of the key that they are made of.
    static func mac(_ secret: @escaping @Sendable (Situation) throws -> [UInt8]) -> Misbehaviour {
        .signed { try .symmetric(secret($0), .hs256, keyID: $0.keys.rsa.keyID) }
    }

    static let macByClientSecret = Misbehaviour.signed { try .symmetric(Array($0.client.secret.utf8), .hs256) }

    private static let published = [UInt8](repeating: 7, count: 32)

    static let macByPublishedKey =
        Misbehaviour.signed { _ in try .symmetric(published, .hs256, keyID: "oct") }
        + .keys { keys, _ in
            keys.append(["kty": "oct", "alg": "HS256", "kid": "oct", "k": .string(Base64URL.encode(published))])
        }

    /// The third generation's keys are never published.
    static let signedByStranger = Misbehaviour.signed { $0.generations[2].ec }

    static let strangersKey = Misbehaviour.header { header, situation in
        header["jwk"] = .object(situation.generations[2].ec.publicJWK.publicMembers)
    }

    static let providersKeyID = Misbehaviour.header { header, situation in
        header["kid"] = situation.keys.ec.keyID.map { .string($0) }
    }

    static func leadingElsewhere(_ name: String) -> Misbehaviour {
        .header { header, situation in header[name] = .string(situation.elsewhere + "/keys") }
    }

    // MARK: Which keys are published.

    /// The key that signs, one of another kind, and nothing else.
    static let oneKeyOfEachKind = Misbehaviour.keys { keys, situation in
        keys = [situation.keys.rsa, situation.keys.ec].map { .object($0.publicJWK.publicMembers) }
    }

    /// Each login has keys of its own, published before it ends.
    static let rotatingWithLogins =
        Misbehaviour.signed { $0.generations[$0.login % 3].rsa }
        + .keys { keys, situation in keys = situation.generations[situation.login % 3].published }

    /// The same, and the sets have no `kid` in common that would tell.
    static let rotatingBeforeSigning = rotatingWithLogins + .signed { $0.generations[$0.login % 3].ec }

    /// Other keys beside the provider's own, in front of them.
    static func keysInFront(_ more: [JSONValue]) -> Misbehaviour { .keys { keys, _ in keys = more + keys } }

    /// Nothing but the signing RSA key, with members changed: `nil` takes one out.
    static func onlyKey(_ changes: (String, JSONValue?)...) -> Misbehaviour {
        .keys { keys, situation in keys = [.object(KeyRing.changed(situation.keys.rsa, changes))] }
    }

    /// Nothing but the signing EC key, with members changed.
    static func onlyECKey(_ changes: (String, JSONValue?)...) -> Misbehaviour {
        signedByEC + .keys { keys, situation in keys = [.object(KeyRing.changed(situation.keys.ec, changes))] }
    }

    // MARK: Where endpoints are.

    /// The endpoint at the same path of a host and port that are not the provider's.
    static func endpoint(_ name: String, _ url: String) -> Misbehaviour { .metadata(name, .string(url)) }
}

extension Misbehaviour {
    // MARK: Claims that depend on others.

    /// `aud`, made of the client identifier.
    static func audiences(_ make: @escaping @Sendable (String) -> JSONValue) -> Misbehaviour {
        .claims { claims, situation in claims["aud"] = make(situation.client.id) }
    }

    static let azpIsClient = Misbehaviour.claims { claims, situation in claims["azp"] = .string(situation.client.id) }

    /// A number as it is written.
    static func claim(_ name: String, number text: String) -> Misbehaviour {
        .claims { claims, _ in claims[name] = try .parse(Array(text.utf8)) }
    }
}

extension Misbehaviour {
    // MARK: Answers.

    static func tokens(_ name: String, number text: String) -> Misbehaviour {
        .tokens { tokens, _ in tokens[name] = try .parse(Array(text.utf8)) }
    }

    static let silentOnIssuer = Misbehaviour.metadata("authorization_response_iss_parameter_supported", nil)

    static func responseIssuer(_ change: @escaping @Sendable (String) -> String) -> Misbehaviour {
        .response { parameters, situation in
            parameters.removeAll { $0.name == "iss" }
            parameters.append(Parameter(name: "iss", value: change(situation.issuer)))
        }
    }

    /// An error in place of the code.
    static func error(_ name: String) -> Misbehaviour { .response("code", nil) + .response("error", name) }

    /// A refusal that repeats the code and the client's secret.
    static let repeatingSecrets = Misbehaviour.reply(.token) { reply, situation in
        reply.status = 400
        let secrets = "no \(situation.code) for \(situation.client.secret)"
        reply.body = JSONObject(members: [("error", "invalid_grant"), ("error_description", .string(secrets))])
            .serialized()
    }

    static let sameKeyID = Misbehaviour.header("kid", "same")

    /// A time with a fraction of a second.
    static func fraction(_ name: String) -> Misbehaviour {
        .claims { claims, _ in claims[name] = try .parse(Array(((claims[name]?.text ?? "") + ".25").utf8)) }
    }

    static let endingConnections = [Endpoint.discovery, .token, .keys, .userInfo]
        .reduce(Misbehaviour.none) { $0 + .wire($1, .answerAndEnd) }
}
