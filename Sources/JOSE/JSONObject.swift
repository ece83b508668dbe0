import ByteText

/// A JSON object: members in order, each name once. Names are compared code point by code point (RFC 8259 §8.3).
public struct JSONObject: Sendable, Hashable {
    /// A member.
    struct Member: Sendable, Hashable {
        let name: Name
        var value: JSONValue
    }

    /// A name, equal to another only where it has the same code points.
    struct Name: Sendable, Hashable {
        let text: String
        /// The length and the first bytes, in which most names differ.
        private let mark: UInt64

        init(text: String) {
            self.text = text
            let bytes = text.utf8.span
            var mark = UInt64(truncatingIfNeeded: bytes.count)
            for index in 0..<min(bytes.count, 7) { mark = mark << 8 | UInt64(bytes[index]) }
            self.mark = mark
        }

        static func == (left: Name, right: Name) -> Bool {
            left.mark == right.mark && left.text.isExactly(right.text)
        }

        // By bytes, for String's own hash is the same for all canonically equivalent names: a way to make lookup slow.
        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private var storage: [Member]
    /// Where each name stands; only for objects too large for looking through them.
    private var positions: [Name: Int]?

    private static let indexedFrom = 16

    /// An object without members.
    public init() {
        storage = []
    }

    /// An object with the members given; a name that comes twice keeps the last value.
    public init(members: [(String, JSONValue)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }

    /// The members in order.
    public var members: [(name: String, value: JSONValue)] { storage.map { ($0.name.text, $0.value) } }

    /// How many members there are.
    public var count: Int { storage.count }

    /// Whether there is no member.
    public var isEmpty: Bool { storage.isEmpty }

    /// The value of a member; `nil` where there is none, and where it is `null`: many serializers write that for what they
    /// do not have. ``members`` has it all the same. Setting `nil` removes the member; a new one goes to the end.
    public subscript(_ name: String) -> JSONValue? {
        get {
            guard let position = position(of: Name(text: name)), !storage[position].value.isNull else { return nil }
            return storage[position].value
        }
        set {
            let name = Name(text: name)
            switch (position(of: name), newValue) {
            case (let position?, let value?): storage[position].value = value
            case (nil, let value?): append(name, value)
            case (let position?, nil):
                storage.remove(at: position)
                positions = nil
                if storage.count >= Self.indexedFrom { index() }
            case (nil, nil): break
            }
        }
    }

    /// Whether there is a member of that name, `null` or not.
    func has(_ name: String) -> Bool { position(of: Name(text: name)) != nil }

    /// Adds a member; `false` where the name is there already.
    mutating func appendIfNew(_ name: String, _ value: JSONValue) -> Bool {
        let name = Name(text: name)
        guard position(of: name) == nil else { return false }
        append(name, value)
        return true
    }

    private mutating func append(_ name: Name, _ value: JSONValue) {
        storage.append(Member(name: name, value: value))
        if positions != nil {
            positions?[name] = storage.count - 1
        } else if storage.count >= Self.indexedFrom {
            index()
        }
    }

    private mutating func index() {
        var positions: [Name: Int] = [:]
        positions.reserveCapacity(storage.count * 2)
        for (position, member) in storage.enumerated() { positions[member.name] = position }
        self.positions = positions
    }

    private func position(of name: Name) -> Int? {
        if let positions { return positions[name] }
        // By a span: a member taken out of the array to be looked at would be retained, with its value.
        let members = storage.span
        for index in members.indices where members[index].name == name { return index }
        return nil
    }

    /// Equal where the same members stand in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.storage == right.storage }

    /// Hashes the members.
    public func hash(into hasher: inout Hasher) { hasher.combine(storage) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object with the members given; a name that comes twice keeps the last value.
    public init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members: members) }
}
