import Synchronization

@testable import JOSE

/// Key sets, and tokens that are verified with them.
enum KeyCases {
    private static let limit = 1 << 20

    static let all: [WorstCase] =
        [
            keySet.worst("RSA keys of 8,192 bits") { try keys(upTo: $0, rsa8192(exponent: longestExponent)) },
            keySet.worst("keys on P-521") { try keys(upTo: $0, Made.p521.publicMembers) },
            keySet.worst("key_ops") { count in
                let names = Inputs.pieces(upTo: count - 60, separator: ",") { "\"\(String($0, radix: 36))\"" }
                return Array(#"{"keys":[{"kty":"oct","k":"AAAA","key_ops":[\#(names)]}]}"#.utf8)
            },
            keySet.worst("key_ops that are equivalent to String") { count in
                let names = Inputs.pieces(upTo: min(count - 60, 800_000), separator: ",") {
                    "\"\(Inputs.equivalent($0 % 40_320))\""
                }
                return Array(#"{"keys":[{"kty":"oct","k":"AAAA","key_ops":[\#(names)]}]}"#.utf8)
            },
            keySet.worst("key_ops of many marks") { count in
                let marks = Inputs.marks(upTo: count / 2 - 60)
                return Array(#"{"keys":[{"kty":"oct","k":"AAAA","key_ops":["\#(marks)","\#(marks)b"]}]}"#.utf8)
            },
            keySet.worst("a kty of many marks") { count in
                Array(#"{"keys":[{"kty":"\#(Inputs.marks(upTo: count - 60))"}]}"#.utf8)
            },
            keySet.worst("one kid of many marks") { count in
                let kid = Inputs.marks(upTo: count - 60)
                return Array(#"{"keys":[{"kty":"oct","k":"AAAA","kid":"\#(kid)"}]}"#.utf8)
            },
        ]
        + [
            signature.worst("a token without kid, and keys with long exponents") { count in
                let set = try JWKSet(parsing: keys(upTo: count, rsa8192(exponent: longestExponent)))
                return (set, try token(#"{"alg":"RS256"}"#))
            },
            signature.worst("a kid that all keys have") { count in
                let bytes = try keys(upTo: count, rsa8192(exponent: longestExponent), kid: "same")
                return (try JWKSet(parsing: bytes), try token(#"{"alg":"RS256","kid":"same"}"#))
            },
        ]

    private enum Made {
        static var rsa2048: JWK { get throws { try SigningKey.generate(.rs256, keyID: nil).publicJWK } }
        static var p521: JWK { get throws { try SigningKey.generate(.es512, keyID: nil).publicJWK } }
    }

    /// The longest that a key may have.
    private static let longestExponent: [UInt8] = {
        let members = rsa8192(exponent: [UInt8](repeating: 0xFF, count: 8))
        return (try? JWK(members)) == nil ? [UInt8](repeating: 0xFF, count: 4) : [UInt8](repeating: 0xFF, count: 8)
    }()

    /// No key of anybody's: a large odd number, in which no factor is sought.
    private static func rsa8192(exponent: [UInt8]) -> JSONObject {
        let modulus = [UInt8](repeating: 0xFF, count: 1024)
        return [
            "kty": "RSA", "n": .string(Base64URL.encode(modulus)), "e": .string(Base64URL.encode(exponent)),
        ]
    }

    /// A set of the same key, as often as it fits, each with a kid of its own or all with the same.
    private static func keys(upTo count: Int, _ members: JSONObject, kid: String? = nil) throws -> [UInt8] {
        let entries = Inputs.pieces(upTo: count - 11, separator: ",") { number in
            var members = members
            members["kid"] = .string(kid ?? "k\(number)")
            return members.text
        }
        return Array("{\"keys\":[\(entries)]}".utf8)
    }

    private static func token(_ header: String) throws -> JWS {
        let signature = [0] + [UInt8](repeating: 0xAA, count: 1023)
        let parts = [Array(header.utf8), Array("{}".utf8), signature].map { Base64URL.encode($0) }
        return try JWS(compact: parts.joined(separator: "."))
    }

    private static let keySet = ForeignInput<[UInt8]>("a key set", limit: limit) {
        try keys(upTo: $0, Made.rsa2048.publicMembers)
    } reader: {
        _ = try JWKSet(parsing: $0, allowingSecrets: true)
    }

    private static let signature = ForeignInput<(set: JWKSet, token: JWS)>("a signature", limit: limit) { count in
        // As large keys, each with a kid, and a token that names one.
        let set = try JWKSet(parsing: keys(upTo: count, rsa8192(exponent: [1, 0, 1])))
        return (set, try token(#"{"alg":"RS256","kid":"k1"}"#))
    } reader: { (set: JWKSet, token: JWS) in
        _ = try token.verify(using: set, allowing: [.rs256])
    }
}
