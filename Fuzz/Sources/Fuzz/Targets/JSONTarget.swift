import FoundationEssentials
import JOSE

/// ``JSONValue``: what is read writes itself, reads back the same, and is JSON to Foundation too.
struct JSONTarget: FuzzTarget {
    func run(_ input: [UInt8]) throws {
        guard let value = try? JSONValue.parse(input) else { return }
        let written = value.serialized()
        let again = try JSONValue.parse(written)
        try demand(again == value, "what was written reads back")
        try demand(again.serialized() == written, "there is one way to write a value")
        try check(value)
        _ = try JSONDecoder().decode(Anything.self, from: Data(input))
    }

    private func check(_ value: JSONValue) throws {
        switch value {
        case .number(let number):
            // RFC 8259 §6; Foundation looks at numbers only when they are asked for.
            try demand(isNumber(number.text), "\(number) is a number to the grammar")
            guard let integer = number.integer else { return }
            try demand(number.double == Double(integer), "\(number) is one number as integer and as Double")
        case .array(let elements): for element in elements { try check(element) }
        case .object(let object):
            for (name, value) in object.members {
                try demand(object[name] == value, "each member is found by its name")
                try check(value)
            }
        case .null, .bool, .string: break
        }
    }
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
private func isNumber(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    func skip(_ characters: String) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }
    func skipDigits() -> Bool {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return !digits.isEmpty
    }
    _ = skip("-")
    if !skip("0"), !skipDigits() { return false }
    if skip("."), !skipDigits() { return false }
    if skip("eE") {
        _ = skip("+-")
        if !skipDigits() { return false }
    }
    return rest.isEmpty
}

/// Any JSON.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {}
}
