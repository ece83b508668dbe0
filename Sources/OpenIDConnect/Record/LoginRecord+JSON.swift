import FoundationEssentials
package import JOSE

extension LoginRecord {
    /// The record as JSON, to be kept.
    package var json: JSONObject {
        let start = steps.first?.at ?? Date(timeIntervalSince1970: 0)
        var object: JSONObject = [
            "at": milliseconds(start.timeIntervalSince1970), "steps": .array(steps.map { $0.json(since: start) }),
        ]
        if omittedPartCount > 0 { object["omitted"] = .number(JSONNumber(Int64(omittedPartCount))) }
        if let clockDifference { object["clock"] = milliseconds(clockDifference) }
        return object
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    package init?(json: JSONObject) {
        guard let at = json["at"]?.integer, let steps = json["steps"]?.array else { return nil }
        let start = Date(timeIntervalSince1970: TimeInterval(at) / 1000)
        for step in steps {
            guard let object = step.object, let read = Step(json: object, since: start) else { return nil }
            self.steps.append(read)
        }
        omittedPartCount = json["omitted"]?.integer.flatMap { Int(exactly: $0) } ?? 0
        clockDifference = json["clock"]?.integer.map { TimeInterval($0) / 1000 }
    }
}

private func milliseconds(_ seconds: TimeInterval) -> JSONValue {
    .number(JSONNumber(wholeSeconds((seconds * 1000).rounded())))
}

extension LoginRecord.Step {
    fileprivate func json(since start: Date) -> JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "at": OpenIDConnect.milliseconds(at.timeIntervalSince(start)),
            "parts": .array(parts.map(\.json)),
        ]
        if let milliseconds { object["ms"] = .number(JSONNumber(Int64(milliseconds))) }
        return .object(object)
    }

    fileprivate init?(json: JSONObject, since start: Date) {
        guard let kind = json["kind"]?.string.flatMap({ Kind(exactly: $0) }), let at = json["at"]?.integer,
            let array = json["parts"]?.array
        else { return nil }
        var parts: [LoginRecord.Part] = []
        for value in array {
            guard let part = LoginRecord.Part(json: value) else { return nil }
            parts.append(part)
        }
        self.init(
            kind: kind, at: start.addingTimeInterval(TimeInterval(at) / 1000),
            milliseconds: json["ms"]?.integer.flatMap { Int(exactly: $0) }, parts: parts)
    }
}

extension LoginRecord.Part {
    /// `[role, name, value]`, with verdict and expectation where there are some: short, since there are many.
    fileprivate var json: JSONValue {
        var array: [JSONValue] = [.string(role.rawValue), .string(name), .string(value)]
        if let verdict {
            array.append(.string(verdict.rawValue))
            if let expected { array.append(.string(expected)) }
        }
        return .array(array)
    }

    fileprivate init?(json: JSONValue) {
        guard let array = json.array, (3...5).contains(array.count),
            let role = array[0].string.flatMap({ Role(exactly: $0) }), let name = array[1].string,
            let value = array[2].string
        else { return nil }
        var verdict: RuleOutcome.Verdict?
        if array.count > 3 {
            guard let read = array[3].string.flatMap({ RuleOutcome.Verdict(exactly: $0) }) else { return nil }
            verdict = read
        }
        self.init(role, name, value, expected: array.count > 4 ? array[4].string : nil, verdict: verdict)
    }

    /// At most so many bytes as JSON.
    var byteCount: Int {
        [role.rawValue, name, value, verdict?.rawValue ?? "", expected ?? ""].reduce(16) { count, text in
            // What needs a backslash counts twice; control characters are not in it.
            count + text.utf8.reduce(3) { $0 + ($1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 2 : 1) }
        }
    }
}
