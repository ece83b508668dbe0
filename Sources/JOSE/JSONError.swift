/// Why bytes are not the JSON that this library reads, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Code: String, Sendable, Hashable {
        /// The grammar of RFC 8259 is broken: a trailing comma, a byte order mark, text after the value, …
        case syntax
        /// The bytes end inside a value.
        case truncated
        /// A string is not UTF-8 (RFC 8259 §8.1).
        case encoding
        /// An escape stands for half a surrogate pair (RFC 8259 §8.2).
        case surrogate
        /// A name comes twice in one object (RFC 7515 §4, RFC 8725 §2.4).
        case duplicateName
        /// Arrays and objects are nested more deeply than allowed.
        case depth
        /// The value is none of the kind that is needed, an object where an array stands, say.
        case kind
    }

    /// The kind; two errors are equal when it is the same.
    public let code: Code
    /// The byte at which it was seen, from 0.
    public let offset: Int

    /// Makes an error.
    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// The kind and the place.
    public var description: String {
        let what =
            switch code {
            case .syntax: "no JSON"
            case .truncated: "the JSON text ends too early"
            case .encoding: "a JSON string is not UTF-8"
            case .surrogate: "a JSON string holds half a surrogate pair"
            case .duplicateName: "a JSON object has a name twice"
            case .depth: "the JSON text is nested too deeply"
            case .kind: "another kind of JSON value is needed"
            }
        return "\(what), at byte \(offset)"
    }

    /// What to do about it.
    public var remedy: String { "The sender has to send valid JSON (RFC 8259) with each name once in an object." }

    /// Equal by code, so that tests match simply.
    public static func == (left: JSONError, right: JSONError) -> Bool { left.code == right.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
