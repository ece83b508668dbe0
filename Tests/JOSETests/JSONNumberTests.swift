import JOSE
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    private func number(_ text: String) throws -> JSONNumber {
        try #require(try JSONValue.parse(Array(text.utf8)).number)
    }

    @Test(
        "numbers are kept as they were written",
        arguments: [
            "0", "-0", "1", "-1", "10", "9007199254740993", "123456789012345678901234567890", "0.10", "1.0", "1E5",
            "1e+05",
            "1e-05", "-1.5e300", "1e999999999999999999999",
        ])
    func kept(_ text: String) throws {
        #expect(try number(text).text == text)
        #expect(try JSONValue.parse(Array(text.utf8)).text == text)
    }

    @Test(
        "what JSON's grammar has not is refused",
        arguments: [
            "01", "-01", "00", "+1", ".5", "-.5", "5.e1", "1.x", "1ex", "1e+x", "0x10", "1_000", "--1", "- 1", "1..2",
            "1.2.3",
            "1e5.5", "1e5e5", "²", "１", "1,0",
        ])
    func grammar(_ text: String) {
        #expect(throws: JSONError(.syntax, at: 0)) { try JSONValue.parse(Array(text.utf8)) }
    }

    @Test(
        "integers are exact, however they are written",
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("-0.000e7", 0), ("1", 1), ("-1", -1), ("1.0", 1), ("1e3", 1000),
            ("1.5e1", 15),
            ("1.50e+1", 15), ("1200e-2", 12), ("-12.5E1", -125), ("9007199254740993", 9_007_199_254_740_993),
            ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("922337203685477580.7e1", Int64.max), ("0e999999999999999999999", 0),
            ("0.0000000000000000000000000000001e31", 1), ("10000000000000000000000000000000e-31", 1),
        ] as [(String, Int64)])
    func integers(_ text: String, _ integer: Int64) throws {
        #expect(try number(text).integer == integer)
    }

    @Test(
        "a number that no Int64 holds exactly is no integer",
        arguments: [
            "1.5", "0.1", "1e-1", "15e-2", "9223372036854775808", "-9223372036854775809", "9223372036854775807.5",
            "1e19",
            "1e20", "123456789012345678901234567890", "1e1000000", "1e-1000000", "1e9999999", "1e9223372036854775807",
            "1e-9223372036854775808", "1e99999999999999999999999", "1e-99999999999999999999999",
            "-1e99999999999999999999999",
            "1.5e9223372036854775807", "0.1e-9223372036854775808",
        ])
    func noIntegers(_ text: String) throws {
        #expect(try number(text).integer == nil)
    }

    @Test("a number that needs no end of digits is no trouble")
    func long() throws {
        let digits = String(repeating: "9", count: 100_000)
        #expect(try number(digits).integer == nil)
        #expect(try number("0." + digits).integer == nil)
        #expect(try number("1" + String(repeating: "0", count: 100_000) + "e-100000").integer == 1)
        #expect(try number(digits).double == .infinity)
    }

    @Test("a Double is the nearest one")
    func doubles() throws {
        #expect(try number("1.5").double == 1.5)
        #expect(try number("-1e3").double == -1000)
        #expect(try number("1e400").double == .infinity)
        #expect(try number("1e-400").double == 0)
    }

    @Test("numbers are made of integers and of finite Doubles")
    func made() throws {
        #expect(JSONNumber(Int64.min).text == "-9223372036854775808")
        #expect(JSONNumber(1.5)?.text == "1.5")
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(-Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        for double in [0.1, 1e300, -1e-300, .leastNonzeroMagnitude, 1e16, .greatestFiniteMagnitude] {
            let text = try #require(JSONNumber(double)).text
            #expect(try number(text).double == double)
        }
    }
}
