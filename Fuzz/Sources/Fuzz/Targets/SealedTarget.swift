import JOSE
import Sessions

/// ``SecretKeys``: only what was sealed opens, for its purpose alone, and as it was.
///
/// An input is taken for a sealed text, then sealed itself. `$SEALED` stands for the sealed bytes as base64url, so that
/// what stands beside them comes to the parser.
struct SealedTarget: FuzzTarget {
    private let keys: SecretKeys
    private let sealed: String

    init() throws {
        keys = try SecretKeys(["a new secret of at least 32 bytes", "an old secret of at least 32 bytes"])
        sealed = try SecretKeys(["an old secret of at least 32 bytes"]).seal(Array("hello".utf8), purpose: "fuzz")
        try demand(keys.open(sealed, purpose: "fuzz") == Array("hello".utf8), "old secrets open")
    }

    func run(_ input: [UInt8]) throws {
        for text in [input.text.replacing("$SEALED", with: sealed), Base64URL.encode(input)] {
            guard keys.open(text, purpose: "fuzz") != nil else { continue }
            try demand(text.isIdentical(to: sealed), "only what was sealed opens")
        }
        if let token = SessionToken(input.text) {
            try demand(token.string.isIdentical(to: input.text), "a token is as it came")
        }
        if let id = SessionID(input.text) {
            let bytes = try Base64URL.decode(id.string)
            try demand(bytes.count == 32 && Base64URL.encode(bytes).isIdentical(to: input.text), "32 bytes, one text")
        }
        let own = try keys.seal(input, purpose: "fuzz")
        try demand(keys.open(own, purpose: "fuzz") == input, "what was sealed opens")
        try demand(keys.open(own, purpose: "fuzz ") == nil, "for no other purpose")
        var bytes = try Base64URL.decode(own)
        bytes[input.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % bytes.count] ^= 1 << ((input.first ?? 0) % 8)
        try demand(keys.open(Base64URL.encode(bytes), purpose: "fuzz") == nil, "not with a bit changed")
    }
}
