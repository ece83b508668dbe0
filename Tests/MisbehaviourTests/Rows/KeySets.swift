import JOSE
import MisbehavingProvider

extension Row {
    /// Key sets of which no key may be used: the token is signed, and refused all the same.
    static let keySets = forms + purposes + weak

    private static let forms = [
        refuse("no keys", .keys { keys, _ in keys = [] }, "idToken.signature"),
        refuse(
            "ten keys before the right one, and a token without kid",
            .keys { keys, situation in
                let other = JSONValue.object(KeyRing.changed(situation.keys.otherRSA, [("kid", nil)]))
                keys = Array(repeating: other, count: 10) + keys
            } + .header("kid", nil), "idToken.signature"),
        refuse("keys missing", .reply(.keys) { reply, _ in reply.body = Array("{}".utf8) }, "keySet.form"),
        refuse(
            "keys is an object", .reply(.keys) { reply, _ in reply.body = Array("{\"keys\":{}}".utf8) }, "keySet.form"),
        refuse(
            "one key in place of a set",
            .reply(.keys) { reply, situation in reply.body = situation.keys.rsa.publicJWK.publicMembers.serialized() },
            "keySet.form"),
        refuse("keys that are none", .keys { keys, _ in keys = ["key", 1, .null, [], [:]] }, "idToken.signature")
            .saying("0 keys (5 unusable"),
        refuse(
            "only keys of a former time", .keys { keys, situation in keys = situation.generations[1].published },
            "idToken.signature"),
        refuse(
            "the right key behind 10,000 others",
            .keysInFront((0..<10_000).map { ["kty": "X", "kid": .string("k\($0)")] }), "idToken.signature"
        ).saying("0 keys (1000 unusable"),
        refuse(
            "a key with kid twice",
            .reply(.keys) { reply, _ in
                reply.body = Array(
                    String(decoding: reply.body, as: UTF8.self).replacing(
                        "\"kid\":\"rsa-1\"", with: "\"kid\":\"rsa-1\",\"kid\":\"rsa-1\""
                    ).utf8)
            }, "keySet.form"),
    ]

    private static let purposes = [
        refuse("the key is for encryption", .onlyKey(("use", "enc")), "idToken.signature"),
        refuse(
            "the key may only encrypt", .onlyKey(("use", nil), ("key_ops", ["encrypt", "wrapKey"])), "idToken.signature"
        ),
        refuse("the key is for another algorithm", .onlyKey(("alg", "RS512")), "idToken.signature"),
        refuse("the key is for PSS", .onlyKey(("alg", "PS256")), "idToken.signature"),
        refuse("the key has another kid", .onlyKey(("kid", "another")), "idToken.signature"),
        refuse("the key has no kid, the token has one", .onlyKey(("kid", nil)), "idToken.signature"),
        refuse("the key is called EC", .onlyKey(("kty", "EC")), "idToken.signature").saying("0 keys (1 unusable"),
        refuse("the key has an unknown use", .onlyKey(("use", "SIG")), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse("the key is published with its secret", .onlyKey(("d", "AQAB")), "idToken.signature").saying(
            "0 keys (1 unusable"),
    ]

    private static let weak = [
        refuse("RSA of 1024 bits", .onlyKey(("n", number(of: 128))), "idToken.signature").saying("0 keys (1 unusable"),
        refuse("RSA of 512 bits", .onlyKey(("n", number(of: 64))), "idToken.signature").saying("0 keys (1 unusable"),
        refuse("RSA of 16,384 bits", .onlyKey(("n", number(of: 2048))), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse("RSA with an even exponent", .onlyKey(("e", "AQAA")), "idToken.signature").saying("0 keys (1 unusable"),
        refuse(
            "RSA with the exponent 1, and a token signed so", .onlyKey(("e", "AQ")) + .compact(signedByExponentOne),
            "idToken.signature"
        ).saying("0 keys (1 unusable"),
        refuse("RSA with the exponent 0", .onlyKey(("e", "AA")), "idToken.signature").saying("0 keys (1 unusable"),
        refuse("RSA with an exponent as long as the modulus", .onlyKey(("e", number(of: 256))), "idToken.signature")
            .saying("0 keys (1 unusable"),
        refuse("RSA without a modulus", .onlyKey(("n", nil)), "idToken.signature").saying("0 keys (1 unusable"),
        refuse("RSA with an even modulus", .onlyKey(("n", number(of: 256, last: 0))), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse("RSA with padding in the modulus", .onlyKey(("n", .string("AQAB=="))), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse("EC with a point off the curve", .onlyECKey(("x", number(of: 32))), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse(
            "EC with the point at infinity",
            .onlyECKey(
                ("x", .string(Base64URL.encode([UInt8](repeating: 0, count: 32)))),
                ("y", .string(Base64URL.encode([UInt8](repeating: 0, count: 32))))), "idToken.signature"
        ).saying("0 keys (1 unusable"),
        refuse("EC of another curve's name", .onlyECKey(("crv", "P-384"), ("alg", nil)), "idToken.signature").saying(
            "0 keys (1 unusable"),
        refuse("EC with a short coordinate", .onlyECKey(("y", "AQAB")), "idToken.signature").saying(
            "0 keys (1 unusable"),
    ]

    /// A number of so many bytes.
    private static func number(of count: Int, last: UInt8 = 0xFD) -> JSONValue {
        .string(Base64URL.encode([UInt8](repeating: 0xD3, count: count - 1) + [last]))
    }
}
