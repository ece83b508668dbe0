import Cryptography

/// base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text for one sequence of bytes.
public enum Base64URL {
    /// The text of the bytes.
    public static func encode(_ bytes: [UInt8]) -> String { base64URLEncode(bytes) }

    /// The bytes of the text.
    ///
    /// Throws `.base64url` for padding, white space, characters of other alphabets, a length that no bytes have, and
    /// bits after the last byte that are not zero.
    public static func decode(_ text: some StringProtocol) throws(JOSEError) -> [UInt8] {
        try decode(ascii: Array(text.utf8)[...])
    }

    static func decode(ascii text: ArraySlice<UInt8>) throws(JOSEError) -> [UInt8] {
        do throws(Base64URLFault) {
            return try base64URLDecode(text.span)
        } catch {
            let detail =
                switch error {
                case .length: "no bytes have a base64url text of \(text.count) characters"
                case .character: "a character is not of the base64url alphabet"
                case .strayBits: "the last character of a base64url text has stray bits"
                }
            throw JOSEError(.base64url, detail)
        }
    }
}
