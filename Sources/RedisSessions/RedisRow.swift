import Sessions

/// A session as it is kept in Redis: a head of 99 bytes that scripts read, and the sealed session.
///
/// The head: "1" or "2", the last use and the end as ``timeText(_:)``, and the digests of the user and of the session at
/// the provider, 32 zeros for one that there is not. With "2" the sealed summary stands before the sealed session, its
/// length in four digits in front; without a summary, and by earlier versions, "1" is written.
struct RedisRow {
    static let headCount = 99
    /// As many bytes as a row has before its sealed session, at most.
    static let maximumBeginning = headCount + lengthCount + maximumSealedSummary

    private static let lengthCount = 4
    private static let maximumSealedSummary = 9999
    private static let version = UInt8(ascii: "1")
    private static let versionWithSummary = UInt8(ascii: "2")
    private static let nobody = [UInt8](repeating: 0, count: 32)

    /// Milliseconds since 1970.
    let lastUsed: Int64
    let ends: Int64
    let sealedSummary: [UInt8]?
    /// Cut where the row is only the beginning of one.
    let sealed: [UInt8]

    /// Reads a row, or at least ``maximumBeginning`` bytes of one; `nil` for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.headCount, let lastUsed = time(bytes[1..<18]), let ends = time(bytes[18..<35]) else {
            return nil
        }
        self.lastUsed = lastUsed
        self.ends = ends
        switch bytes[0] {
        case Self.version:
            sealedSummary = nil
            sealed = Array(bytes[Self.headCount...])
        case Self.versionWithSummary:
            let start = Self.headCount + Self.lengthCount
            guard bytes.count >= start, let count = number(bytes[Self.headCount..<start]),
                bytes.count >= start + Int(count)
            else { return nil }
            sealedSummary = Array(bytes[start..<start + Int(count)])
            sealed = Array(bytes[(start + Int(count))...])
        default: return nil
        }
    }

    /// The bytes of a row.
    static func bytes(
        lastUsed: Int64, ends: Int64, owners session: Session, sealedSummary: [UInt8]?, sealed: [UInt8]
    ) -> [UInt8] {
        var bytes = [sealedSummary == nil ? version : versionWithSummary] + timeText(lastUsed) + timeText(ends)
        bytes += (session.user?.digest ?? nobody) + (session.providerSession?.digest ?? nobody)
        if let sealedSummary {
            let digits = Array(sealedSummary.count)
            bytes += [UInt8](repeating: UInt8(ascii: "0"), count: max(0, lengthCount - digits.count)) + digits
            bytes += sealedSummary
        }
        return bytes + sealed
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
    return number(text.dropFirst()).map { sign == UInt8(ascii: "-") ? -$0 : $0 }
}

/// Reads at most 16 digits.
private func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in digits.prefix(16) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
}
