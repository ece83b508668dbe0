import CMicroHTTPD

/// Takes over the head of a request from the library, and looks whether it came as plain as it must.
///
/// libmicrohttpd 0.9.75 parses the head where it lies: every separator becomes a NUL, and the strings that it gives out
/// point into the head. So the head is plain if they follow each other without a gap. In the gaps is what the library
/// passes over in silence: a NUL in a value, a folded line, a bare LF, and a line that begins with a colon, which it
/// takes for the end of the head, and what follows for another request.
@safe struct HeadReader {
    private let head: UnsafeRawBufferPointer
    private var position = 0
    private var isPlain = true
    private var lines: [(name: String, value: String)] = []

    /// The head of the request on the connection. `method` and `version` are the strings that the library gave.
    static func head(
        of connection: OpaquePointer, method: UnsafePointer<CChar>, target: String, version: UnsafePointer<CChar>
    ) -> RequestHead {
        let bytes = unsafe UnsafeRawBufferPointer(start: method, count: cmhd_head_size(connection))
        var reader = unsafe HeadReader(head: bytes)
        let methodText = unsafe String(cString: method)
        let versionText = unsafe String(cString: version)
        unsafe reader.pass(method, methodText.utf8.count)
        reader.passNUL()
        // The library has decoded the target where it lies, so that only its length is still to be relied on.
        reader.position += target.utf8.count
        reader.passNUL()
        unsafe reader.pass(version, versionText.utf8.count)
        reader.passLineEnd()
        unsafe withUnsafeMutablePointer(to: &reader) { reader in
            _ = unsafe MHD_get_connection_values_n(connection, .HEADER_KIND, takeLine, reader)
        }
        reader.passLineEnd()
        let isPlain = reader.isPlain && reader.position == bytes.count
        return RequestHead(
            method: methodText, target: target, version: versionText, byteCount: bytes.count,
            isPlain: isPlain || !isLayoutKnown, lines: reader.lines)
    }

    /// Another version may lay the head out otherwise; those from 0.9.77 on are stricter by themselves.
    // String: not from outside.
    private static let isLayoutKnown = unsafe String(cString: MHD_get_version()) == "0.9.75"

    private init(head: UnsafeRawBufferPointer) { unsafe self.head = unsafe head }

    fileprivate mutating func take(
        _ name: UnsafePointer<CChar>, _ nameCount: Int, _ value: UnsafePointer<CChar>, _ valueCount: Int
    ) {
        unsafe lines.append((text(name, nameCount), text(value, valueCount)))
        unsafe pass(name, nameCount)
        passNUL()
        while unsafe position < head.count, unsafe head[position] == 0x20 || head[position] == 0x09 {
            position += 1
        }
        unsafe pass(value, valueCount)
        passLineEnd()
    }

    /// Goes past a string, which must lie here.
    private mutating func pass(_ string: UnsafePointer<CChar>, _ count: Int) {
        let here = unsafe head.baseAddress.map { unsafe $0 + position }
        unsafe isPlain = isPlain && UnsafeRawPointer(string) == here
        position += count
    }

    private mutating func passNUL() {
        unsafe isPlain = isPlain && position < head.count && head[position] == 0
        position += 1
    }

    private mutating func passLineEnd() {
        passNUL()
        passNUL()
    }
}

/// Hands one header line to the reader that `reader` points to.
private func takeLine(
    reader: UnsafeMutableRawPointer?, kind: MHD_ValueKind, name: UnsafePointer<CChar>?, nameCount: Int,
    value: UnsafePointer<CChar>?, valueCount: Int
) -> MHD_Result {
    guard let name = unsafe name, let value = unsafe value else { return .NO }
    unsafe reader?.assumingMemoryBound(to: HeadReader.self).pointee.take(name, nameCount, value, valueCount)
    return .YES
}

private func text(_ bytes: UnsafePointer<CChar>, _ count: Int) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
}
