extension JSONValue {
    /// Reads one JSON text, strictly: RFC 8259's grammar and nothing else, UTF-8, no byte order mark, each name once in
    /// its object, no half surrogate pairs, arrays and objects at most `maximumDepth` deep.
    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 32) throws(JSONError) -> JSONValue {
        var reader = JSONReader()
        let value = try reader.value(bytes.span, depth: maximumDepth)
        reader.skipWhiteSpace(bytes.span)
        guard reader.index == bytes.count else { throw JSONError(.syntax, at: reader.index) }
        return value
    }
}

extension JSONObject {
    /// Reads a JSON text as ``JSONValue/parse(_:maximumDepth:)`` does. Throws `.kind` where it is no object.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        guard case .object(let object) = try JSONValue.parse(bytes) else { throw JSONError(.kind, at: 0) }
        self = object
    }
}

/// A place in a JSON text. The bytes come with each call, since a span cannot be stored.
private struct JSONReader {
    var index = 0

    mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// The value that begins here, after white space; `depth` more levels may be opened.
    mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        skipWhiteSpace(bytes)
        switch try peek(bytes) {
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "{"):
            guard depth > 0 else { throw JSONError(.depth, at: index) }
            return .object(try object(bytes, depth: depth - 1))
        case UInt8(ascii: "["):
            guard depth > 0 else { throw JSONError(.depth, at: index) }
            return .array(try array(bytes, depth: depth - 1))
        case UInt8(ascii: "t"):
            try word("true", bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false", bytes)
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null", bytes)
            return .null
        default: return .number(try number(bytes))
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        index += 1
        skipWhiteSpace(bytes)
        if try peek(bytes) == UInt8(ascii: "}") {
            index += 1
            return object
        }
        while true {
            skipWhiteSpace(bytes)
            let start = index
            guard try peek(bytes) == UInt8(ascii: "\"") else { throw JSONError(.syntax, at: index) }
            let name = try string(bytes)
            skipWhiteSpace(bytes)
            guard try peek(bytes) == UInt8(ascii: ":") else { throw JSONError(.syntax, at: index) }
            index += 1
            guard object.appendIfNew(name, try value(bytes, depth: depth)) else {
                throw JSONError(.duplicateName, at: start)
            }
            if try endsList(with: UInt8(ascii: "}"), bytes) { return object }
        }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        index += 1
        skipWhiteSpace(bytes)
        if try peek(bytes) == UInt8(ascii: "]") {
            index += 1
            return elements
        }
        while true {
            elements.append(try value(bytes, depth: depth))
            if try endsList(with: UInt8(ascii: "]"), bytes) { return elements }
        }
    }

    /// Steps over a comma or over the end of a list.
    private mutating func endsList(with end: UInt8, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        skipWhiteSpace(bytes)
        let byte = try peek(bytes)
        guard byte == end || byte == UInt8(ascii: ",") else { throw JSONError(.syntax, at: index) }
        index += 1
        return byte == end
    }

    private mutating func word(_ word: StaticString, _ bytes: Span<UInt8>) throws(JSONError) {
        for byte in word.description.utf8 {
            guard try peek(bytes) == byte else { throw JSONError(.syntax, at: index) }
            index += 1
        }
    }

    /// RFC 8259 §6.
    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = index
        if try peek(bytes) == UInt8(ascii: "-") { index += 1 }
        let leading = try peek(bytes)
        let digits = try skipDigits(bytes)
        guard digits == 1 || leading != UInt8(ascii: "0") else { throw JSONError(.syntax, at: start) }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            _ = try skipDigits(bytes)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let sign = try peek(bytes)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            _ = try skipDigits(bytes)
        }
        return JSONNumber(checked: try text(bytes, from: start, to: index))
    }

    /// Steps over one digit or more; how many.
    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(JSONError) -> Int {
        let start = index
        guard isDigit(try peek(bytes)) else { throw JSONError(.syntax, at: index) }
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        return index - start
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return try text(bytes, from: start, to: index - 1)
            case UInt8(ascii: "\\"): return try escapedString(bytes, from: start)
            case 0..<0x20: throw JSONError(.syntax, at: index)
            default: index += 1
            }
        }
        throw JSONError(.truncated, at: index)
    }

    /// The rest of a string in which an escape was met.
    private mutating func escapedString(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> String {
        var plain = start
        var text = ""
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                text += try self.text(bytes, from: plain, to: index)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                text += try self.text(bytes, from: plain, to: index)
                text.unicodeScalars.append(try escape(bytes))
                plain = index
            case 0..<0x20: throw JSONError(.syntax, at: index)
            default: index += 1
            }
        }
        throw JSONError(.truncated, at: index)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
        let start = index
        index += 1
        let kind = try peek(bytes)
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw JSONError(.syntax, at: start)
        }
        let first = try fourHexadecimalDigits(bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Half a pair: the other half has to follow at once.
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { throw JSONError(.surrogate, at: start) }
        index += 2
        let second = try fourHexadecimalDigits(bytes)
        // Where a second half comes first, the number is beyond Unicode.
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONError(.surrogate, at: start) }
        return scalar
    }

    private mutating func fourHexadecimalDigits(_ bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek(bytes)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(.syntax, at: index)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private func text(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(start..<end)))
        } catch {
            throw JSONError(.encoding, at: start)
        }
    }

    private func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard index < bytes.count else { throw JSONError(.truncated, at: index) }
        return bytes[index]
    }
}
