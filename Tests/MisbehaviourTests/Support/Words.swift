import JOSE
import MisbehavingProvider

/// Words for tables of faults that need more than one edit.
extension Misbehaviour {
    /// `alg` in some spelling, and no signature.
    static func unsigned(_ algorithm: JSONValue) -> Misbehaviour {
        .header("alg", algorithm) + .signature { _ in [] }
    }

    /// One bit is another.
    static let brokenSignature = Misbehaviour.signature { signature in
        var signature = signature
        signature[signature.count / 2] ^= 1
        return signature
    }
}

extension Misbehaviour {
    /// The key that signs, one of another kind, and nothing else.
    static let oneKeyOfEachKind = Misbehaviour.keys { keys, situation in
        keys = [situation.keys.rsa, situation.keys.ec].map { .object($0.publicJWK.publicMembers) }
    }
}
