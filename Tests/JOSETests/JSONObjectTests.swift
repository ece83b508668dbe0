import JOSE
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("a member is found, set, replaced and removed in its place")
    func members() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        #expect(object["b"] == 2)
        #expect(object["d"] == nil)
        object["b"] = "two"
        object["d"] = nil
        object["e"] = .null
        #expect(object.text == #"{"a":1,"b":"two","c":3,"e":null}"#)
        object["a"] = nil
        #expect(object.text == #"{"b":"two","c":3,"e":null}"#)
        #expect(object.count == 3)
        #expect(object["a"] == nil)
    }

    @Test("a member that is null reads as absent, and stands among the members all the same")
    func null() throws {
        var object = try JSONObject(parsing: Array(#"{"a":null,"b":{"c":null}}"#.utf8))
        #expect(object["a"] == nil && object["b"]?.object?["c"] == nil)
        #expect(object.members.map(\.name) == ["a", "b"] && object.count == 2)
        object["a"] = 1
        #expect(object.text == #"{"a":1,"b":{"c":null}}"#)
    }

    @Test("of a name that is given twice the last value stays")
    func duplicatesInCode() {
        let object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(object.text == #"{"a":3,"b":2}"#)
    }

    @Test("a large object behaves as a small one")
    func large() {
        var object = JSONObject()
        for number in Int64(0)..<100 { object["n\(number)"] = .number(JSONNumber(number)) }
        for number in stride(from: Int64(0), to: 100, by: 2) { object["n\(number)"] = nil }
        object["n1"] = "one"
        object["n0"] = "again"
        #expect(object.count == 51)
        #expect(object["n0"] == "again")
        #expect(object["n1"] == "one")
        #expect(object["n2"] == nil)
        for number in stride(from: Int64(3), to: 100, by: 2) { #expect(object["n\(number)"]?.integer == number) }
        #expect(object.members.first?.name == "n1")
        #expect(object.members.last?.name == "n0")
        for number in stride(from: Int64(5), to: 100, by: 2) { object["n\(number)"] = nil }
        #expect(object.members.map(\.name) == ["n1", "n3", "n0"])
        for name in ["n1", "n3", "n0"] { #expect(object[name] != nil) }
        #expect(object["n5"] == nil)
    }

    @Test("ten thousand members, and names that Unicode takes for the same, cost no quadratic time")
    func manyMembers() throws {
        let clock = ContinuousClock()
        // Kelvin signs and Ks in every order: one hash for all, were it String's.
        let names = (0..<10_000).map { number in
            (0..<14).map { number >> $0 & 1 == 0 ? "K" : "\u{212A}" }.joined()
        }
        let text = "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        var count = 0
        let time = try clock.measure { count = try JSONObject(parsing: Array(text.utf8)).count }
        #expect(count == 10_000)
        // A tenth of a second on a slow machine in a debug build; a hundred times that were it quadratic.
        #expect(time < .seconds(5))
    }

    @Test("two objects are equal when the same members stand in the same order")
    func equality() {
        #expect(["a": 1, "b": [2]] as JSONObject == ["a": 1, "b": [2]])
        #expect(["a": 1, "b": 2] as JSONObject != ["b": 2, "a": 1])
        #expect(["a": 1] as JSONObject != ["a": 2])
        #expect(Set<JSONValue>([1, 1, "1", ["a": 1], ["a": 1], [1], nil, true]).count == 6)
    }

    @Test("what is written is read again")
    func written() throws {
        let value: JSONValue = [
            "text":
                "quote \" backslash \\ slash / tab \t newline \n nul \0 delete \u{7F} umlaut ä smile 🙂 line \u{2028}",
            "": [1, -2, nil, true, false, [:], []], "n": .number(JSONNumber(Int64.max)),
        ]
        #expect(try JSONValue.parse(value.serialized()) == value)
        #expect(JSONValue.string("\u{1}\u{1F}\n\"\\/").text == #""\u0001\u001f\u000a\"\\/""#)
        #expect(JSONValue.object(["a": [1, "x"]]).text == #"{"a":[1,"x"]}"#)
    }

    @Test("a value gives what it is and nothing else")
    func accessors() {
        #expect(JSONValue.string("a").string == "a")
        #expect(JSONValue.string("1").integer == nil)
        #expect((1 as JSONValue).string == nil)
        #expect((1 as JSONValue).integer == 1)
        #expect((1 as JSONValue).bool == nil)
        #expect((true as JSONValue).bool == true)
        #expect((true as JSONValue).integer == nil)
        #expect(([1] as JSONValue).array == [1])
        #expect(([1] as JSONValue).object == nil)
        #expect((["a": 1] as JSONValue).object == ["a": 1])
        #expect((["a": 1] as JSONValue).array == nil)
        #expect(!(["a": 1] as JSONValue).isNull)
    }
}
