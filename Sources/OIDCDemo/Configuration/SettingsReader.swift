import ByteText
import OpenIDConnect

/// Reads settings one by one and gathers what is wrong with them, so that all problems are told at once.
struct SettingsReader {
    /// The settings by name; one without a visible character counts as absent.
    private(set) var values: [String: String]
    /// What stands in front of each name: `GOOGLE_`, or nothing.
    var prefix = ""
    /// What was wrong so far.
    private(set) var problems: [SettingProblem] = []
    /// What should be looked at, and works all the same.
    private(set) var warnings: [SettingProblem] = []

    init(_ values: [String: String]) { self.values = values }

    /// The setting's name in full.
    func name(_ setting: Setting) -> String { prefix + setting.rawValue }

    /// The setting's text without white space around it; `nil` where it is absent or empty.
    func text(_ setting: Setting) -> String? { text(named: name(setting)) }

    /// The same for a name that is no setting of ours.
    func text(named name: String) -> String? {
        guard let value = values[name] else { return nil }
        let text = trimmed(value)
        return text.isEmpty ? nil : text
    }

    /// Notes a problem with a setting.
    mutating func report(_ code: SettingProblem.Code, _ setting: Setting, _ what: String, remedy: String) {
        problems.append(SettingProblem(code, name(setting), what, remedy: remedy))
    }

    /// Takes a secret from the file that another setting names, as service managers and containers hand secrets over:
    /// from here on it is as if it were set. Without white space around it.
    mutating func take(_ secret: Setting, fromFileOf setting: Setting) {
        guard let path = text(setting) else { return }
        guard text(secret) == nil else {
            report(.conflicting, setting, "is set, and so is \(name(secret))", remedy: "Unset one of the two.")
            return
        }
        let file = readSecretFile(path, limit: 64 << 10, for: name(setting))
        if let refusal = file.refusal { return problems.append(refusal) }
        if let warning = file.warning { warnings.append(warning) }
        guard let bytes = file.content, let content = String(validating: bytes, as: UTF8.self),
            !trimmed(content).isEmpty
        else {
            report(
                .unusable, setting, "names \(quoted(path)), which holds no secret that the app can read",
                remedy: "Name a file of at most 64 KiB with the secret alone, which the app's user may read.")
            return
        }
        values[name(secret)] = content
    }

    /// Notes what is wrong with who can read or change a file of secrets that somebody else reads; false where it must not
    /// serve.
    mutating func mayServe(_ path: String, for setting: Setting) -> Bool {
        let access = FileAccess(path: path)
        guard let problem = SettingProblem(name(setting), path, access, for: .secret) else { return true }
        if case .refused = access?.verdict(for: .secret) {
            problems.append(problem)
            return false
        }
        warnings.append(problem)
        return true
    }

    /// Reads a setting that is `on` or `off`; absent, it is off.
    mutating func isOn(_ setting: Setting) -> Bool {
        optional(setting, hasToBe: "on or off", example: "off") { ["on": true, "off": false][$0.asciiLowercased] }
            ?? false
    }

    /// Reads a setting that may be absent. A text that `read` does not understand is a problem: it `has to be` something
    /// else, such as the `example`.
    mutating func optional<Value>(
        _ setting: Setting, hasToBe rule: String, example: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let text = text(setting) else { return nil }
        if let value = read(text) { return value }
        let shown = setting.isSecret ? "has a value that does not fit" : "is \(quoted(text))"
        report(
            .malformed, setting, "\(shown), but has to be \(rule)",
            remedy: "For example: \(name(setting))=\(example)")
        return nil
    }

    /// Reads a setting that has to be there.
    mutating func required<Value>(
        _ setting: Setting, hasToBe rule: String, example: String, remedy: String, _ read: (String) -> Value?
    ) -> Value? {
        if text(setting) == nil { report(.missing, setting, "is not set", remedy: remedy) }
        return optional(setting, hasToBe: rule, example: example, read)
    }
}

/// The text without white space and line ends at both ends.
func trimmed(_ text: some StringProtocol) -> String {
    let text = String(text)
    // White space is either below these or beyond ASCII.
    let isPlain = { (byte: UInt8?) in byte.map { $0 > 0x20 && $0 < 0x7F } ?? false }
    if isPlain(text.utf8.first), isPlain(text.utf8.last) { return text }
    var scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    while scalars.last?.properties.isWhitespace ?? false { scalars = scalars.dropLast() }
    return String(scalars)
}

/// A value from outside as a message may show it: in quotes, cut, without control characters.
func quoted(_ text: some StringProtocol) -> String { "“\(excerpt(String(text)))”" }
