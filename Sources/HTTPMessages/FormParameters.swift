import ByteText

/// The parameters of a query or of a body of type `application/x-www-form-urlencoded` (URL Standard §5), in order.
public struct FormParameters: Sendable, Hashable {
    /// One parameter, decoded.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: String
    }

    /// The most parameters that are read.
    public static let maximumCount = 64
    /// The most bytes that are read, encoded.
    public static let maximumByteCount = 32 << 10

    /// The parameters in order.
    public private(set) var parameters: [Parameter] = []

    /// No parameters.
    public init() {}

    /// Reads an encoded text. Parts without `=` are parameters with an empty value, empty parts are left out.
    ///
    /// Throws ``FormError`` where there are more than ``maximumByteCount`` bytes or ``maximumCount`` parameters, and
    /// where the percent-encoding is broken or does not give UTF-8.
    public init(parsing text: some StringProtocol) throws(FormError) {
        guard text.utf8.count <= Self.maximumByteCount else { throw FormError(.tooLong) }
        // Bytes, not characters: an ampersand followed by a combining mark is no ampersand to String.
        for part in Substring(text).utf8.split(separator: UInt8(ascii: "&")) {
            guard parameters.count < Self.maximumCount else { throw FormError(.tooMany) }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = FormEncoding.decode(Substring(part[..<equals])),
                let value = FormEncoding.decode(Substring(part[equals...].dropFirst()))
            else { throw FormError(.encoding) }
            append(name, value)
        }
    }

    /// Reads an encoded body, as the other initialiser does.
    public init(parsing bytes: [UInt8]) throws(FormError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FormError(.encoding) }
        try self.init(parsing: text)
    }

    /// Adds a parameter at the end.
    public mutating func append(_ name: String, _ value: String) {
        parameters.append(Parameter(name: name, value: value))
    }

    /// The value of the parameter of this name; `nil` where there is none, and where there are several
    /// (RFC 6749 §3.1: parameters must not be included more than once).
    public subscript(_ name: String) -> String? {
        let all = values(named: name)
        return all.count == 1 ? all.first : nil
    }

    /// All values of the parameters of this name, in order.
    public func values(named name: String) -> [String] {
        parameters.lazy.filter { $0.name.isExactly(name) }.map(\.value)
    }

    /// The names that stand there more than once, in order, each once.
    public var duplicates: [String] {
        var counts: [ExactText: Int] = [:]
        return parameters.compactMap { parameter in
            let count = counts[ExactText(parameter.name), default: 0] + 1
            counts[ExactText(parameter.name)] = count
            return count == 2 ? parameter.name : nil
        }
    }

    /// The encoded text.
    public var encoded: String {
        parameters.lazy.map { "\(FormEncoding.encode($0.name))=\(FormEncoding.encode($0.value))" }
            .joined(separator: "&")
    }
}

extension FormParameters: ExpressibleByDictionaryLiteral {
    /// The parameters in the order of the literal; a name may stand there several times.
    public init(dictionaryLiteral parameters: (String, String)...) {
        for (name, value) in parameters { append(name, value) }
    }
}

extension HTTPRequest {
    /// The parameters of the query; none where there is no query.
    ///
    /// Throws ``FormError`` where they cannot be read.
    public var queryParameters: FormParameters {
        get throws(FormError) { try FormParameters(parsing: query ?? "") }
    }

    /// The parameters of the body.
    ///
    /// Throws ``FormError`` where they cannot be read or the media type is not `application/x-www-form-urlencoded`.
    public var formParameters: FormParameters {
        get throws(FormError) {
            let type = fields[.contentType]?.utf8.prefix(before: ";", " ", "\t").asciiLowercased
            guard type.isExactly("application/x-www-form-urlencoded") else { throw FormError(.mediaType) }
            return try FormParameters(parsing: body)
        }
    }
}

/// Why parameters cannot be read.
public struct FormError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Code: String, Sendable, Hashable {
        /// More than ``FormParameters/maximumByteCount`` bytes.
        case tooLong
        /// More than ``FormParameters/maximumCount`` parameters.
        case tooMany
        /// The percent-encoding is broken, or the bytes are not UTF-8.
        case encoding
        /// The body is of another media type.
        case mediaType
    }

    /// Which rule was broken.
    public let code: Code

    /// An error of this code.
    public init(_ code: Code) { self.code = code }

    /// The rule that was broken and what to do.
    public var description: String {
        switch code {
        case .tooLong: "the parameters have more than \(FormParameters.maximumByteCount) bytes: send less"
        case .tooMany: "there are more than \(FormParameters.maximumCount) parameters: send fewer"
        case .encoding: "the parameters are not percent-encoded UTF-8: encode each name and value"
        case .mediaType: "the body is no form: send it as application/x-www-form-urlencoded"
        }
    }
}
