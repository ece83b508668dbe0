/// The two forms of an ECDSA signature: JOSE's, r and s side by side (RFC 7518 §3.4), and OpenSSL's, DER (RFC 3279 §2.2.3).
enum ECDSASignature {
    /// DER from r and s of equal length.
    static func der(joined signature: [UInt8]) -> [UInt8] {
        let half = signature.count / 2
        let body = integer(signature.prefix(half)) + integer(signature.suffix(half))
        return [0x30] + length(body.count) + body
    }

    /// r and s, each of `byteCount` bytes, from DER that OpenSSL wrote; `nil` where it is not of that form.
    static func joined(der: [UInt8], byteCount: Int) -> [UInt8]? {
        var rest = der[...]
        guard let body = value(tagged: 0x30, from: &rest), rest.isEmpty else { return nil }
        rest = body
        var joined: [UInt8] = []
        for _ in 0..<2 {
            guard let number = value(tagged: 0x02, from: &rest)?.drop(while: { $0 == 0 }), number.count <= byteCount
            else { return nil }
            joined += [UInt8](repeating: 0, count: byteCount - number.count) + number
        }
        return rest.isEmpty ? joined : nil
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var magnitude = Array(bytes.drop(while: { $0 == 0 }))
        // DER integers are signed: an empty one needs a zero, and so does one whose first bit is set.
        if (magnitude.first ?? 0x80) >= 0x80 { magnitude.insert(0, at: 0) }
        return [0x02] + length(magnitude.count) + magnitude
    }

    /// Two numbers of at most 66 bytes never need more than one length byte after the prefix.
    private static func length(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [0x81, UInt8(count)]
    }

    private static func value(tagged tag: UInt8, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, var count = rest.popFirst().map(Int.init) else { return nil }
        if count == 0x81 {
            guard let long = rest.popFirst() else { return nil }
            count = Int(long)
        } else if count >= 0x80 {
            return nil
        }
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
