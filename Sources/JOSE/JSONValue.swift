import ByteText

/// A JSON value (RFC 8259), with numbers kept as they were written.
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number.
    case number(JSONNumber)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// The text, if the value is a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, if the value is one.
    public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }

    /// The number, if the value is one that `Int64` holds exactly.
    public var integer: Int64? { number?.integer }

    /// The truth value, if the value is one.
    public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    /// The elements, if the value is an array.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members, if the value is an object.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// Whether the value is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// Strings are compared code point by code point (RFC 8259 §8.3), not as Swift does, for which a Kelvin sign is a K.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes the value.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let bool): hasher.combine(bool)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(JSONObject.Name(text: text))
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral text: String) { self = .string(text) }

    /// A number.
    public init(integerLiteral integer: Int64) { self = .number(JSONNumber(integer)) }

    /// A truth value.
    public init(booleanLiteral bool: Bool) { self = .bool(bool) }

    /// `null`
    public init(nilLiteral: ()) { self = .null }

    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// An object; a name that comes twice keeps the last value.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(JSONObject(members: members))
    }
}

extension RawRepresentable<String> {
    /// The value with exactly this raw value, which is ASCII: unlike `init(rawValue:)`, which takes a Kelvin sign for a K, and
    /// its time for foreign texts of many combining marks.
    package init?(exactly text: String) {
        guard text.utf8.allSatisfy({ $0 < 0x80 }), let value = Self(rawValue: text), value.rawValue.isExactly(text)
        else { return nil }
        self = value
    }
}
