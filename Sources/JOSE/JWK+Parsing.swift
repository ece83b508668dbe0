import ByteText
import Cryptography

extension JWK {
    /// Reads a JSON Web Key; members that it does not know are ignored. Of a private key only the public part is read.
    ///
    /// Throws `.key` where the key is malformed, weak, of an unknown type, curve, use or algorithm, or contradicts
    /// itself.
    public init(_ object: JSONObject) throws(JOSEError) {
        let members = KeyMembers(object: object)
        let type = try members.text("kty")
        guard let keyType = KeyType(exactly: type) else { throw JOSEError(.key, "a key has an unknown kty") }
        try self.init(
            members.material(keyType), keyID: object["kid"]?.string, use: members.use(),
            keyOperations: members.keyOperations(), algorithm: members.algorithm(),
            issuer: object["issuer"]?.string)
    }
}

/// The members of a JSON Web Key, read with the checks of RFC 7517 §4 and RFC 7518 §6.
struct KeyMembers {
    let object: JSONObject

    func material(_ type: JWK.KeyType) throws(JOSEError) -> JWK.Material {
        switch type {
        case .rsa:
            let (modulus, exponent) = (try bytes("n"), try bytes("e"))
            return try JOSEError.translating { () throws(CryptographyError) in
                .publicKey(try .rsa(modulus: modulus, exponent: exponent))
            }
        case .ec:
            let (curve, x, y) = (try curve(), try bytes("x"), try bytes("y"))
            return try JOSEError.translating { () throws(CryptographyError) in
                .publicKey(try .ec(curve, x: x, y: y))
            }
        case .okp:
            guard (try text("crv")).isExactly("Ed25519") else { throw JOSEError(.key, "a key has an unknown crv") }
            let x = try bytes("x")
            return try JOSEError.translating { () throws(CryptographyError) in .publicKey(try .ed25519(x)) }
        case .oct:
            let secret = try bytes("k")
            guard !secret.isEmpty else { throw JOSEError(.key, "a symmetric key is empty") }
            return .secret(secret)
        }
    }

    func curve() throws(JOSEError) -> EllipticCurve {
        guard let curve = EllipticCurve(name: try text("crv")) else {
            throw JOSEError(.key, "a key has an unknown crv")
        }
        return curve
    }

    func use() throws(JOSEError) -> JWK.Use? {
        guard let text = try optionalText("use") else { return nil }
        guard let use = JWK.Use(exactly: text) else { throw JOSEError(.key, "a key has an unknown use") }
        return use
    }

    func keyOperations() throws(JOSEError) -> Set<JWK.Operation>? {
        // Some serializers write an empty list for what they do not have.
        guard let value = object["key_ops"], value != [] else { return nil }
        let names = value.array?.compactMap(\.string) ?? []
        guard names.count == value.array?.count, Set(names.map(JSONObject.Name.init(text:))).count == names.count else {
            throw JOSEError(.key, "a key's key_ops is not a list of different names")
        }
        return Set(names.compactMap(JWK.Operation.init(exactly:)))
    }

    func algorithm() throws(JOSEError) -> JWSAlgorithm? {
        guard let text = try optionalText("alg") else { return nil }
        guard let algorithm = JWSAlgorithm(exactly: text) else {
            throw JOSEError(.key, "a key's alg is no signature algorithm that is known here")
        }
        return algorithm
    }

    func text(_ name: String) throws(JOSEError) -> String {
        guard let text = try optionalText(name) else { throw JOSEError(.key, "a key has no \(name)") }
        return text
    }

    func optionalText(_ name: String) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw JOSEError(.key, "a key's \(name) is not a text") }
        return text
    }

    func bytes(_ name: String) throws(JOSEError) -> [UInt8] {
        let text = try text(name)
        do {
            return try Base64URL.decode(text)
        } catch {
            throw JOSEError(.key, "a key's \(name): \(error.detail)")
        }
    }
}
