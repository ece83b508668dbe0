import ByteText

/// Settings in a file: `KEY=VALUE` lines, blank lines, and comments behind `#`. A value may stand in single quotes, as it
/// is, or in double quotes, with `\n`, `\t`, `\"`, `\\` and `\$` for what they mean in a shell; `export` in front is let
/// through. Nothing is substituted.
enum EnvironmentFile {
    /// Reads the text of the file called `name`.
    ///
    /// Throws a problem for each line that is none of the above, and for a key that is set twice. A message never shows
    /// a value, because it may be a secret.
    static func parse(_ text: String, name: String) throws(ConfigurationError) -> [String: String] {
        var settings: [String: String] = [:]
        var problems: [SettingProblem] = []
        let body = text.utf8.rest(after: "\u{FEFF}") ?? text[...]
        // A carriage return before the line feed is white space at the line's end.
        let lines = body.utf8.split(at: "\n")
        for (index, line) in lines.enumerated() {
            let place = "\(name), line \(index + 1),"
            do {
                guard let (key, value) = try setting(trimmed(line)) else { continue }
                if settings.updateValue(value, forKey: key) != nil {
                    problems.append(
                        SettingProblem(.conflicting, place, "sets \(key) again", remedy: "Leave one of the two."))
                }
            } catch {
                problems.append(SettingProblem(.malformed, place, error.what, remedy: error.remedy))
            }
        }
        if problems.isEmpty { return settings }
        throw ConfigurationError(problems)
    }

    private struct LineProblem: Error {
        let what: String
        let remedy: String
    }

    private static func setting(_ line: String) throws(LineProblem) -> (String, String)? {
        if line.isEmpty || line.utf8.hasPrefix("#") { return nil }
        let (name, text) = line.utf8.cut(at: "=") ?? (line[...], "")
        var key = trimmed(name)
        if let exported = key.utf8.rest(after: "export ") { key = trimmed(exported) }
        guard name.endIndex != line.endIndex, isSettingName(key) else {
            throw LineProblem(
                what: "is no setting", remedy: "Write KEY=VALUE, or # in front of a comment.")
        }
        let value = trimmed(text)
        guard let quote = value.unicodeScalars.first, quote == "'" || quote == "\"" else {
            return (key, unquoted(value))
        }
        guard let inside = quotedValue(value.unicodeScalars.dropFirst(), quote: quote) else {
            throw LineProblem(
                what: "has quotes that do not fit together",
                remedy: "End the value of \(key) with the quote with which it begins, on the same line.")
        }
        return (key, inside)
    }

    private static func isSettingName(_ key: String) -> Bool {
        guard let first = key.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return key.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
    }

    /// Without the comment behind white space and `#`.
    private static func unquoted(_ value: String) -> String {
        var previous: Unicode.Scalar = " "
        for index in value.unicodeScalars.indices {
            let scalar = value.unicodeScalars[index]
            if scalar == "#", previous.properties.isWhitespace { return trimmed(value[..<index]) }
            previous = scalar
        }
        return value
    }

    /// What stands before the closing quote, if there is one and nothing but a comment follows it.
    private static func quotedValue(_ text: Substring.UnicodeScalarView, quote: Unicode.Scalar) -> String? {
        var value = String.UnicodeScalarView()
        var rest = text
        while let scalar = rest.popFirst() {
            if scalar == quote {
                let after = trimmed(Substring(rest))
                return after.isEmpty || after.utf8.hasPrefix("#") ? String(value) : nil
            }
            guard quote == "\"", scalar == "\\", let next = rest.popFirst() else {
                value.append(scalar)
                continue
            }
            switch next {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "\"", "\\", "$": value.append(next)
            default: value.append(contentsOf: ["\\", next])
            }
        }
        return nil
    }
}
