import Cryptography
import JOSE

/// The rules of PKCE with S256 (RFC 7636 §4).
enum CodeVerifier {
    /// Whether the text can be a challenge by S256: 32 bytes as base64url.
    static func isChallenge(_ text: String) -> Bool {
        guard text.utf8.count == 43, let digest = try? Base64URL.decode(text) else { return false }
        return digest.count == 32
    }

    /// Whether the text has the form of a verifier: 43 to 128 unreserved characters (§4.1).
    static func isWellFormed(_ text: String) -> Bool {
        43...128 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
                default: false
                }
            }
    }

    /// Whether the verifier is the one that the challenge was made from (§4.6).
    static func matches(_ verifier: String, challenge: String) -> Bool {
        let made = Base64URL.encode(digest(Array(verifier.utf8), using: .sha256))
        return equalInConstantTime(Array(made.utf8), Array(challenge.utf8))
    }
}
