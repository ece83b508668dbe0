import FoundationEssentials

extension Session {
    private static let version: UInt8 = 1
    /// Has the summary with its length before the payload. Sessions without one are written as version 1.
    private static let versionWithSummary: UInt8 = 2
    private static let absent = UInt32.max

    /// The session as stores seal it: a version byte, three times, three texts with their lengths, and the payload.
    package var encoded: [UInt8] {
        var bytes = [summary.isEmpty ? Self.version : Self.versionWithSummary]
        for time in [createdAt, lastUsedAt, expiresAt] { bytes.append(bigEndian: time.milliseconds) }
        for text in [issuer, subject, providerSessionID] {
            bytes.append(bigEndian: text.map { UInt32(clamping: $0.utf8.count) } ?? Self.absent)
            bytes.append(contentsOf: (text ?? "").utf8)
        }
        if !summary.isEmpty {
            bytes.append(bigEndian: UInt32(clamping: summary.count))
            bytes.append(contentsOf: summary)
        }
        return bytes + payload
    }

    /// Reads what ``encoded`` wrote; `nil` for anything else.
    package init?(encoded bytes: [UInt8]) {
        var rest = bytes[...]
        guard let version = rest.popFirst(), version == Self.version || version == Self.versionWithSummary,
            let createdAt = rest.popInteger(Int64.self), let lastUsedAt = rest.popInteger(Int64.self),
            let expiresAt = rest.popInteger(Int64.self)
        else { return nil }
        var texts: [String?] = []
        for _ in 0..<3 {
            guard let count = rest.popInteger(UInt32.self) else { return nil }
            guard count != Self.absent else {
                texts.append(nil)
                continue
            }
            guard Int(count) <= rest.count, let text = String(validating: rest.prefix(Int(count)), as: UTF8.self) else {
                return nil
            }
            texts.append(text)
            rest = rest.dropFirst(Int(count))
        }
        var summary: [UInt8] = []
        if version == Self.versionWithSummary {
            guard let count = rest.popInteger(UInt32.self), Int(count) <= rest.count else { return nil }
            summary = Array(rest.prefix(Int(count)))
            rest = rest.dropFirst(Int(count))
        }
        self.init(
            payload: Array(rest), summary: summary, issuer: texts[0], subject: texts[1], providerSessionID: texts[2],
            createdAt: Date(milliseconds: createdAt), lastUsedAt: Date(milliseconds: lastUsedAt),
            expiresAt: Date(milliseconds: expiresAt))
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian integer: some FixedWidthInteger) {
        for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func popInteger<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        let count = Integer.bitWidth / 8
        guard self.count >= count else { return nil }
        let value = prefix(count).reduce(Integer.zero) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
        self = dropFirst(count)
        return value
    }
}
