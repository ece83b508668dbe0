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

/// Any JSON.
private struct Anything: Decodable {
    init(from decoder: any Decoder) throws {}
}
