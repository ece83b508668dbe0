import ByteText

/// The head of an answer, gathered from the lines that libcurl hands over: status line, fields, blank line, and the same
/// again after an interim answer (RFC 9110 §15.2). What libcurl lets pass and should not is refused here.
struct ReceivedHead {
    /// A head that contradicts itself or HTTP.
    struct Malformed: Error {
        let detail: String
    }

    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    /// The declared length of the body.
    private(set) var contentLength: Int?
    /// The blank line of the final answer was seen; libcurl calls an answer that ends before it a success.
    private(set) var isComplete = false

    private var hasTransferCoding = false
    private var isInHead = false

    /// Takes one line, its end included.
    mutating func append(line: some Collection<UInt8>) throws(Malformed) {
        // What follows the final head are the trailers of a chunked body: of no use here.
        if isComplete { return }
        let line = withoutLineEnd(Array(line))
        guard isInHead else {
            try begin(statusLine: line)
            return
        }
        guard !line.isEmpty else {
            isInHead = false
            isComplete = status >= 200
            return
        }
        try appendField(line)
    }

    /// RFC 9112 §4: `HTTP-version SP 3DIGIT [SP reason]`; 1xx begins an interim answer, of which nothing is kept.
    private mutating func begin(statusLine line: [UInt8]) throws(Malformed) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].starts(with: "HTTP/1.".utf8), parts[0].count == 8,
            parts[1].count == 3, parts[1].allSatisfy(isDigit),
            let status = Int(String(decoding: parts[1], as: UTF8.self)), (100...599).contains(status)
        else { throw Malformed(detail: "the status line is not one of HTTP/1.1") }
        guard status != 101 else { throw Malformed(detail: "the server switched protocols unasked") }
        self.status = status
        fields = []
        contentLength = nil
        hasTransferCoding = false
        isInHead = true
    }

    private mutating func appendField(_ line: [UInt8]) throws(Malformed) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy(isTokenByte)
        else { throw Malformed(detail: "a header line has no proper name") }
        let value = trimmed(line[(colon + 1)...])
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw Malformed(detail: "a header field holds a control character")
        }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let text = String(decoding: value, as: UTF8.self)
        try check(name: name.asciiLowercased, value: text)
        fields.append((name, text))
    }

    /// RFC 9112 §6: one length, and not beside a transfer coding. RFC 9110 §8.4: nothing was asked to be encoded.
    private mutating func check(name: String, value: String) throws(Malformed) {
        // String: a field's name is a token, so it is ASCII.
        switch name {
        case "content-length":
            guard contentLength == nil else { throw Malformed(detail: "more than one Content-Length") }
            guard !value.isEmpty, value.utf8.allSatisfy(isDigit), let length = Int(value) else {
                throw Malformed(detail: "a Content-Length that is no number")
            }
            contentLength = length
        case "transfer-encoding":
            guard !hasTransferCoding, value.asciiLowercased.isExactly("chunked") else {
                throw Malformed(detail: "a transfer coding other than chunked")
            }
            hasTransferCoding = true
        case "content-encoding":
            guard value.asciiLowercased.isExactly("identity") else {
                throw Malformed(detail: "the body is encoded, though no encoding was asked for")
            }
        default: return
        }
        if contentLength != nil, hasTransferCoding {
            throw Malformed(detail: "Content-Length beside Transfer-Encoding")
        }
    }
}

/// RFC 9110 §5.6.2 `tchar`.
func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: isDigit(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

private func withoutLineEnd(_ line: [UInt8]) -> [UInt8] {
    var line = line[...]
    if line.last == UInt8(ascii: "\n") { line = line.dropLast() }
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    return Array(line)
}

private func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == 0x09 }
    var value = value.drop(while: isBlank)
    while let last = value.last, isBlank(last) { value = value.dropLast() }
    return value
}
