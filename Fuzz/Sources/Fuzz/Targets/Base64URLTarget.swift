import FoundationEssentials
import JOSE

/// ``Base64URL``: one text for one sequence of bytes, and Foundation's word for it.
struct Base64URLTarget: FuzzTarget {
    func run(_ input: [UInt8]) throws {
        try demand(try Base64URL.decode(Base64URL.encode(input)) == input, "decode(encode(bytes)) is bytes")
        let text = input.text
        let bytes = try? Base64URL.decode(text)
        if let bytes {
            try demand(Base64URL.encode(bytes).isIdentical(to: text), "what is accepted encodes to itself")
        }
        try demand(bytes == Self.foundation(text), "Foundation decodes the same")
    }

    /// The bytes by Foundation's base64, where its text of them is the same.
    private static func foundation(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), data.base64EncodedString().isIdentical(to: padded) else {
            return nil
        }
        return Array(data)
    }
}
