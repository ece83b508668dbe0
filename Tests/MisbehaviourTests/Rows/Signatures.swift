import JOSE
import MisbehavingProvider

extension Row {
    /// Tokens that are not signed by the provider's key, and say otherwise.
    static let signatures = unsigned + confused + ownKeys + demands + headers + forged

    private static let unsigned =
        (["none", "None", "nOnE", "NONE"] as [JSONValue]).map { name in
            refuse("alg \(name), no signature", .unsigned(name), "idToken.algorithm")
        } + [
            refuse("alg none, with a signature", .header("alg", "none"), "idToken.algorithm"),
            refuse(
                "alg none in a token of two parts", .unsigned("none") + .compact { String($0.dropLast()) },
                "idToken.form"),
            refuse("no signature", .signature { _ in [] }, "idToken.signature"),
            refuse("alg empty", .header("alg", ""), "idToken.algorithm"),
        ]

    /// HMAC, keyed with what everybody knows. HS256 is among what the provider offers.
    private static let confused = [
        refuse("HS256 keyed with the public key's PEM", .mac { try pem($0.keys.rsa) }, "idToken.algorithm"),
        refuse(
            "HS256 keyed with the public key's DER", .mac { try subjectPublicKeyInfo($0.keys.rsa) }, "idToken.algorithm"
        ),
        refuse("HS256 keyed with the modulus", .mac { try bytes("n", of: $0.keys.rsa) }, "idToken.algorithm"),
        refuse("HS256 keyed with the client secret, unasked", .macByClientSecret, "idToken.algorithm"),
        refuse("HS256 keyed with a published oct key", .macByPublishedKey, "idToken.algorithm"),
        refuse("ES256 where the client has RS256", .signedByEC, "idToken.algorithm")
            .set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "RS256"]),
        refuse("ES256 where the provider offers RS256", .signedByEC + .offering(["RS256"]), "idToken.algorithm"),
        refuse("an algorithm that nobody knows", .header("alg", "XX256"), "idToken.algorithm"),
        refuse("alg in lower case", .header("alg", "rs256"), "idToken.algorithm"),
        refuse("ES256 by the EC key, called RS256", .signedByEC + .header("alg", "RS256"), "idToken.signature"),
        refuse("RS256 by the RSA key, called ES256", .header("alg", "ES256"), "idToken.signature"),
    ]

    /// A key that is not published, and comes along in one way or another.
    private static let ownKeys = [
        refuse("signed by a key that is not published", .signedByStranger, "idToken.signature"),
        refuse(
            "signed by a stranger, with the provider's kid", .signedByStranger + .providersKeyID, "idToken.signature"),
        refuse("signed by a stranger, without kid", .signedByStranger + .header("kid", nil), "idToken.signature"),
        refuse("signed by the key in jwk", .signedByStranger + .strangersKey, "idToken.signature"),
        refuse(
            "signed by the key in jwk, without kid", .signedByStranger + .strangersKey + .header("kid", nil),
            "idToken.signature"),
        refuse(
            "signed by the key in jwk, with the provider's kid", .signedByStranger + .strangersKey + .providersKeyID,
            "idToken.signature"),
        refuse("signed by a key at jku", .signedByStranger + .leadingElsewhere("jku"), "idToken.signature"),
        refuse("signed by a key at x5u", .signedByStranger + .leadingElsewhere("x5u"), "idToken.signature"),
        refuse("signed by a key in x5c", .signedByStranger + .header("x5c", ["MIIB"]), "idToken.signature"),
        refuse("kid is a path", .header("kid", "../../../../dev/null"), "idToken.signature"),
        refuse("kid is SQL", .header("kid", "x' UNION SELECT 'key"), "idToken.signature"),
        refuse(
            "an encrypted token", .compact { _ in "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.AA.AA.AA" },
            "idToken.form"),
    ]

    private static let demands = [
        refuse("crit names an unknown extension", .header("crit", ["x"]) + .header("x", true), "idToken.form"),
        refuse("crit is empty", .header("crit", []), "idToken.form"),
        refuse("crit names alg", .header("crit", ["alg"]), "idToken.form"),
        refuse("crit is a string", .header("crit", "x"), "idToken.form"),
        refuse("b64 false", .header("b64", false) + .header("crit", ["b64"]), "idToken.form"),
        refuse("b64 false without crit", .header("b64", false), "idToken.form"),
        refuse("typ of an access token", .header("typ", "at+jwt"), "idToken.type"),
        refuse("typ of a logout token", .header("typ", "logout+jwt"), "idToken.type"),
    ]

    private static let headers = [
        refuse("alg twice, none first", .headerText { "{\"alg\":\"none\"," + $0.dropFirst() }, "idToken.form"),
        refuse("alg twice, none last", .headerText { $0.dropLast() + ",\"alg\":\"none\"}" }, "idToken.form"),
        refuse(
            "alg twice, once with an escape", .headerText { "{\"\\u0061lg\":\"none\"," + $0.dropFirst() },
            "idToken.form"),
        refuse("alg missing", .header("alg", nil), "idToken.form"),
        refuse("alg is a number", .header("alg", 256), "idToken.form"),
        refuse("alg is an array", .header("alg", ["RS256"]), "idToken.form"),
        refuse("typ is a number", .header("typ", 1), "idToken.form"),
        refuse("the header is an array", .headerText { "[\($0)]" }, "idToken.form"),
        refuse("the header is empty", .headerText { _ in "" }, "idToken.form"),
        refuse("the header nests too deep", .headerText { $0.dropLast() + ",\"x\":" + deep + "}" }, "idToken.form"),
    ]

    private static let forged = [
        refuse("ES256, a signature of zeros", .signedByEC + .signature { $0.map { _ in 0 } }, "idToken.signature"),
        refuse(
            "ES256, r and s are the order", .signedByEC + .signature { _ in p256Order + p256Order }, "idToken.signature"
        ),
        refuse(
            "ES256, s is zero", .signedByEC + .signature { $0.prefix(32) + [UInt8](repeating: 0, count: 32) },
            "idToken.signature"),
        refuse("ES256, r and s of all ones", .signedByEC + .signature { $0.map { _ in 0xFF } }, "idToken.signature"),
        refuse("ES256, the signature in DER", .signedByEC + .signature(derSignature), "idToken.signature"),
        refuse("ES256, a byte too long", .signedByEC + .signature { $0 + [0] }, "idToken.signature"),
        refuse(
            "ES256, with leading zeros", .signedByEC + .signature { [0] + $0.prefix(32) + [0] + $0.suffix(32) },
            "idToken.signature"),
        refuse("RS256, a signature of zeros", .signature { $0.map { _ in 0 } }, "idToken.signature"),
        refuse(
            "RS256, a signature that is one", .signature { $0.dropLast().map { _ in 0 } + [1] }, "idToken.signature"),
        refuse("RS256, a leading zero", .signature { [0] + $0 }, "idToken.signature"),
        refuse("RS256, a byte too short", .signature { $0.dropLast() }, "idToken.signature"),
        refuse("EdDSA, a signature of zeros", .signedByEd25519 + .signature { $0.map { _ in 0 } }, "idToken.signature"),
        refuse("the signature is of another payload", .compact { try changedPayload($0) }, "idToken.signature"),
    ]

    /// Texts that a lenient reader takes for the same bytes.
    static let encodings = [
        refuse("base64url with padding", .compact { $0 + "==" }, "idToken.form"),
        refuse("base64url with a line break at the end", .compact { $0 + "\n" }, "idToken.form"),
        refuse("base64url with a space in front", .compact { " " + $0 }, "idToken.form"),
        refuse(
            "base64url with a line break inside", .compact { $0.dropLast(20) + "\n" + $0.suffix(20) }, "idToken.form"),
        refuse("base64 in place of base64url", .compact(withOtherAlphabet), "idToken.form"),
        refuse("base64url with stray bits at the end", .compact(withStrayBits), "idToken.form"),
        refuse("a fourth part", .compact { $0 + "." }, "idToken.form"),
        refuse(
            "a part too few", .compact { $0.split(separator: ".").dropLast().joined(separator: ".") }, "idToken.form"),
        refuse("a token of 80 KiB", .claim("x", .string(String(repeating: "x", count: 60 << 10))), "idToken.form"),
        refuse("an empty token", .compact { _ in "" }, "idToken.present"),
        refuse("dots", .compact { _ in ".." }, "idToken.form"),
        refuse("a million dots", .compact { _ in String(repeating: ".", count: 900_000) }, "idToken.form"),
    ]
}
