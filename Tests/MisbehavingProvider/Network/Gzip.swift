/// The bytes, followed by one byte many times, as gzip (RFC 1951 §3.2.6, RFC 1952): 13 bits for 258 bytes. The checksum at
/// the end is wrong: who gets as far has unpacked too much.
func gzip(_ bytes: [UInt8], followedBy filler: UInt8, count: Int) -> [UInt8] {
    var bits = BitWriter()
    bits.append(1, count: 1)
    bits.append(1, count: 2)
    for byte in bytes + [filler] {
        if byte < 144 {
            bits.append(code: 0x30 + UInt32(byte), count: 8)
        } else {
            bits.append(code: 0x190 + UInt32(byte) - 144, count: 9)
        }
    }
    // Length 258 is symbol 285, distance 1 is symbol 0: eight of them are 13 bytes, which repeat from the second time on.
    for _ in 0..<16 {
        bits.append(code: 0xC5, count: 8)
        bits.append(code: 0, count: 5)
    }
    bits.repeatLast(13, times: count / 258 / 8 - 2)
    bits.append(code: 0, count: 7)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + bits.finished() + [UInt8](repeating: 0, count: 8)
}

private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var pendingCount: UInt32 = 0

    mutating func append(_ value: UInt32, count: UInt32) {
        pending |= value << pendingCount
        pendingCount += count
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }

    /// A Huffman code: its highest bit first.
    mutating func append(code: UInt32, count: UInt32) {
        for place in (0..<count).reversed() { append(code >> place & 1, count: 1) }
    }

    mutating func repeatLast(_ count: Int, times: Int) {
        let block = bytes.suffix(count)
        for _ in 0..<times { bytes += block }
    }

    mutating func finished() -> [UInt8] {
        append(0, count: 7)
        return bytes
    }
}
