import ByteText

/// The header of a signed token (RFC 7515 §4.1), after the checks that need no key.
public struct JWSHeader: Sendable {
    /// The algorithm that the token says it is signed with.
    public let algorithm: JWSAlgorithm
    /// The key that the token says it is signed with (`kid`).
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
        guard object["crit"] == nil, object["b64"] == nil else {
            throw JOSEError(.critical, "the header demands an extension")
        }
        self.algorithm = algorithm
        self.keyID = try Self.text("kid", in: object)
        self.type = try Self.text("typ", in: object)
        self.object = object
    }

    private static func text(_ name: String, in object: JSONObject) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw JOSEError(.header, "the header's \(name) is not a text") }
        return text
    }
}
