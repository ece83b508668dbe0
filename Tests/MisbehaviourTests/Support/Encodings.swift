import Cryptography
import Foundation
import JOSE

/// Sixty arrays in one another: deeper than anything that a login needs.
let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)

/// The bytes of a public key's member.
func bytes(_ name: String, of key: SigningKey) throws -> [UInt8] {
    try Base64URL.decode(key.publicJWK.publicMembers[name]?.string ?? "")
}

/// DER's tag, length and value (X.690 §8.1).
private func der(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
    let length = value.count
    let head: [UInt8] =
        switch length {
        case ..<0x80: [UInt8(length)]
        case ..<0x100: [0x81, UInt8(length)]
        default: [0x82, UInt8(length >> 8), UInt8(length & 0xFF)]
        }
    return [tag] + head + value
}

private func derInteger(_ value: [UInt8]) -> [UInt8] {
    let digits = Array(value.drop { $0 == 0 })
    return der(0x02, digits.first.map { $0 < 0x80 } ?? false ? digits : [0] + digits)
}

/// An RSA public key as X.509 writes it (RFC 5280 §4.1, RFC 3279 §2.3.1).
func subjectPublicKeyInfo(_ key: SigningKey) throws -> [UInt8] {
    let rsaEncryption: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0]
    let numbers = der(0x30, derInteger(try bytes("n", of: key)) + derInteger(try bytes("e", of: key)))
    return der(0x30, der(0x30, rsaEncryption) + der(0x03, [0] + numbers))
}

/// The same as PEM.
func pem(_ key: SigningKey) throws -> [UInt8] {
    let text = Data(try subjectPublicKeyInfo(key)).base64EncodedString(options: [
        .lineLength64Characters, .endLineWithLineFeed,
    ])
    return Array("-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n".utf8)
}

/// An ECDSA signature as X.509 has it, not as JOSE has it.
func derSignature(_ signature: [UInt8]) -> [UInt8] {
    der(0x30, derInteger(Array(signature.prefix(32))) + derInteger(Array(signature.suffix(32))))
}

/// The order of P-256 (SEC 2 §2.4.2).
let p256Order: [UInt8] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
    0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
]

/// The token with another subject, and the signature as it was.
func changedPayload(_ token: String) throws -> String {
    var parts = token.split(separator: ".").map(String.init)
    var claims = try JSONObject(parsing: try Base64URL.decode(parts[1]))
    claims["sub"] = "another-subject"
    parts[1] = Base64URL.encode(claims.serialized())
    return parts.joined(separator: ".")
}

/// The last character with the next value: its lowest bits stand for nothing.
func withStrayBits(_ token: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let place = token.last.flatMap { alphabet.firstIndex(of: $0) } ?? 0
    return token.dropLast() + String(alphabet[(place + 1) % 64])
}

/// The characters in which base64 and base64url differ.
func withOtherAlphabet(_ token: String) -> String {
    token.replacing("-", with: "+").replacing("_", with: "/")
}

/// The token with what RSA would sign for a signature (RFC 8017 §9.2), of 256 bytes: valid for the exponent 1.
func signedByExponentOne(_ token: String) -> String {
    let input = token.split(separator: ".").prefix(2).joined(separator: ".")
    let sha256: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20,
    ]
    let info = sha256 + digest(Array(input.utf8), using: .sha256)
    let encoded = [0, 1] + [UInt8](repeating: 0xFF, count: 256 - 3 - info.count) + [0] + info
    return input + "." + Base64URL.encode(encoded)
}
