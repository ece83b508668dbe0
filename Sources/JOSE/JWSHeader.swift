import ByteText

/// The header of a signed token (RFC 7515 §4.1), after the checks that need no key.
public struct JWSHeader: Sendable {
    /// The algorithm that the token says it is signed with.
    public let algorithm: JWSAlgorithm
    /// The key that the token says it is signed with (`kid`); `nil` where it is no text.
    public let keyID: String?
    /// What the token says it is (`typ`), `at+jwt` for example.
    public let type: String?
    /// All members. `jwk`, `jku`, `x5c` and `x5u` may be among them and mean nothing here: a token does not bring its
    /// own key.
    public let object: JSONObject

    init(_ object: JSONObject) throws(JOSEError) {
        guard let name = object["alg"]?.string else { throw JOSEError(.header, "the header has no text alg") }
        guard !name.asciiLowercased.isExactly("none") else {
            throw JOSEError(.algorithmNone, "the token is not signed: alg is none")
        }
        guard let algorithm = JWSAlgorithm(exactly: name) else {
            throw JOSEError(.algorithmUnknown, "the token's alg is not known")
        }
        // RFC 7515 §4.1.11; without crit, b64 is meaningless (RFC 7797 §6) and more likely an attempt than a mistake.
        guard !object.has("crit"), !object.has("b64") else {
            throw JOSEError(.critical, "the header demands an extension")
        }
        self.algorithm = algorithm
        // It only helps to find the key: the signature is verified all the same.
        keyID = object["kid"]?.string
        if let type = object["typ"] {
            guard let text = type.string else { throw JOSEError(.header, "the header's typ is not a text") }
            self.type = text
        } else {
            type = nil
        }
        self.object = object
    }
}
