import JOSE
import Testing

@Suite("base64url")
struct Base64URLTests {
    /// RFC 4648 §10, without the padding; the last two are RFC 7515 appendix C and both characters that base64 has not.
    static let examples: [(String, [UInt8])] = [
        ("", []), ("Zg", Array("f".utf8)), ("Zm8", Array("fo".utf8)), ("Zm9v", Array("foo".utf8)),
        ("Zm9vYg", Array("foob".utf8)), ("Zm9vYmE", Array("fooba".utf8)), ("Zm9vYmFy", Array("foobar".utf8)),
        ("A-z_4ME", [3, 236, 255, 224, 193]), ("-_-_", [0xFB, 0xFF, 0xBF]),
    ]

    @Test("the published examples are written and read", arguments: examples)
    func known(_ text: String, _ bytes: [UInt8]) throws {
        #expect(Base64URL.encode(bytes) == text)
        #expect(try Base64URL.decode(text) == bytes)
    }

    @Test("bytes of any length come back")
    func roundTrip() throws {
        for count in 0...130 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test("each byte is one of the alphabet or refused, wherever it stands")
    func alphabet() throws {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8(0)...127 {
            for position in 0..<7 {
                // Seven characters: a whole group, and a short one whose last character has two stray bits.
                var text = Array("AAAAAAA".utf8)
                text[position] = byte
                let string = String(decoding: text, as: UTF8.self)
                let isCanonical = position < 6 || (alphabet.contains(byte) && "AEIMQUYcgkosw048".utf8.contains(byte))
                if alphabet.contains(byte) && isCanonical {
                    #expect(try Base64URL.decode(string).count == 5)
                } else {
                    #expect(throws: JOSEError(.base64url, "")) { try Base64URL.decode(string) }
                }
            }
        }
    }

    @Test(
        "padding, white space, other alphabets and lengths that no bytes have are refused",
        arguments: [
            "Zg==", "Zm8=", "Zg=", "Zm9v=", "=", "====", " Zm9v", "Zm9v ", "Zm9v\n", "Zm\n9v", "Zm9v\r\n", "Zm 9v",
            "Zm+v",
            "Zm/v", "Zm.v", "Zm9v\0", "\u{FEFF}Zm9v", "Zm9ä", "A", "AAAAA", "ＡＡＡＡ", "🙂",
        ])
    func refused(_ text: String) {
        #expect(throws: JOSEError(.base64url, "")) { try Base64URL.decode(text) }
    }

    @Test("stray bits after the last byte are refused", arguments: ["Zh", "Zk", "Zv", "Zm9", "AB", "AAB", "__", "___"])
    func strayBits(_ text: String) {
        #expect(throws: JOSEError(.base64url, "")) { try Base64URL.decode(text) }
    }
}
