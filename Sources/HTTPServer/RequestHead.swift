import ByteText
import CMicroHTTPD
import HTTPMessages

/// What libmicrohttpd has read of a request's head, before it is judged.
struct RequestHead {
    var method: String
    var target: String
    /// `HTTP/1.0` or `HTTP/1.1`.
    var version: String
    var byteCount: Int
    /// Whether its lines follow each other as they should, with nothing that the library passed over.
    var isPlain: Bool
    /// Names and values as they came.
    var lines: [(name: String, value: String)]

    /// The request without its body. Throws the first reason to refuse it: libmicrohttpd lets through what two readers
    /// can understand differently (RFC 9112 §11), and that is refused here, before `100 Continue` asks for the body.
    func request(
        within limits: HTTPServerConfiguration, peerAddress: String
    ) throws(Refusal) -> HTTPRequest {
        guard target.utf8.count <= limits.targetBytes else { throw .targetTooLong }
        guard byteCount <= limits.headBytes, lines.count <= limits.fieldCount else { throw .headTooLarge }
        guard isPlain else { throw .head }
        guard let method = HTTPMethod(rawValue: method) else { throw .method }
        let fields = try checkedFields()
        guard let request = HTTPRequest(method: method, target: target, fields: fields, peerAddress: peerAddress) else {
            throw .target
        }
        try checkHost(fields)
        try checkLength(fields, limit: limits.bodyBytes)
        return request
    }

    /// RFC 9110 §5.1 and §5.5: names are tokens, values hold no control characters other than tab and end before white
    /// space. A coding keeps it: the library would not take it for `chunked`.
    private func checkedFields() throws(Refusal) -> HTTPFields {
        var fields = HTTPFields()
        for line in lines {
            guard let name = HTTPFields.Name(line.name) else { throw .fieldName }
            guard isFieldValue(line.value) else { throw .fieldValue }
            fields.append(name, checked: name == .transferEncoding ? line.value : withoutTrailingSpace(line.value))
        }
        return fields
    }

    /// RFC 9112 §3.2: one valid `Host`, without which only HTTP/1.0 may come.
    private func checkHost(_ fields: HTTPFields) throws(Refusal) {
        let hosts = fields.values(.host)
        if hosts.isEmpty, version.isExactly("HTTP/1.0") { return }
        guard hosts.count == 1, let host = hosts.first, !host.isEmpty, host.utf8.allSatisfy(isHostByte) else {
            throw .host
        }
    }

    /// RFC 9112 §6.1 to §6.3: one clear length, within the limit.
    private func checkLength(_ fields: HTTPFields, limit: Int) throws(Refusal) {
        let lengths = fields.values(.contentLength)
        let codings = fields.values(.transferEncoding)
        if !codings.isEmpty {
            guard lengths.isEmpty else { throw .lengthWithCoding }
            guard !version.isExactly("HTTP/1.0") else { throw .codingInOldVersion }
            guard codings.count == 1, codings[0].asciiLowercased.isExactly("chunked") else { throw .coding }
        } else if let text = lengths.first {
            guard lengths.count == 1, !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                throw .length
            }
            guard let length = Int(text), length <= limit else { throw .bodyTooLarge }
        }
    }
}

private func withoutTrailingSpace(_ value: String) -> String {
    if let last = value.utf8.last, last != 0x20, last != 0x09 { return value }
    guard let last = value.utf8.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return "" }
    return String(value[...last])
}

/// Letters, digits, `-._` for names, `:` for a port, `[]` and `%` for IPv6 addresses (RFC 3986 §3.2.2).
private func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "%"):
        true
    default: false
    }
}
