import ByteText
import Cryptography
import JOSE

/// A secret text in two parts: an identifier that finds an entry, and a proof of the right to it.
///
/// So one table per kind is enough, and a proof that is no longer the right one still tells whose it was: that is how the
/// second use of a code or refresh token is noticed.
struct Handle: Sendable {
    let id: String
    let proof: String

    var text: String { "\(id).\(proof)" }

    init(id: String, proof: String) {
        self.id = id
        self.proof = proof
    }

    /// `nil` where the text has no two parts.
    init?(_ text: String?) {
        let parts = (text ?? "").utf8.split(at: ".")
        guard parts.count == 2, let id = parts.first, let proof = parts.last, !id.isEmpty, !proof.isEmpty else {
            return nil
        }
        self.init(id: String(id), proof: String(proof))
    }

    func proves(_ expected: String?) -> Bool {
        guard let expected else { return false }
        return equalInConstantTime(Array(proof.utf8), Array(expected.utf8))
    }
}

/// 256 random bits as base64url: 43 characters.
func randomText(using generator: inout some RandomNumberGenerator) -> String {
    Base64URL.encode(randomBytes(32, using: &generator))
}
