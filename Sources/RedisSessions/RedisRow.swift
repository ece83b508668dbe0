import Sessions

/// A session as it is kept in Redis: a head of 99 bytes that scripts read, and the sealed session.
///
/// The head: "1", the last use and the end as ``timeText(_:)``, and the digests of the user and of the session at the
/// provider, 32 zeros for one that there is not.
struct RedisRow {
    static let headCount = 99
    private static let version = UInt8(ascii: "1")
    private static let nobody = [UInt8](repeating: 0, count: 32)

    /// Milliseconds since 1970.
    let lastUsed: Int64
    let ends: Int64
    let sealed: [UInt8]

    /// Reads a row; `nil` for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.headCount, bytes[0] == Self.version, let lastUsed = time(bytes[1..<18]),
            let ends = time(bytes[18..<35])
        else { return nil }
        self.lastUsed = lastUsed
        self.ends = ends
        sealed = Array(bytes[Self.headCount...])
    }

    /// The bytes of a row.
    static func bytes(lastUsed: Int64, ends: Int64, owners session: Session, sealed: [UInt8]) -> [UInt8] {
        [version] + timeText(lastUsed) + timeText(ends) + (session.user?.digest ?? nobody)
            + (session.providerSession?.digest ?? nobody) + sealed
    }
}

/// A time in milliseconds as 17 characters: "0" or "-", and 16 digits.
func timeText(_ milliseconds: Int64) -> [UInt8] {
    let digits = Array(milliseconds.magnitude)
    return Array(milliseconds < 0 ? "-" : "0") + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 16 - digits.count))
        + digits
}

/// Reads what ``timeText(_:)`` wrote.
func time(_ text: ArraySlice<UInt8>) -> Int64? {
    guard let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "0"), text.count == 17 else {
        return nil
    }
    var value: Int64 = 0
    for byte in text.dropFirst() {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return sign == UInt8(ascii: "-") ? -value : value
}
